import { Ajv, type Options } from 'ajv'
import formats from 'ajv-formats'

type AddFormats = (ajv: Ajv, names: string[]) => void

/** Ajv as the gateway sets it up: strict, nothing removed, nothing filled in. */
export function validators(schemas: Readonly<Record<string, object>>, options: Options = {}): Ajv {
  const ajv = new Ajv({ strict: true, allErrors: true, ...options, schemas: Object.values(schemas) })
  ;(formats as unknown as AddFormats)(ajv, ['date-time'])
  return ajv
}
