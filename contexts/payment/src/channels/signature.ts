import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SignatureProblem } from '../channel.ts'

/** How old or how far ahead the time of sending may be. */
const windowSeconds = 300
/** Signatures of one header that are looked at; rotation needs two. */
const mostSignatures = 8

type Header = { t: number; signatures: Buffer[] }

const parseHeader = (header: string): Header | undefined => {
  let t: number | undefined
  const signatures: Buffer[] = []
  for (const part of header.split(',')) {
    const [name, value = ''] = part.trim().split('=', 2)
    if (name === 't') {
      if (t !== undefined || !/^\d{1,12}$/.test(value)) return undefined
      t = Number(value)
    } else if (name === 'v1') {
      if (!/^[0-9a-f]{64}$/.test(value)) return undefined
      signatures.push(Buffer.from(value, 'hex'))
    }
  }
  if (t === undefined || signatures.length === 0 || signatures.length > mostSignatures) return undefined
  return { t, signatures }
}

/**
 * Checks `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.rawBody">` (several v1 allowed, other schemes ignored) against
 * every live secret, in constant time. Undefined: it holds.
 */
export const checkSignature = (
  rawBody: Uint8Array,
  header: string,
  now: Date,
  secrets: readonly string[],
): SignatureProblem | undefined => {
  if (header.trim() === '') return 'missing'
  const parsed = parseHeader(header)
  if (!parsed) return 'malformed'
  let holds = false
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(`${parsed.t}.`).update(rawBody).digest()
    for (const signature of parsed.signatures) holds = timingSafeEqual(expected, signature) || holds
  }
  if (!holds) return 'mismatch'
  return Math.abs(Math.floor(now.getTime() / 1000) - parsed.t) > windowSeconds ? 'stale' : undefined
}
