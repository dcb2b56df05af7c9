import { randomFillSync } from 'node:crypto'

const valid = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const zeroTrace = '0'.repeat(32)
const zeroSpan = '0'.repeat(16)

const bytes = Buffer.alloc(8192)
let hex = ''
let at = 0

/** Random hex digits from a pool: a call into the random source for each request would cost more than the cache hit. */
const digits = (count: number): string => {
  if (at + count > hex.length) {
    hex = randomFillSync(bytes).toString('hex')
    at = 0
  }
  at += count
  return hex.slice(at - count, at)
}

/** The caller's trace with a new span, or a new sampled trace (W3C). */
export const traceparentFrom = (header: string | undefined): string => {
  const parts = header === undefined ? null : valid.exec(header)
  const [, trace, span, flags] = parts ?? []
  const usable = trace !== undefined && trace !== zeroTrace && span !== zeroSpan && !header?.startsWith('ff')
  return usable ? `00-${trace}-${digits(16)}-${flags}` : `00-${digits(32)}-${digits(16)}-01`
}

const sane = /^[A-Za-z0-9._:-]{1,100}$/

/** The caller's request id when it is harmless in logs, else the trace id. */
export const requestIdFrom = (header: string | string[] | undefined, traceparent: string): string =>
  typeof header === 'string' && sane.test(header) ? header : traceparent.slice(3, 35)
