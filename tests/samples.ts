import { type MethodEntry, methods } from '@souk/contract/methods'
import { schemas } from '@souk/contract/schemas'

type Node = {
  $ref?: string
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  properties?: Record<string, Node>
  additionalProperties?: boolean | Node
  required?: string[]
  oneOf?: { required: string[] }[]
  items?: Node
  enum?: string[]
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minItems?: number
  minimum?: number
  nullable?: boolean
}

/** A place in a message and the schema of what stands there; map keys and list places included. */
export type Leaf = { path: (string | number)[]; node: Node; value: unknown }

const resolved = (node: Node): Node => (node.$ref ? (schemas[node.$ref.slice(0, -1)] as Node) : node)

export const inputSchema = (entry: MethodEntry, kind: 'input' | 'query' = 'input'): Node | undefined =>
  schemas[`${entry.request}.${kind}`] as Node | undefined

const id = '0190b0a0-0000-7000-8000-000000000000'
const words = ['abc', 'a@example.com', '+8613800138000', 'CNY', 'CN', 'sandbox', id, 'a.webp']

const sampleText = ({ enum: options, pattern, format, minLength = 0 }: Node): string => {
  if (options) return options[0]!
  if (format === 'date-time') return '2099-01-01T00:00:00Z'
  const fits = new RegExp(pattern ?? '', 'u')
  const word = words.find((text) => text.length >= minLength && fits.test(text))
  return word ?? 'long enough to be taken'.padEnd(minLength, '.')
}

const sampleOf = (given: Node): unknown => {
  const node = resolved(given)
  if (node.type === 'array') return [sampleOf(node.items!)]
  if (node.type === 'string') return sampleText(node)
  if (node.type === 'boolean') return false
  if (node.type === 'integer' || node.type === 'number') return Math.max(node.minimum ?? 1, 1)
  if (typeof node.additionalProperties === 'object') return { key: sampleOf(node.additionalProperties) }
  return Object.fromEntries(Object.entries(node.properties ?? {}).map(([name, inner]) => [name, sampleOf(inner)]))
}

const inPath = ({ http }: MethodEntry): Set<string> =>
  new Set([...(http?.path.matchAll(/\{([^}]+)\}/g) ?? [])].map(([, name]) => name!))

/** Whatever it holds is refused as card data before anything else is judged. */
const cardFields = ['creditCard']

/**
 * A body with every field that the contract knows, each valid; of alternatives the first. Path parameters and card
 * fields are left out.
 */
export const sampleBody = (entry: MethodEntry): Record<string, unknown> => {
  const schema = inputSchema(entry)
  const others = new Set(schema?.oneOf?.slice(1).flatMap(({ required }) => required))
  const taken = new Set([...inPath(entry), ...cardFields])
  return Object.fromEntries(
    Object.entries(schema?.properties ?? {})
      .filter(([name]) => !others.has(name) && !taken.has(name))
      .map(([name, node]) => [name, sampleOf(node)]),
  )
}

/** Everything in a body, the containers before what they hold; the body itself is not among it. */
export const leavesOf = (entry: MethodEntry, body: Record<string, unknown>): Leaf[] => {
  const walk = (given: Node, value: unknown, path: Leaf['path']): Leaf[] => {
    const node = resolved(given)
    const here = path.length > 0 ? [{ path, node: { ...node, nullable: given.nullable }, value }] : []
    if (Array.isArray(value))
      return [...here, ...value.flatMap((item, place) => walk(node.items!, item, [...path, place]))]
    if (value === null || typeof value !== 'object') return here
    return [
      ...here,
      ...Object.entries(value).flatMap(([name, inner]) =>
        walk(node.properties?.[name] ?? (node.additionalProperties as Node), inner, [...path, name]),
      ),
    ]
  }
  return walk(inputSchema(entry) ?? {}, body, [])
}

/** The body with another value at one place. */
export const replaced = (body: unknown, [first, ...rest]: Leaf['path'], value: unknown): unknown => {
  if (first === undefined) return value
  if (Array.isArray(body)) return body.map((item, place) => (place === first ? replaced(item, rest, value) : item))
  const fields = body as Record<string, unknown>
  return { ...fields, [first]: replaced(fields[first], rest, value) }
}

/** `lines[0].quantity`, as violations spell it. */
export const spelled = (path: Leaf['path']): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    '',
  )

/** `/v1/orders/{id}` with ids that belong to nothing. */
export const filledPath = (path: string): string =>
  path
    .replace('{name}', 'a.webp')
    .replace('{channel}', 'sandbox')
    .replaceAll(/\{[^}]+\}/g, id)

export type Route = { entry: MethodEntry; verb: string; path: string; alias: boolean }

/** Every address of the contract, aliases included. */
export const routes: readonly Route[] = methods.flatMap((entry) =>
  entry.http
    ? [
        { entry, verb: entry.http.verb, path: entry.http.path, alias: false },
        ...entry.aliases.map(({ verb, path }) => ({ entry, verb, path, alias: true })),
      ]
    : [],
)
