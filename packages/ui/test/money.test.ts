import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatMoney, majorUnits, minorUnits, savedPercent } from '../src/money.ts'

const cny = (amount: number) => ({ currency: 'CNY', amount })

for (const [says, amount, currency, locale, bare, shown] of [
  ['orders keep the fraction', 75_800, 'CNY', 'en', false, '¥758.00'],
  ['cards drop an empty fraction', 75_800, 'CNY', 'en', true, '¥758'],
  ['cards keep a fraction that says something', 75_850, 'CNY', 'en', true, '¥758.50'],
  ['Chinese groups the same way', 1_234_567, 'CNY', 'zh-CN', false, '¥12,345.67'],
  ['less than one unit', 5, 'CNY', 'en', false, '¥0.05'],
  ['a currency without minor units', 500, 'JPY', 'en', false, '¥500'],
  ['a currency with three digits', 1_234, 'KWD', 'en', false, 'KWD 1.234'],
  ['what goes back', -19_900, 'CNY', 'en', false, '-¥199.00'],
  ['the largest sum there is', Number.MAX_SAFE_INTEGER, 'CNY', 'en', false, '¥90,071,992,547,409.91'],
] as const)
  test(`${says}: ${shown}`, () => {
    equal(formatMoney({ currency, amount }, locale, { bare }).replace(/\u00a0/g, ' '), shown)
  })

test('what was typed comes back as it was typed', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.constantFrom('CNY', 'JPY', 'KWD'), (amount, currency) => {
      equal(minorUnits(majorUnits(amount, currency), currency), amount)
    }),
  )
})

for (const [typed, amount] of [
  ['99', 9_900],
  ['99.5', 9_950],
  ['99,50', 9_950],
  [' 0.01 ', 1],
  ['99.999', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['90071992547409.91', Number.MAX_SAFE_INTEGER],
  ['90071992547409.92', undefined],
  ['', undefined],
] as const)
  test(`'${typed}' typed as a price is ${amount} minor units`, () => equal(minorUnits(typed, 'CNY'), amount))

for (const [says, price, listPrice, percent] of [
  ['a third, rounded down', cny(6_667), cny(10_000), 33],
  ['nothing without a list price', cny(6_667), undefined, 0],
  ['nothing when the price rose', cny(12_000), cny(10_000), 0],
  ['nothing between currencies', cny(1), { currency: 'USD', amount: 100 }, 0],
  ['never a hundred while something is paid', cny(1), cny(1_000_000), 99],
] as const)
  test(`saved: ${says}`, () => equal(savedPercent(price, listPrice), percent))
