import type { Money } from '@souk/contract/common'

const formats = new Map<string, Intl.NumberFormat>()

const formatOf = (locale: string, currency: string, bare: boolean): Intl.NumberFormat => {
  const key = `${locale} ${currency} ${bare}`
  const known = formats.get(key)
  if (known) return known
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: bare ? 'stripIfInteger' : 'auto',
  })
  formats.set(key, format)
  return format
}

const digitsOf = (currency: string): number =>
  formatOf('en', currency, false).resolvedOptions().maximumFractionDigits ?? 2

/** Minor units as a decimal numeral; text, because a float would round. */
const numeralOf = (amount: number, digits: number): `${number}` => {
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const sign = amount < 0 ? '-' : ''
  return `${sign}${whole}${digits === 0 ? '' : `.${text.slice(-digits)}`}` as `${number}`
}

/** A sum in the reader's language; `bare` drops an empty fraction, for cards and buttons. */
export const formatMoney = ({ currency, amount }: Money, locale: string, { bare = false } = {}): string =>
  formatOf(locale, currency, bare).format(numeralOf(amount, digitsOf(currency)))

/** Whole percent saved against the list price, rounded down so that it never promises too much; 0 when nothing is. */
export const savedPercent = (price: Money, listPrice: Money | undefined): number =>
  listPrice && listPrice.currency === price.currency && listPrice.amount > price.amount
    ? Math.floor(((listPrice.amount - price.amount) / listPrice.amount) * 100)
    : 0

/** Minor units of a sum typed in major units ("99", "99.5"); undefined when it is not one or beyond exact integers. */
export const minorUnits = (text: string, currency: string): number | undefined => {
  const digits = digitsOf(currency)
  const match = /^(\d+)(?:[.,](\d*))?$/.exec(text.trim())
  if (!match || (match[2] ?? '').length > digits) return undefined
  const amount = Number(`${match[1]}${(match[2] ?? '').padEnd(digits, '0')}`)
  return Number.isSafeInteger(amount) ? amount : undefined
}

/** The reverse of `minorUnits`, for filling an input. */
export const majorUnits = (amount: number, currency: string): string =>
  numeralOf(amount, digitsOf(currency)).replace(/\.0+$/, '')
