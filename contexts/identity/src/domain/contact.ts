import { unusablePhone } from '../faults.ts'

/** An e-mail address as it is stored and compared: trimmed, lower-case, composed (NFC). */
export const normaliseEmail = (text: string): string => text.trim().toLowerCase().normalize('NFC')

const chineseMobile = /^1\d{10}$/
const international = /^[1-9]\d{6,14}$/

/**
 * A phone number as `+` and digits (E.164), undefined when it cannot be one. Eleven digits that begin with 1 are a
 * mobile of mainland China; other numbers without `+` or `00` are read as if only the `+` were missing.
 */
export const normalisePhone = (text: string): string | undefined => {
  const marked = /^\s*\+/.test(text)
  const digits = text.replace(/\D/g, '')
  if (!marked && chineseMobile.test(digits)) return `+86${digits}`
  const whole = marked ? digits : digits.replace(/^00/, '')
  return international.test(whole) ? `+${whole}` : undefined
}

/** Whether a number is a mobile of mainland China, with or without its country code. */
export const isChineseMobile = (text: string): boolean => /^\+861\d{10}$/.test(normalisePhone(text) ?? '')

/** How somebody signs in: exactly one of the two. */
export type Identifier = { kind: 'email' | 'phone'; value: string }

/**
 * What an account is found by. A phone that is no number stays as typed: it belongs to nobody, and the answer must
 * not differ from that for an unknown account.
 */
export const identifierOf = ({ email, phone }: { email?: string; phone?: string }): Identifier =>
  email === undefined
    ? { kind: 'phone', value: normalisePhone(phone ?? '') ?? (phone ?? '').trim() }
    : { kind: 'email', value: normaliseEmail(email) }

/** The same for an account to be made; VALIDATION_FAILED for a phone that is no number. */
export const parseIdentifier = (typed: { email?: string; phone?: string }): Identifier => {
  if (typed.email === undefined && normalisePhone(typed.phone ?? '') === undefined) throw unusablePhone()
  return identifierOf(typed)
}

/** The beginnings that a search word of staff may mean: as text, and as phone numbers with the country code left out. */
export const searchPrefixes = (word: string): { text: string; phones: string[] } => {
  const text = normaliseEmail(word)
  const digits = /^\+?[\d ()-]+$/.test(text) ? text.replace(/\D/g, '') : ''
  return { text, phones: digits ? [`+${digits}`, `+86${digits}`] : [] }
}

/** Line breaks and other control characters have no place in a name or an address line. */
export const isOneLine = (text: string): boolean => !/\p{Cc}/u.test(text)
