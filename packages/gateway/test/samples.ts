import type { MethodEntry } from '@souk/contract/methods'
import { type Node, schemaOf } from '../src/input/schema.ts'

/** An answer with every promised field, as small as its schema lets it be. */
export const sampleAnswer = (entry: MethodEntry): unknown => {
  if (entry.response === 'common.RawAnswer')
    return { contentType: 'text/plain', body: Buffer.from('raw'), headers: {}, status: 0 }
  return sampleOf(schemaOf(`${entry.response}.output`))
}

/** A valid request body or query for a method, without what the path already says. */
export const sampleMessage = (entry: MethodEntry, kind: 'input' | 'query'): Record<string, unknown> => {
  const schema = schemaOf(`${entry.request}.${kind}`) as
    | (Node & { required?: string[]; oneOf?: Node[]; anyOf?: Node[] })
    | undefined
  const one = (schema?.oneOf ?? schema?.anyOf) as { required?: string[] }[] | undefined
  const names = new Set([...(schema?.required ?? []), ...(one?.[0]?.required ?? [])])
  return Object.fromEntries([...names].map((name) => [name, sampleOf(schema?.properties?.[name])]))
}

type Rules = Node & {
  required?: string[]
  enum?: unknown[]
  pattern?: string
  format?: string
  minLength?: number
  minItems?: number
  minimum?: number
  maximum?: number
}

const samples = [
  'a',
  'abc',
  'a@b.cn',
  '+8613800000000',
  'CNY',
  'CN',
  'sandbox',
  '0190b0a0-0000-7000-8000-000000000000',
  'https://a.cn/',
  'a.webp',
]

const sampleOf = (node: Node | undefined): unknown => {
  const rules = (node ?? {}) as Rules
  if (rules.$ref) return sampleOf(schemaOf(rules.$ref.slice(0, -1)))
  if (rules.enum) return rules.enum[0]
  if (rules.type === 'object')
    return Object.fromEntries((rules.required ?? []).map((name) => [name, sampleOf(rules.properties?.[name])]))
  if (rules.type === 'array') return Array.from({ length: rules.minItems ?? 0 }, () => sampleOf(rules.items))
  if (rules.type === 'integer' || rules.type === 'number')
    return Math.max(rules.minimum ?? 0, Math.min(0, rules.maximum ?? 0))
  if (rules.type === 'boolean') return false
  if (rules.format === 'date-time') return '2026-01-01T00:00:00Z'
  const fits = (text: string) => new RegExp(rules.pattern ?? '').test(text) && text.length >= (rules.minLength ?? 0)
  return samples.find(fits) ?? 'a'.repeat(rules.minLength ?? 1)
}

/** `/v1/orders/{id}` with values in place of names. */
export const filledPath = (path: string): string => path.replace(/\{name\}/g, 'a.webp').replace(/\{[^}]+\}/g, 'some-id')
