import { type JsonSchema, schemas } from '@souk/contract/schemas'
import { Ajv, type ValidateFunction } from 'ajv'
import { fullFormats } from 'ajv-formats/dist/formats.js'

/** What the generated schemas are made of, as far as binding needs to look inside. */
export type Node = {
  type?: string
  $ref?: string
  properties?: Readonly<Record<string, Node>>
  additionalProperties?: boolean | Node
  items?: Node
  anyOf?: readonly Node[]
  maxLength?: number
}

/**
 * Nothing is stripped, coerced or filled in: what the caller sent is judged as it is. `verbose` because a refusal says
 * which fields an "exactly one of" is about.
 */
const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: false,
  validateSchema: false,
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: false,
  ownProperties: true,
})
ajv.addFormat('date-time', fullFormats['date-time'])

export const schemaOf = (id: string): (JsonSchema & Node) | undefined => schemas[id] as (JsonSchema & Node) | undefined

let added = false

/** Compiled at its first use: most processes never serve most methods. */
export const validatorOf = (id: string): ValidateFunction => {
  if (!added) for (const schema of Object.values(schemas)) ajv.addSchema(schema)
  added = true
  const validate = ajv.getSchema(id)
  if (!validate) throw new Error(`The contract has no schema ${id}`)
  return validate
}

/** The schema behind a reference such as `common.Money.input#`, or behind "null or …". */
export const resolved = (node: Node | undefined): Node | undefined => {
  if (node?.$ref) return schemaOf(node.$ref.slice(0, -1))
  const branch = node?.anyOf?.find((one) => one.$ref)
  return branch ? resolved(branch) : node
}
