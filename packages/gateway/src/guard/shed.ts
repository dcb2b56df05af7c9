import type { IncomingMessage, ServerResponse } from 'node:http'
import { fault } from '@souk/kernel'
import type { AccessLog } from '../output/access-log.ts'
import type { Cors, Pairs } from '../output/headers.ts'
import { problemOf, refusalHeaders } from '../output/problem.ts'
import { literalRoute } from '../routes.ts'
import type { AddressOf } from '../server/client-address.ts'
import { beginVisit, visitHeaders } from '../server/visit.ts'
import type { Load } from './load.ts'

export type ShedOptions = { load: Load; common: Pairs; cors: Cors; accessLog: AccessLog; addressOf: AddressOf }

const overloaded = fault('OVERLOADED')

/**
 * Refuses what there is no room for before anything is parsed: in a flood refusals are most of the work, and by way of
 * the router one costs almost twice as much. The guard asks again, and for addresses that hold ids it alone asks.
 */
export const createShed = ({ load, common, cors, accessLog, addressOf }: ShedOptions) => {
  const fixed = [...common, ...refusalHeaders(overloaded)].flat()
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { method = '', url = '' } = request
    const route = literalRoute(method, url)
    if (!route || load.hasRoom(route.entry)) return false
    const visit = beginVisit(request, addressOf)
    visit.route = route.path
    const problem = problemOf(overloaded, visit.locale, visit.traceparent.slice(3, 35))
    // Text leaves in one piece with the head; bytes would be a second one, and dearer to send.
    const body = JSON.stringify(problem)
    const bytes = Buffer.byteLength(body)
    cors.allow(request, response)
    response.writeHead(problem.status, [...visitHeaders(visit), ...fixed, 'Content-Length', String(bytes)])
    response.end(body)
    accessLog.record(visit, { method, status: problem.status, bytes })
    return true
  }
}
