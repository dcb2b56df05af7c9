import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from '@souk/kernel'
import fc from 'fast-check'
import { type AddressFields, changeAddress, parseAddress } from '../src/domain/address.ts'
import { americanStates, countries } from '../src/domain/regions.ts'

const chinese: AddressFields = {
  recipient: '李伟',
  phone: '13800138000',
  country: 'CN',
  province: '上海市',
  city: '上海市',
  district: '浦东新区',
  line1: '世纪大道100号',
  line2: '',
  postalCode: '200120',
}
const american: AddressFields = {
  recipient: 'Ann Lee',
  phone: '+1 415 555 0100',
  country: 'US',
  province: 'CA',
  city: 'Mountain View',
  district: '',
  line1: '1600 Amphitheatre Parkway',
  line2: 'Building 43',
  postalCode: '94043',
}
const singapore: AddressFields = {
  ...american,
  country: 'SG',
  province: '',
  city: '',
  postalCode: '018956',
  phone: '+65 6123 4567',
}

const wrong = (address: AddressFields): string[] => {
  try {
    parseAddress(address)
    return []
  } catch (error) {
    return faultOf(error)!.violations.map(({ field, rule }) => `${field} ${rule}`)
  }
}

for (const [says, address, expected] of [
  ['a Chinese address', chinese, []],
  ['a Chinese address without postal code', { ...chinese, postalCode: '' }, []],
  ['a Chinese address with +86', { ...chinese, phone: '+86 138 0013 8000' }, []],
  ['a Chinese address without district', { ...chinese, district: '' }, ['district required']],
  [
    'a Chinese address of blanks',
    { ...chinese, province: ' ', city: '\t', district: '　' },
    ['province required', 'city required', 'district required'],
  ],
  ['a Chinese address with five digits', { ...chinese, postalCode: '20012' }, ['postalCode format']],
  ['a Chinese address with a landline', { ...chinese, phone: '021-12345678' }, ['phone format']],
  ['a Chinese address with an American phone', { ...chinese, phone: '+14155550100' }, ['phone format']],
  ['an American address', american, []],
  ['a state by name', { ...american, province: 'new york' }, []],
  ['a ZIP+4', { ...american, postalCode: '94043-1351' }, []],
  ['no state and no ZIP', { ...american, province: '', postalCode: '' }, ['province required', 'postalCode required']],
  ['a state of no union', { ...american, province: 'Ontario' }, ['province format']],
  ['a ZIP with letters', { ...american, postalCode: '94O43' }, ['postalCode format']],
  ['a city state needs no province', singapore, []],
  ['a country that is none', { ...singapore, country: 'ZZ' }, ['country format']],
  ['a country of the prototype', { ...singapore, country: 'constructor' }, ['country format']],
  ['a name of blanks', { ...singapore, recipient: '  ' }, ['recipient required']],
  ['a second line smuggled in', { ...singapore, line1: 'Main St\nCOD: free' }, ['line1 format']],
] as const)
  test(`${says}: ${expected.length === 0 ? 'taken' : expected.join(', ')}`, () => deepEqual(wrong(address), expected))

test('what is taken is trimmed and stays taken', () => {
  deepEqual(parseAddress({ ...chinese, recipient: ' 李伟 ', line1: '世纪大道100号 ' }), chinese)
  const text = fc.string({ unit: 'grapheme', maxLength: 20 })
  fc.assert(
    fc.property(
      fc.constantFrom('CN', 'US', 'SG', 'ZZ'),
      fc.array(text, { minLength: 8, maxLength: 8 }),
      (country, words) => {
        const [recipient, phone, province, city, district, line1, line2, postalCode] = words as Required<string[]>
        const typed = { recipient, phone, country, province, city, district, line1, line2, postalCode } as AddressFields
        if (wrong(typed).length === 0) deepEqual(parseAddress(parseAddress(typed)), parseAddress(typed))
      },
    ),
  )
})

test('a change is judged by the whole address', () => {
  const clear: string[] = []
  deepEqual(changeAddress(chinese, { clear }), chinese)
  deepEqual(changeAddress(chinese, { clear: ['postalCode'] }), { ...chinese, postalCode: '' })
  deepEqual(changeAddress(american, { line2: '', clear: ['line2'] }), { ...american, line2: '' })
  equal(changeAddress(chinese, { recipient: '王芳', clear }).recipient, '王芳')
  deepEqual(changeAddress(american, { clear: ['recipient', 'id', '__proto__'] }), american)
  for (const [address, patch] of [
    [chinese, { clear: ['district'] }],
    [chinese, { country: 'US', clear }],
    [american, { country: 'CN', clear }],
    [american, { recipient: '', clear }],
    [american, { postalCode: '1', clear }],
  ] as const)
    ok(
      (() => {
        try {
          changeAddress(address, patch)
          return false
        } catch (error) {
          return faultOf(error)?.code === 'VALIDATION_FAILED'
        }
      })(),
    )
})

test('the tables are whole', () => {
  equal(countries.size, 249)
  for (const country of ['CN', 'HK', 'MO', 'TW', 'US', 'GB', 'DE', 'ZW', 'AD']) ok(countries.has(country), country)
  equal(americanStates.size, 2 * (50 + 1 + 5 + 3))
  for (const state of ['ca', 'wyoming', 'puerto rico', 'u.s. virgin islands', 'ap'])
    ok(americanStates.has(state), state)
})
