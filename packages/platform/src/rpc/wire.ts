import { Fault, fault } from '@souk/kernel'
import type { Call } from '../call.ts'

/** Metadata keys between processes. */
export const callKey = 'souk-call'
export const tokenKey = 'souk-service-token'
export const faultKey = 'souk-fault-bin'

/** The call as it travels. Whoever it names as caller is believed only as far as the service token says the same. */
export const packCall = ({ method: _method, ...call }: Call): string =>
  Buffer.from(JSON.stringify(call)).toString('base64')

export const unpackCall = (text: string): Call => JSON.parse(Buffer.from(text, 'base64').toString('utf8'))

type Packed = { code: string; params: Record<string, unknown>; violations: Fault['violations'] }

export const packFault = ({ code, params, violations }: Fault): Buffer =>
  Buffer.from(JSON.stringify({ code, params, violations } satisfies Packed))

export const unpackFault = (bytes: Buffer): Fault => {
  const { code, params, violations } = JSON.parse(bytes.toString('utf8')) as Packed
  return new Fault(code, params, violations)
}

/** What a broken connection or a missing answer means to the caller. */
export const unavailable = (service: string, cause: unknown): Fault => fault('UNAVAILABLE', { service }, cause)
