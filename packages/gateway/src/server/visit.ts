import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { MethodEntry } from '@souk/contract/methods'
import type { Fault } from '@souk/kernel'
import type { Actor, Locale } from '@souk/platform'
import { type AddressOf, peerOf } from './client-address.ts'
import { localeFrom } from './locale.ts'
import { requestIdFrom, traceparentFrom } from './trace.ts'

/** What is known of one request from its first byte to its access line. */
export type Visit = {
  /** Milliseconds of the monotonic clock. */
  started: number
  traceparent: string
  requestId: string
  locale: Locale
  /** The client's network address: the peer's, or what proxies that we trust say of theirs. */
  address: string
  /** Pattern for logs and metrics; paths hold ids. */
  route: string
  actor: Actor
  entry?: MethodEntry
  /** Why the caller's token was not believed, where that is said only after the message was judged. */
  refusal?: Fault
}

export const anonymous: Actor = { kind: 'anonymous' }

type Visited = IncomingMessage & { visit?: Visit }

export const beginVisit = (request: IncomingMessage, addressOf: AddressOf = peerOf): Visit => {
  const { headers } = request
  const traceparent = traceparentFrom(headers.traceparent as string | undefined)
  const visit: Visit = {
    started: performance.now(),
    traceparent,
    requestId: requestIdFrom(headers['x-request-id'], traceparent),
    locale: localeFrom(headers['accept-language']),
    address: addressOf(request),
    route: 'none',
    actor: anonymous,
  }
  ;(request as Visited).visit = visit
  return visit
}

/** The visit that the server began before anything else saw the request. */
export const visitOf = (request: IncomingMessage): Visit => (request as Visited).visit ?? beginVisit(request)

/** What an answer says of its visit, name and value in turn. */
export const visitHeaders = ({ requestId, traceparent }: Visit): string[] => [
  'X-Request-Id',
  requestId,
  'traceparent',
  traceparent,
]

/** Tells users apart in logs without naming them. */
export const userHash = (actor: Actor): string | undefined =>
  actor.kind === 'anonymous' ? undefined : hash('sha256', `${actor.kind}:${actor.id}`, 'hex').slice(0, 16)
