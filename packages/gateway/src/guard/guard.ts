import { fault, faultOf } from '@souk/kernel'
import type { Log } from '@souk/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../input/bind.ts'
import { refused, violation } from '../input/violations.ts'
import type { Auth } from '../options.ts'
import { userHash, type Visit, visitOf } from '../server/visit.ts'
import { authenticate } from './authenticate.ts'
import { authorise, requireStepUp } from './authorise.ts'
import type { Load } from './load.ts'
import type { RateLimit } from './rate-limit.ts'

export type GuardOptions = { auth: Auth; load: Load; limit: RateLimit | undefined; log: Log }

/**
 * Everything that can be refused before a byte of the body is read: overload, who calls, whether he may, how often, and
 * whether he sent the key that the method needs.
 */
export const createGuard = (route: Route, options: GuardOptions) => {
  const { entry, alias } = route
  const { auth, load, limit, log } = options
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const visit = visitOf(request.raw)
    visit.route = route.path
    visit.entry = entry
    reply.raw.once('close', load.enter(entry))
    try {
      await identify(route, visit, auth, request.headers.authorization)
      authorise(entry, visit.actor)
      await requireStepUp(entry, visit.actor, auth)
    } catch (error) {
      const code = faultOf(error)?.code
      if (code === 'FORBIDDEN' || code === 'UNAUTHENTICATED' || code === 'STEP_UP_REQUIRED') {
        log.warn('access refused', {
          kind: 'business',
          method: entry.name,
          code,
          user: userHash(visit.actor),
          traceparent: visit.traceparent,
        })
      }
      throw error
    }
    if (limit && entry.rateClass) takeFrom(limit, route, visit, reply)
    requireKey(entry.idempotent && !alias, request.headers['idempotency-key'], visit)
  }
}

/** Public methods validate first (SPEC 2.1): there, a token that does not verify is refused after the message is judged. */
const identify = async (
  { entry }: Route,
  visit: Visit,
  auth: Auth,
  authorization: string | undefined,
): Promise<void> => {
  try {
    visit.actor = await authenticate(auth, authorization)
  } catch (error) {
    if (entry.access !== 'PUBLIC' || faultOf(error)?.code !== 'UNAUTHENTICATED') throw error
    visit.refusal = fault('UNAUTHENTICATED')
  }
}

const takeFrom = (limit: RateLimit, { entry }: Route, visit: Visit, reply: FastifyReply): void => {
  const { actor } = visit
  const verdict = limit.take(
    entry.rateClass || 'read',
    visit.address,
    actor.kind === 'anonymous' ? undefined : actor.id,
  )
  reply.raw.setHeader('RateLimit-Limit', verdict.limit)
  reply.raw.setHeader('RateLimit-Remaining', verdict.remaining)
  reply.raw.setHeader('RateLimit-Reset', verdict.reset)
  reply.raw.setHeader('RateLimit-Policy', verdict.policy)
  if (!verdict.allowed) throw fault('RATE_LIMITED', { retryAfter: verdict.retryAfter })
}

const printable = /^[\x20-\x7e]{1,200}$/

const requireKey = (required: boolean, key: string | string[] | undefined, visit: Visit): void => {
  if (key === undefined || key === '') {
    if (required) throw fault('IDEMPOTENCY_KEY_REQUIRED')
    return
  }
  if (typeof key !== 'string' || !printable.test(key)) throw refused(violation(visit.locale, 'Idempotency-Key', 'key'))
}
