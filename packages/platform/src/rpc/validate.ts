import { schemas } from '@souk/contract/schemas'
import { Fault } from '@souk/kernel'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

let ajv: Ajv | undefined
const compiler = (): Ajv => {
  if (ajv) return ajv
  ajv = new Ajv({ allErrors: false, strict: false })
  ;(addFormats as unknown as (ajv: Ajv) => void)(ajv)
  for (const schema of Object.values(schemas)) ajv.addSchema(schema)
  return ajv
}

const ready = new Map<string, ValidateFunction | undefined>()

/** Checks a message that came from another process against the contract; throws VALIDATION_FAILED. */
export const validateMessage = (message: string, value: unknown): void => {
  if (!ready.has(message)) ready.set(message, compiler().getSchema(`${message}.call`))
  const validate = ready.get(message)
  if (!validate || validate(value)) return
  throw new Fault(
    'VALIDATION_FAILED',
    {},
    (validate.errors ?? []).map((error) => ({
      field: error.instancePath.slice(1).replaceAll('/', '.'),
      rule: error.keyword,
      message: error.message ?? error.keyword,
    })),
  )
}
