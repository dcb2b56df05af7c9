import type { Locale } from '@souk/platform'
import { type Node, resolved } from './schema.ts'
import { refused, violation } from './violations.ts'

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/**
 * Field names of the flat routes: snake_case becomes lowerCamelCase wherever the schema knows such a field. Keys of maps
 * belong to the caller and stay as they are.
 */
export const fromSnakeCase = (value: unknown, schema: Node | undefined, locale: Locale): unknown => {
  const node = resolved(schema)
  if (Array.isArray(value)) return value.map((item) => fromSnakeCase(item, node?.items, locale))
  if (value === null || typeof value !== 'object' || !node?.properties) return value
  const { properties } = node
  const renamed: Record<string, unknown> = {}
  for (const [given, inner] of Object.entries(value)) {
    const name = !Object.hasOwn(properties, given) && Object.hasOwn(properties, camel(given)) ? camel(given) : given
    if (Object.hasOwn(renamed, name)) throw refused(violation(locale, name, 'twice'))
    renamed[name] = fromSnakeCase(inner, Object.hasOwn(properties, name) ? properties[name] : undefined, locale)
  }
  return renamed
}
