import { invalid, type Violation } from '@souk/kernel'
import { isChineseMobile, isOneLine } from './contact.ts'
import { americanStates, countries } from './regions.ts'

/** Where a parcel goes. Empty text for what a country does not use. */
export type AddressFields = {
  recipient: string
  phone: string
  /** ISO 3166-1 alpha-2. */
  country: string
  province: string
  city: string
  district: string
  line1: string
  line2: string
  postalCode: string
}

export type SavedAddress = AddressFields & { id: string; isDefault: boolean }

/** Addresses one account may keep. */
export const addressLimit = 50

type Field = keyof AddressFields

const fields: readonly Field[] = [
  'recipient',
  'phone',
  'country',
  'province',
  'city',
  'district',
  'line1',
  'line2',
  'postalCode',
]

const clearable: readonly Field[] = ['province', 'city', 'district', 'line2', 'postalCode']

const missing = (address: AddressFields, needed: readonly Field[]): Violation[] =>
  needed
    .filter((field) => address[field] === '')
    .map((field) => ({ field, rule: 'required', message: `needed for an address in ${address.country}` }))

const refusedUnless = (good: boolean, field: Field, message: string): Violation[] =>
  good ? [] : [{ field, rule: 'format', message }]

const chineseRules = (address: AddressFields): Violation[] => [
  ...missing(address, ['province', 'city', 'district']),
  ...refusedUnless(isChineseMobile(address.phone), 'phone', 'a mobile number of 11 digits, with or without +86'),
  ...refusedUnless(/^(\d{6})?$/.test(address.postalCode), 'postalCode', 'six digits'),
]

const isState = (text: string) => text === '' || americanStates.has(text.toLowerCase())

const americanRules = (address: AddressFields): Violation[] => [
  ...missing(address, ['province', 'city', 'postalCode']),
  ...refusedUnless(isState(address.province), 'province', 'a state, such as CA or California'),
  ...refusedUnless(
    /^(\d{5}(-\d{4})?)?$/.test(address.postalCode),
    'postalCode',
    'a ZIP code, such as 94043 or 94043-1351',
  ),
]

/** Countries whose addresses are judged more closely than "somebody, a phone and a line". */
const rules = new Map([
  ['CN', chineseRules],
  ['US', americanRules],
])

const trimmed = (address: AddressFields): AddressFields => {
  const result = { ...address }
  for (const field of fields) result[field] = address[field].trim()
  return result
}

/** The address as it is stored, or VALIDATION_FAILED with everything that its country finds wrong. */
export const parseAddress = (typed: AddressFields): AddressFields => {
  const address = trimmed(typed)
  const violations = [
    ...missing(address, ['recipient', 'phone', 'line1']),
    ...fields.flatMap((field) => refusedUnless(isOneLine(address[field]), field, 'one line of text')),
    ...refusedUnless(countries.has(address.country), 'country', 'a country code, such as CN'),
    ...(rules.get(address.country)?.(address) ?? []),
  ]
  if (violations.length > 0) throw invalid(...violations)
  return address
}

/** PATCH: absent is unchanged, a name in `clear` is emptied. */
export type AddressPatch = { [F in Field]?: string } & { clear: readonly string[] }

/** The changed address, judged as a whole: a new country may ask for more than the changed fields. */
export const changeAddress = (address: AddressFields, patch: AddressPatch): AddressFields => {
  const result = { ...address }
  for (const field of fields) {
    const value = patch[field]
    if (value !== undefined) result[field] = value
    else if (clearable.includes(field) && patch.clear.includes(field)) result[field] = ''
  }
  return parseAddress(result)
}
