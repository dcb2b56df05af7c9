import { type JsonSchema, schemas } from '@souk/contract/schemas'
import fastJson, { type Schema } from 'fast-json-stringify'
import { type Node, resolved } from '../input/schema.ts'

type Stringify = (message: unknown) => string

/** Once per message, at its first use: compiling all of them would cost every start. */
const onFirstUse = (compile: (message: string) => Stringify): ((message: string) => Stringify) => {
  const compiled = new Map<string, Stringify>()
  return (message) => {
    const stringify = compiled.get(message) ?? compile(message)
    compiled.set(message, stringify)
    return stringify
  }
}

const compile = (message: string, change: (schema: JsonSchema) => JsonSchema): Stringify => {
  const schema = schemas[`${message}.output`]
  if (!schema) throw new Error(`The contract has no schema ${message}.output`)
  const others = referred(schema).map((one) => [one.$id, asSchema(change(one))])
  return fastJson(asSchema(change(schema)), { schema: Object.fromEntries(others) })
}

/**
 * JSON of an answer message: exactly the fields of its schema, zero values included. Throws when a message is missing that
 * the contract promises.
 */
export const exactly = onFirstUse((message) => compile(message, (schema) => schema))

/** The same, but what is missing is left out: better than no answer at all. */
export const asFarAsThere = onFirstUse((message) =>
  compile(message, ({ required: _promised, ...schema }) => schema as JsonSchema),
)

/** The contract's schemas are draft-07; only their type here is looser. */
const asSchema = (schema: JsonSchema): Schema => schema as unknown as Schema

/** The schemas that one needs, itself not included. */
const referred = (root: JsonSchema): JsonSchema[] => {
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
  return [...found.values()]
}
