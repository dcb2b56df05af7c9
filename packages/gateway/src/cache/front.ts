import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RateLimit } from '../guard/rate-limit.ts'
import { headersCarryCard } from '../input/cards.ts'
import type { AccessLog } from '../output/access-log.ts'
import { alreadyHas } from '../output/answer.ts'
import type { Pairs } from '../output/headers.ts'
import type { AddressOf } from '../server/client-address.ts'
import { localeFrom } from '../server/locale.ts'
import { beginVisit, type Visit, visitHeaders } from '../server/visit.ts'
import type { EdgeCache } from './edge-cache.ts'
import type { Ready } from './ready.ts'

export type FrontOptions = {
  cache: EdgeCache
  common: Pairs
  accessLog: AccessLog
  limit: RateLimit | undefined
  addressOf: AddressOf
}

/**
 * Answers a GET from ready bytes before anything is parsed. Whatever needs a thought (a token, a foreign origin, a card
 * number in a header, an exhausted limit, an address not seen before) goes the ordinary way.
 */
export const createFront = ({ cache, common, accessLog, limit, addressOf }: FrontOptions) => {
  const fixed = common.flat()
  const mayAnswer = ({ method, headers, rawHeaders }: IncomingMessage): boolean =>
    method === 'GET' &&
    headers.authorization === undefined &&
    headers.origin === undefined &&
    !headersCarryCard(rawHeaders)

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!mayAnswer(request)) return false
    const ready = cache.getByUrl(localeFrom(request.headers['accept-language']), request.url ?? '')
    if (!ready) return false
    const visit = beginVisit(request, addressOf)
    if (limit && !limit.take(ready.rateClass, visit.address).allowed) return false
    visit.route = ready.route
    send(response, visit, ready, request.headers['if-none-match'], fixed)
    const known = response.statusCode === 304
    accessLog.record(visit, { method: 'GET', status: response.statusCode, bytes: known ? 0 : ready.body.length })
    return true
  }
}

const send = (
  response: ServerResponse,
  visit: Visit,
  ready: Ready,
  ifNoneMatch: string | undefined,
  fixed: readonly string[],
): void => {
  const known = alreadyHas(ifNoneMatch, ready.etag)
  response.writeHead(known ? 304 : 200, [...visitHeaders(visit), ...fixed, ...(known ? ready.headOfKnown : ready.head)])
  if (known) response.end()
  else response.end(ready.text ?? ready.body, 'latin1')
}
