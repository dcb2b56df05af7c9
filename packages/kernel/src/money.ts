import { fault } from './fault.ts'

/** Integer minor units of one currency: `{ currency: 'CNY', amount: 19900 }` is ¥199.00. */
export type Money = { currency: string; amount: number }

/** The number itself; throws when it is no safe integer. */
export const safeInteger = (amount: number): number => {
  if (!Number.isSafeInteger(amount)) throw fault('VALIDATION_FAILED', { reason: 'not a whole number within ±(2^53−1)' })
  return amount
}

/** Money from parts; throws when the amount is not a safe integer. */
export const money = (currency: string, amount: number): Money => ({ currency, amount: safeInteger(amount) })

export const zero = (currency: string): Money => ({ currency, amount: 0 })

const sameCurrency = (a: Money, b: Money) => {
  if (a.currency !== b.currency) throw fault('VALIDATION_FAILED', { reason: `${a.currency} is not ${b.currency}` })
}

/** a + b; throws on different currencies or overflow. */
export const add = (a: Money, b: Money): Money => {
  sameCurrency(a, b)
  return money(a.currency, a.amount + b.amount)
}

/** a − b; may be negative. */
export const subtract = (a: Money, b: Money): Money => {
  sameCurrency(a, b)
  return money(a.currency, a.amount - b.amount)
}

/** Price × whole quantity. */
export const times = (a: Money, quantity: number): Money => money(a.currency, a.amount * safeInteger(quantity))

/** Sum of a list; an empty list is zero of `currency`. */
export const sum = (currency: string, list: readonly Money[]): Money => list.reduce(add, zero(currency))

/** −1, 0 or 1. */
export const compare = (a: Money, b: Money): number => {
  sameCurrency(a, b)
  return Math.sign(a.amount - b.amount)
}

export const sameMoney = (a: Money, b: Money): boolean => a.currency === b.currency && a.amount === b.amount
