import type { Money } from '@souk/kernel'
import type { Problem } from './problem.ts'

/** Minor units: a billion of most currencies. */
export const highestPrice = 100_000_000_000

const checkMoney = (money: Money, field: string, currency: string, sku: number): Problem[] => {
  if (money.currency !== currency) return [{ sku, field, rule: 'currency', message: `must be in ${currency}` }]
  if (!Number.isSafeInteger(money.amount) || money.amount < 0 || money.amount > highestPrice)
    return [{ sku, field, rule: 'range', message: `must be from 0 to ${highestPrice} minor units` }]
  return []
}

/** What is wrong with the prices of the SKU at place `sku`. */
export const checkPrices = (price: Money, listPrice: Money | undefined, currency: string, sku: number): Problem[] => {
  const problems = checkMoney(price, 'price', currency, sku)
  if (!listPrice) return problems
  problems.push(...checkMoney(listPrice, 'listPrice', currency, sku))
  if (problems.length === 0 && listPrice.amount < price.amount)
    problems.push({ sku, field: 'listPrice', rule: 'below_price', message: 'must not be lower than the price' })
  return problems
}

/** Digits after the point: 2 for CNY, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/**
 * A plain decimal such as `50`, `50.5` or `1299.00` in minor units, exactly; undefined for everything whose meaning could
 * be doubted (thousands separators, signs, symbols, exponents) or that is finer than the currency.
 */
export const parseDecimal = (text: string, digits: number): number | undefined => {
  const match = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text.trim())
  if (!match) return undefined
  const fraction = match[2] ?? ''
  if (!/^0*$/.test(fraction.slice(digits))) return undefined
  const amount = BigInt(match[1]! + fraction.slice(0, digits).padEnd(digits, '0'))
  return amount <= BigInt(highestPrice) ? Number(amount) : undefined
}

/** Minor units as a plain decimal, the inverse of `parseDecimal`. */
export const formatDecimal = (amount: number, digits: number): string => {
  if (digits === 0) return String(amount)
  const text = String(amount).padStart(digits + 1, '0')
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
