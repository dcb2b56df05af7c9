import { errors } from '@souk/contract/errors'
import type { MethodEntry } from '@souk/contract/methods'
import { type Permission, type Role, rolePermissions } from '@souk/contract/permissions'
import { Fault, fault, faultOf } from '@souk/kernel'
import type { Call } from '../call.ts'
import { asFault, CommitUnknown } from '../db/errors.ts'
import { errorText, type Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { withTrace } from '../telemetry/trace.ts'

export type Handler = (request: unknown, call: Call) => Promise<unknown>
export type Interceptor = (entry: MethodEntry, next: Handler) => Handler

/** Work that starts after its deadline is of no use to anybody; work that outlives it is answered in its stead. */
const deadline: Interceptor = (entry, next) => async (request, call) => {
  const left = call.deadline - Date.now()
  if (left <= 0) throw fault('DEADLINE_EXCEEDED', { method: entry.name })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fault('DEADLINE_EXCEEDED', { method: entry.name })), left)
  })
  try {
    return await Promise.race([next(request, call), late])
  } finally {
    clearTimeout(timer)
  }
}

const trace: Interceptor = (entry, next) => (request, call) =>
  withTrace(call.traceparent, () => next(request, { ...call, method: entry.name }))

/**
 * Whether an actor holds a permission: staff by role, API keys by scope. Moving stock by hand-made holds is for
 * services and API keys only (SPEC IN2), not even for administrators.
 */
export const holds = ({ actor }: Call, permission: Permission): boolean => {
  if (actor.kind === 'user')
    return (
      permission !== 'inventory:operate' &&
      actor.roles.some((role) => rolePermissions[role as Role]?.includes(permission))
    )
  return actor.kind === 'apiKey' && actor.scopes.includes(permission)
}

/** Deny unless the contract's annotation allows. */
const access: Interceptor = (entry, next) => async (request, call) => {
  const { actor, caller } = call
  if (entry.access === 'SERVICE' && !caller) throw fault('FORBIDDEN')
  if (entry.access === 'SIGNED_IN' && !caller) {
    if (actor.kind === 'anonymous') throw fault('UNAUTHENTICATED')
    if (actor.kind !== 'user') throw fault('FORBIDDEN')
  }
  if (entry.access === 'PERMISSION' && !caller) {
    if (actor.kind === 'anonymous') throw fault('UNAUTHENTICATED')
    if (!entry.permission || !holds(call, entry.permission)) throw fault('FORBIDDEN')
  }
  if (entry.stepUp && !caller && !call.steppedUp) throw fault('STEP_UP_REQUIRED')
  return next(request, call)
}

const statusOf = (code: string): number => errors[code as keyof typeof errors]?.status ?? 500

/** Everything that leaves is a Fault of the contract; what nobody foresaw is logged and becomes INTERNAL. */
const faults =
  (log: Log): Interceptor =>
  (entry, next) =>
  async (request, call) => {
    try {
      return await next(request, call)
    } catch (error) {
      const known = faultOf(asFault(error))
      if (known && known.code in errors) {
        if (statusOf(known.code) >= 500)
          log.warn('call failed', {
            method: entry.name,
            code: known.code,
            error: errorText(error),
            traceparent: call.traceparent,
          })
        throw known
      }
      if (error instanceof CommitUnknown) throw fault('UNKNOWN_OUTCOME', {}, error)
      log.error('unexpected error', {
        kind: 'error',
        method: entry.name,
        error: errorText(error),
        stack: error instanceof Error ? (error.stack ?? '') : '',
        traceparent: call.traceparent,
      })
      throw new Fault('INTERNAL', {}, [], error)
    }
  }

const measured =
  (metrics: Metrics): Interceptor =>
  (entry, next) =>
  async (request, call) => {
    const started = performance.now()
    let outcome = 'ok'
    try {
      return await next(request, call)
    } catch (error) {
      outcome = error instanceof Fault ? error.code : 'INTERNAL'
      throw error
    } finally {
      metrics.observe('call_seconds', (performance.now() - started) / 1000, { method: entry.name, outcome })
    }
  }

/** The one list, the same in process and behind gRPC. */
export const interceptors = (log: Log, metrics: Metrics): Interceptor[] => [
  measured(metrics),
  faults(log),
  deadline,
  trace,
  access,
]

export const chain = (list: readonly Interceptor[], entry: MethodEntry, last: Handler): Handler =>
  list.reduceRight<Handler>((next, interceptor) => interceptor(entry, next), last)
