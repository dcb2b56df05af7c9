import { holdsCard } from '@souk/kernel'

/** Headers that are secrets or machine-made; every other header is text that somebody may have typed into. */
const machineMade = new Set([
  'authorization',
  'cookie',
  'content-length',
  'traceparent',
  'tracestate',
  'if-none-match',
  'if-match',
  'if-modified-since',
  'host',
  'date',
])

/** A cheap look that every card number in a header survives; header values are Latin-1. */
const manyDigits = /\d[\d\s._/\xad-]{11,}\d/

/** The same for headers, given as Node keeps them: name, value, name, value. */
export const headersCarryCard = (raw: readonly string[]): boolean => {
  for (let i = 1; i < raw.length; i += 2) {
    const value = raw[i]!
    if (value.length < 13 || !manyDigits.test(value)) continue
    if (!machineMade.has(raw[i - 1]!.toLowerCase()) && holdsCard(value)) return true
  }
  return false
}
