import { services } from '@souk/contract/services'
import type { ServiceName } from '../context.ts'
import type { Transport } from './clients.ts'
import { chain, type Handler, type Interceptor } from './dispatch.ts'

export type Implementations = { [S in ServiceName]?: unknown }

/**
 * Direct calls to services of this process. With `encode` every message also goes through its wire format, so that
 * tests find whoever leans on shared references or on fields that do not travel.
 */
export const localTransport = (
  implementations: Implementations,
  list: readonly Interceptor[],
  options: { encode?: boolean } = {},
): Transport => {
  const ready = new Map<string, Handler>()
  return (service, method) => {
    const name = `${service}/${method}`
    const known = ready.get(name)
    if (known) return known
    const implementation = implementations[service] as Record<string, Handler> | undefined
    const verb = implementation?.[method]
    const definition = services[service].methods[method]
    if (!verb || !definition) return undefined
    const direct = chain(list, definition.entry, verb)
    const handler: Handler = options.encode
      ? async (request, call) => {
          const { request: input, response: output } = definition
          const copy = input.decode(input.encode(input.fromPartial(request)).finish())
          const answer = await direct(copy, call)
          return output.decode(output.encode(output.fromPartial(answer)).finish())
        }
      : direct
    ready.set(name, handler)
    return handler
  }
}
