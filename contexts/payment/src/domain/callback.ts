import { carriesCard, type Money } from '@souk/kernel'
import { cardRefused, malformedEvent } from '../faults.ts'

/** What a channel tells. Only its names matter to us: whatever it claims is asked back before anything moves. */
export type CallbackEvent = { eventId: string; type: string; paymentId: string; amount: Money }

const word = (source: Record<string, unknown>, field: string, most: number): string => {
  const value = source[field]
  if (typeof value !== 'string' || value === '' || value.length > most)
    throw malformedEvent(field, `must be a text of 1 to ${most} characters`)
  if (value.includes('\0') || !value.isWellFormed()) throw malformedEvent(field, 'must be plain text')
  return value
}

const moneyOf = (value: unknown): Money => {
  const { currency, amount } = (value ?? {}) as Record<string, unknown>
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    throw malformedEvent('amount.currency', 'must be three capitals')
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 0)
    throw malformedEvent('amount.amount', 'must be a whole number of minor units')
  return { currency, amount }
}

const parsed = (text: string): Record<string, unknown> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformedEvent('', 'is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformedEvent('', 'is not an object')
  return value as Record<string, unknown>
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** Words that channels and we make ourselves: their digits are chance. */
const machineMade = new Set(['eventId', 'paymentId', 'refundId', 'channelReference', 'occurredAt'])

/** Reads a verified body. Unknown fields are nobody's fault; a missing known one is VALIDATION_FAILED. */
export const parseCallback = (text: string): CallbackEvent => {
  const source = parsed(text)
  if (carriesCard(source, machineMade)) throw cardRefused()
  const event = {
    eventId: word(source, 'eventId', 200),
    type: word(source, 'type', 100),
    paymentId: word(source, 'paymentId', 64),
    amount: moneyOf(source.amount),
  }
  word(source, 'channelReference', 200)
  if (!rfc3339.test(word(source, 'occurredAt', 64))) throw malformedEvent('occurredAt', 'must be an RFC 3339 time')
  return event
}
