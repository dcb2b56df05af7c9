import type { IncomingHttpHeaders } from 'node:http'
import type { MethodEntry } from '@souk/contract/methods'
import { schemaOf } from './schema.ts'

/**
 * Request headers that the contract copies into fields. A longer value than the field takes is cut: as a device name it
 * is still good, as a secret or a signature it simply does not match.
 */
export const createHeaderFields = ({
  headers,
  request,
}: MethodEntry): ((given: IncomingHttpHeaders) => Record<string, string>) => {
  const properties = schemaOf(`${request}.call`)?.properties ?? {}
  const fields = headers.map(({ header, field }) => ({
    name: header.toLowerCase(),
    field,
    most: properties[field]?.maxLength ?? 200,
  }))
  return (given) =>
    Object.fromEntries(
      fields.flatMap(({ name, field, most }) => {
        const value = given[name]
        return typeof value === 'string' ? [[field, value.replaceAll('\0', '').slice(0, most)]] : []
      }),
    )
}
