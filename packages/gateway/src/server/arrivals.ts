import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessLog } from '../output/access-log.ts'
import type { Cors, Pairs } from '../output/headers.ts'
import type { AddressOf } from './client-address.ts'
import { beginVisit } from './visit.ts'

export type ArrivalOptions = {
  /** Each answers at once when it can: from ready bytes, or because there is no room. */
  fronts: readonly ((request: IncomingMessage, response: ServerResponse) => boolean)[]
  common: Pairs
  cors: Cors
  accessLog: AccessLog
  addressOf: AddressOf
}

export type Arrivals = {
  /** Begins the visit and what every answer carries; true when the request is answered already. */
  admit(request: IncomingMessage, response: ServerResponse): boolean
  /** Answers under way, those of a front not counted: they are over before anybody can look. */
  active: ReadonlySet<ServerResponse>
  /** From now on every answer asks the client to close. */
  startDraining(): void
}

/** Nginx's word for "the client left before the answer did". */
const clientLeft = 499

export const createArrivals = ({ fronts, common, cors, accessLog, addressOf }: ArrivalOptions): Arrivals => {
  const active = new Set<ServerResponse>()
  let draining = false
  const admit = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!draining && fronts.some((front) => front(request, response))) return true
    const visit = beginVisit(request, addressOf)
    response.setHeader('X-Request-Id', visit.requestId)
    response.setHeader('traceparent', visit.traceparent)
    for (const [name, value] of common) response.setHeader(name, value)
    cors.allow(request, response)
    if (draining) response.setHeader('Connection', 'close')
    active.add(response)
    response.once('close', () => {
      active.delete(response)
      const bytes = Number(response.getHeader('content-length') ?? 0)
      const status = response.writableFinished ? response.statusCode : clientLeft
      accessLog.record(visit, { method: request.method ?? '', status, bytes })
    })
    return false
  }
  return {
    admit,
    active,
    startDraining: () => {
      draining = true
      for (const response of active) if (!response.headersSent) response.setHeader('Connection', 'close')
    },
  }
}
