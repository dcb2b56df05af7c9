import { type ErrorCode, errors } from '@souk/contract/errors'
import { Fault, faultOf, type Violation } from '@souk/kernel'
import type { Locale } from '@souk/platform'
import { dataPolicy, type Pairs } from './headers.ts'

/** RFC 9457, as every refusal looks. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  traceId: string
  violations?: Violation[]
  /** The numbers that a client needs to go on, such as the SKUs that are short. */
  params?: Record<string, unknown>
}

export const problemType = 'application/problem+json; charset=utf-8'

/** Refusals whose parameters concern the caller; of the others they would tell about our inside. */
const explained = new Set([400, 409, 422, 429])

/** Seconds after which it makes sense to ask again, for refusals that pass by themselves. */
const patience: Partial<Record<ErrorCode, number>> = {
  IN_PROGRESS: 1,
  OVERLOADED: 1,
  UNAVAILABLE: 2,
  DEADLINE_EXCEEDED: 1,
  UNKNOWN_OUTCOME: 1,
  RATE_LIMITED: 1,
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code)

/** The Fault that an error stands for; INTERNAL for what nobody declared. */
export const declaredFault = (error: unknown): Fault => {
  const found = faultOf(error)
  return found && isCode(found.code) ? found : new Fault('INTERNAL', {}, [], error)
}

const statusOf = (fault: Fault): number => (isCode(fault.code) ? errors[fault.code].status : 500)

const retryAfterOf = (fault: Fault): number | undefined => {
  const { retryAfter } = fault.params
  if (typeof retryAfter === 'number' && retryAfter >= 0) return Math.ceil(retryAfter)
  return isCode(fault.code) ? patience[fault.code] : undefined
}

/** What every refusal says beside its problem. */
export const refusalHeaders = (fault: Fault): Pairs => {
  const retryAfter = retryAfterOf(fault)
  return [
    ...(retryAfter === undefined ? [] : [['Retry-After', String(retryAfter)] as const]),
    ...(statusOf(fault) === 401 ? [['WWW-Authenticate', 'Bearer realm="souk"'] as const] : []),
    ['Content-Type', problemType],
    ['Cache-Control', 'no-store'],
    ['Content-Security-Policy', dataPolicy],
  ]
}

export const problemOf = (fault: Fault, locale: Locale, traceId: string): Problem => {
  const code: ErrorCode = isCode(fault.code) ? fault.code : 'INTERNAL'
  const { status, en, zh } = errors[code]
  const sentence = locale === 'zh-CN' ? zh : en
  const { retryAfter: _header, ...params } = fault.params
  return {
    type: `urn:souk:error:${code}`,
    title: sentence,
    status,
    detail:
      fault.violations.length > 0
        ? fault.violations.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ')
        : sentence,
    code,
    traceId,
    violations: fault.violations.length > 0 ? fault.violations : undefined,
    params: explained.has(status) && Object.keys(params).length > 0 ? params : undefined,
  }
}
