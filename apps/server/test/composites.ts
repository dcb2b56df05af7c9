import type { ServiceMap } from '@souk/contract/services'
import { fault, faultOf, newId } from '@souk/kernel'
import type { Call, Host, ServiceName } from '@souk/platform'
import { callAs } from '@souk/platform/testing'
import { createEdge } from '../src/edge/edge.ts'

export type Fakes = { [S in ServiceName]?: Partial<ServiceMap<Call>[S]> }

/** The composites over typed fakes of the contexts. */
export const edgeOf = (fakes: Fakes) => {
  const client = ((service: ServiceName) => fakes[service]) as Host['client']
  return createEdge(client)['edge.EdgeService']!
}

export const refused = (code: string) => (error: unknown) => faultOf(error)?.code === code
export const down = async (): Promise<never> => {
  throw fault('UNAVAILABLE')
}
export const buyer = newId()
export const call = (key?: string): Call => callAs({ user: buyer, key })
