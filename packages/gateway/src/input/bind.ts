import type { MethodEntry } from '@souk/contract/methods'
import type { Locale } from '@souk/platform'
import { fromText } from './coerce.ts'
import { fromSnakeCase } from './names.ts'
import { type Node, schemaOf, validatorOf } from './schema.ts'
import { refused, violation, violationsOf } from './violations.ts'

export type Parts = {
  /** Path parameters. */
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, unknown>>
  body: Readonly<Record<string, unknown>>
}

/** A route of the contract: the method's own, or a flat one outside `/v1`, where snake_case names are accepted too. */
export type Route = {
  entry: MethodEntry
  verb: string
  path: string
  alias: boolean
  flat: boolean
  takesBody: boolean
}

/** Path, query and body as one valid message in JSON form. */
export type Bind = (parts: Parts, locale: Locale) => Record<string, unknown>

type Message = Record<string, unknown>

const inputId = ({ entry, takesBody }: Route): string => `${entry.request}.${takesBody ? 'input' : 'query'}`

/** Spells the parts as the contract does; only the flat routes leave a choice. */
export const createSpelling = (route: Route): ((parts: Parts, locale: Locale) => Parts) => {
  if (!route.flat) return (parts) => parts
  const schema = schemaOf(inputId(route))
  return ({ params, query, body }, locale) => ({
    params,
    query: fromSnakeCase(query, schema, locale) as Message,
    body: fromSnakeCase(body, schema, locale) as Message,
  })
}

export const createBind = (route: Route): Bind => {
  const { entry, takesBody } = route
  const id = inputId(route)
  const schema = schemaOf(id)
  if (!schema) throw new Error(`The contract has no schema ${id}`)
  return ({ params, query, body }, locale) => {
    const message: Message = { ...params }
    if (takesBody) refuseQuery(query, locale)
    else merge(message, coerced(query, schema), locale)
    merge(message, body, locale)
    const isValid = validatorOf(id)
    if (!isValid(message)) throw refused(...violationsOf(isValid.errors ?? [], locale))
    return entry.clearable.length > 0 ? cleared(message, entry.clearable) : message
  }
}

/** Where a body speaks, the query has no say; ignoring it would hide mistakes. */
const refuseQuery = (query: Message, locale: Locale): void => {
  const names = Object.keys(query)
  if (names.length > 0) throw refused(...names.map((name) => violation(locale, name, 'unknown')))
}

const coerced = (query: Message, schema: Node): Message =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      fromText(value, Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined),
    ]),
  )

/** What is said before stands: a body that names another object than the address does is refused, not believed. */
const merge = (message: Message, more: Message, locale: Locale): void => {
  for (const [name, value] of Object.entries(more)) {
    if (Object.hasOwn(message, name) && message[name] !== value) throw refused(violation(locale, name, 'differs'))
    message[name] = value
  }
}

/** PATCH: null means "take it away", which messages say by naming the field in `clear`. */
const cleared = (message: Message, clearable: readonly string[]): Message => {
  const clear = clearable.filter((name) => message[name] === null)
  if (clear.length === 0) return message
  const rest = Object.fromEntries(Object.entries(message).filter(([name]) => !clear.includes(name)))
  return { ...rest, clear }
}
