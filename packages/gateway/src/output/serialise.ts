import { type JsonSchema, schemas } from '@souk/contract/schemas'
import fastJson, { type Schema } from 'fast-json-stringify'
import { type Node, resolved } from '../input/schema.ts'

const compiled = new Map<string, (message: unknown) => string>()

/** JSON of an answer message: exactly the fields of its schema, zero values included. Compiled at its first use. */
export const serialiserOf = (message: string): ((answer: unknown) => string) => {
  const known = compiled.get(message)
  if (known) return known
  const schema = schemas[`${message}.output`]
  if (!schema) throw new Error(`The contract has no schema ${message}.output`)
  const stringify: (answer: unknown) => string = fastJson(asSchema(schema), { schema: referred(schema) })
  compiled.set(message, stringify)
  return stringify
}

/** The contract's schemas are draft-07; only their type here is looser. */
const asSchema = (schema: JsonSchema): Schema => schema as unknown as Schema

/** The schemas that one needs, itself not included. */
const referred = (root: JsonSchema): Record<string, Schema> => {
  const found = new Map<string, JsonSchema>()
  const visit = (node: Node | boolean | undefined): void => {
    if (!node || typeof node === 'boolean') return
    if (node.$ref) reach(resolved(node) as JsonSchema | undefined)
    for (const inner of Object.values(node.properties ?? {})) visit(inner)
    visit(node.items)
    visit(node.additionalProperties)
  }
  const reach = (schema: JsonSchema | undefined): void => {
    if (!schema || found.has(schema.$id)) return
    found.set(schema.$id, schema)
    visit(schema as Node)
  }
  visit(root as Node)
  found.delete(root.$id)
  return Object.fromEntries([...found].map(([id, schema]) => [id, asSchema(schema)]))
}
