import { services } from '@souk/contract/services'
import { fault } from '@souk/kernel'
import type { Call } from '../call.ts'
import { childTraceparent } from '../call.ts'
import type { ServiceName } from '../context.ts'
import { inTransaction } from '../db/db.ts'
import type { Handler } from './dispatch.ts'

/** How a method is reached: a direct call or gRPC; both end in the same interceptors. */
export type Transport = (service: ServiceName, method: string) => Handler | undefined

/** Part of the remaining time that a callee gets, so that the caller can still answer. */
const passOn = 0.9

/**
 * A typed client of `service` for `caller`. Refuses to call while a transaction is open: a remote call inside one would
 * be a distributed lock.
 */
export const createClient = (
  transport: Transport,
  service: ServiceName,
  caller: string | undefined,
): Record<string, Handler> =>
  Object.fromEntries(
    Object.keys(services[service].methods).map((method) => {
      let handler: Handler | undefined
      const invoke: Handler = async (request, call) => {
        if (inTransaction()) throw new Error(`${service}.${method} was called while a transaction was open`)
        handler ??= transport(service, method)
        if (!handler) throw fault('UNAVAILABLE', { service })
        return handler(request, caller ? forwarded(call, caller) : call)
      }
      return [method, invoke]
    }),
  )

const forwarded = (call: Call, caller: string): Call => {
  const now = Date.now()
  // Keys belong to the outer request; what is called has its own natural idempotency.
  const { idempotencyKey: _key, requestHash: _hash, ...rest } = call
  return {
    ...rest,
    caller,
    traceparent: childTraceparent(call.traceparent),
    deadline: now + (call.deadline - now) * passOn,
  }
}
