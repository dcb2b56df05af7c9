import type { Node } from './schema.ts'

const integer = /^-?(0|[1-9]\d{0,15})$/
const decimal = /^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/

/**
 * A query string knows only text: it becomes what the schema asks for when it is written exactly so. Everything else
 * stays text and is refused by the schema.
 */
export const fromText = (value: unknown, node: Node | undefined): unknown => {
  if (node?.type === 'array') return (Array.isArray(value) ? value : [value]).map((item) => fromText(item, node.items))
  if (typeof value !== 'string') return value
  if (node?.type === 'integer' && integer.test(value)) return Number(value)
  if (node?.type === 'number' && decimal.test(value)) return Number(value)
  if (node?.type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
