/** Card networks by leading digits and lengths (ISO/IEC 7812 ranges as issued). */
const networks: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 18, 19]],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(62|81)/, [16, 17, 18, 19]],
  [/^(6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^(30[0-5]|3095|36|3[89])/, [14, 16, 19]],
  [/^35(2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(5018|5020|5038|5893|6304|6759|676[1-3])/, [13, 14, 15, 16, 17, 18, 19]],
  [/^220[0-4]/, [16, 17, 18, 19]],
  [/^(60|508|9792)/, [16]],
]

const luhn = (digits: string): boolean => {
  let sum = 0
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 48
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return sum % 10 === 0
}

const isCardNumber = (digits: string): boolean =>
  digits.length >= 13 &&
  digits.length <= 19 &&
  networks.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) &&
  luhn(digits)

const promising = /\d(?:[\p{Zs}\p{Pd}._/]?\d){12}/u
const wide = /[０-９]/
/** Ids and hashes of our own: their digits are chance. */
const identifiers =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?=[0-9]*[a-f])[0-9a-f]{24,}\b/gi
const runs = /\d+(?:[\p{Zs}\p{Pd}._/]\d+)*/gu

/** Whether a text holds a card number: 13–19 digits of a card network that pass Luhn, in one piece or in groups. */
export const holdsCard = (text: string): boolean => {
  if (text.length < 13) return false
  const plain = wide.test(text) ? text.normalize('NFKC') : text
  if (!promising.test(plain)) return false
  return [...plain.replace(identifiers, ' ').matchAll(runs)].some(([run]) => runHoldsCard(run.split(/\D/)))
}

/** Groups of three to six digits are how card numbers are written; shorter ones are dates and quantities. */
const runHoldsCard = (groups: readonly string[]): boolean =>
  groups.some((group, start) => {
    if (isCardNumber(group)) return true
    let digits = ''
    for (let i = start; i < groups.length && digits.length < 19; i++) {
      const next = groups[i]!
      if (next.length < 3 || next.length > 6) return false
      digits += next
      if (i > start && isCardNumber(digits)) return true
    }
    return false
  })

const cardName =
  /^(?:credit|debit|bank|payment)?card(?:number|no|num|pan|code)$|^(?:credit|debit|bank)card$|^pan$|(?:^|card)(?:cvv|cvc|cvn|csc)2?(?:code|number)?$|^(?:card)?securitycode$/

/** Whether a field's name says that card data belongs into it. */
export const namesCard = (name: string): boolean => cardName.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''))

const isFilled = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || (typeof value === 'number' && value !== 0)

/**
 * Whether a request value carries card data: a card number in any text or name, or anything in a field named after one.
 * `exempt` lists paths (without list indexes) whose digits are something else: barcodes, waybills, phones.
 */
export const carriesCard = (value: unknown, exempt: ReadonlySet<string>, path = ''): boolean => {
  if (typeof value === 'string') return !exempt.has(path) && holdsCard(value)
  if (value === null || typeof value !== 'object') return false
  if (Array.isArray(value)) return value.some((item) => carriesCard(item, exempt, path))
  return Object.entries(value).some(([name, inner]) => {
    if (holdsCard(name) || (namesCard(name) && isFilled(inner))) return true
    return carriesCard(inner, exempt, path === '' ? name : `${path}.${name}`)
  })
}
