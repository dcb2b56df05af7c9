import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { FlatCheckoutRequest } from '@souk/contract/edge'
import { countryCode } from '../src/edge/country.ts'
import { toAddress } from '../src/edge/flat-checkout.ts'

for (const [typed, code] of [
  ['CN', 'CN'],
  ['cn', 'CN'],
  [' us ', 'US'],
  ['USA', 'US'],
  ['China', 'CN'],
  ['  cHiNa ', 'CN'],
  ['中国', 'CN'],
  ['美国', 'US'],
  ['United States', 'US'],
  ['Germany', 'DE'],
  ['Vietnam', 'VN'],
  ['Türkiye', 'TR'],
  // The official names are long; nobody types them.
  ['Hong Kong', 'HK'],
  ['Hong Kong SAR China', 'HK'],
  ['香港', 'HK'],
  ['中国香港特别行政区', 'HK'],
  ['Macau', 'MO'],
  ['Macao', 'MO'],
  ['澳门', 'MO'],
  ['澳門', 'MO'],
  ['Taiwan', 'TW'],
  ['台湾', 'TW'],
  ['台灣', 'TW'],
  ['臺灣', 'TW'],
  ['美國', 'US'],
  // Names that the runtime's data also gives to codes that are no longer in use.
  ['United Kingdom', 'GB'],
  ['英国', 'GB'],
  ['UK', 'GB'],
  ['France', 'FR'],
  ['法国', 'FR'],
  ['Russia', 'RU'],
  ['Serbia', 'RS'],
  ['Timor-Leste', 'TL'],
  ['', 'ZZ'],
  [' ', 'ZZ'],
  ['Atlantis', 'ZZ'],
  ['C', 'ZZ'],
  ['CHN', 'ZZ'],
  ['C1', 'ZZ'],
  ['__proto__', 'ZZ'],
] as const)
  test(`${JSON.stringify(typed)} is ${code}`, () => equal(countryCode(typed), code))

const form = FlatCheckoutRequest.fromPartial({
  firstname: '小明',
  lastname: '王',
  phone: '+8613800138000',
  address: { streetAddress: '科技园路 1 号', city: '深圳', state: '广东', country: '中国', zipCode: '518000' },
})

test('the flat form becomes an address', () =>
  deepEqual(toAddress(form), {
    recipient: '小明 王',
    phone: '+8613800138000',
    country: 'CN',
    province: '广东',
    city: '深圳',
    district: '',
    line1: '科技园路 1 号',
    line2: '',
    postalCode: '518000',
    isDefault: false,
  }))

test('a country that nobody knows stays readable for who packs the parcel', () => {
  const { country, line2 } = toAddress({ ...form, address: { ...form.address!, country: 'Atlantis' } })
  deepEqual([country, line2], ['ZZ', 'Atlantis'])
})

for (const [firstname, lastname, recipient] of [
  ['Ada', 'Lovelace', 'Ada Lovelace'],
  ['Ada', '', 'Ada'],
  ['', '王', '王'],
  ['', '', ''],
] as const)
  test(`"${firstname}" and "${lastname}" are "${recipient}"`, () =>
    equal(toAddress({ ...form, firstname, lastname }).recipient, recipient))

test('what was not sent is empty, never undefined', () => {
  const address = toAddress(FlatCheckoutRequest.fromPartial({}))
  for (const [name, value] of Object.entries(address))
    equal(value, name === 'isDefault' ? false : name === 'country' ? 'ZZ' : '', name)
})
