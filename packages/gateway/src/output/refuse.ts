import { type Fault, fault } from '@souk/kernel'
import type { Log } from '@souk/platform'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { userHash, visitOf } from '../server/visit.ts'
import { declaredFault, problemOf, refusalHeaders } from './problem.ts'

const ofFramework: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
}

/** What the framework found wrong by itself, in our words. */
const translated = (error: FastifyError): Fault => {
  const code = ofFramework[error.code]
  if (code) return fault(code)
  return error.code?.startsWith('FST_') && (error.statusCode ?? 500) < 500
    ? fault('VALIDATION_FAILED', {}, error)
    : declaredFault(error)
}

export type Refuse = (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) => FastifyReply

/** Every refusal leaves through here, as a problem in the caller's language that tells nothing about our inside. */
export const createRefuse =
  (log: Log): Refuse =>
  (error, request, reply) => {
    const visit = visitOf(request.raw)
    const found = translated(error as FastifyError)
    const problem = problemOf(found, visit.locale, visit.traceparent.slice(3, 35))
    const { traceparent, entry } = visit
    if (found.code === 'INTERNAL' && error !== found) {
      log.error('unexpected error', {
        kind: 'error',
        method: entry?.name,
        error: `${error.name}: ${error.message}`,
        stack: error.stack ?? '',
        traceparent,
      })
    }
    if (found.code === 'NOT_FOUND' && entry?.owner) {
      log.info('not there or not theirs', {
        kind: 'business',
        method: entry.name,
        user: userHash(visit.actor),
        traceparent,
      })
    }
    for (const [name, value] of refusalHeaders(found)) reply.header(name, value)
    return reply.code(problem.status).send(JSON.stringify(problem))
  }
