import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitIntoGroups } from '../src/domain/draft.ts'
import { grossOf, noAdjustments, priceOrder } from '../src/domain/pricing.ts'
import { line } from './given.ts'

const anyLine = fc.record({
  quantity: fc.integer({ min: 1, max: 9999 }),
  unitPrice: fc.integer({ min: 0, max: 10_000_000 }),
  merchant: fc.constantFrom('m1', 'm2'),
  split: fc.double({ min: 0, max: 1, noNaN: true }),
})

const anyOrder = fc
  .record({
    lines: fc.array(anyLine, { minLength: 1, maxLength: 20 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    freight: fc.integer({ min: 0, max: 100_000 }),
    tax: fc.integer({ min: 0, max: 100_000 }),
  })
  .map(({ lines, share, freight, tax }) => {
    const made = lines.map(({ quantity, unitPrice, merchant }, at) => line(`sku-${at}`, quantity, unitPrice, merchant))
    const subtotal = made.reduce((sum, each) => sum + grossOf(each), 0)
    const held = lines.flatMap(({ quantity, split }, at) => {
      const near = Math.floor(quantity * split)
      return [
        { skuId: `sku-${at}`, warehouseId: 'near', quantity: near },
        { skuId: `sku-${at}`, warehouseId: 'far', quantity: quantity - near },
      ].filter((part) => part.quantity > 0)
    })
    return { lines: made, held, adjustments: { discount: Math.floor(subtotal * share), freight, tax } }
  })

const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0)

test('totals and lines agree to the minor unit (I11)', () => {
  fc.assert(
    fc.property(anyOrder, ({ lines, adjustments }) => {
      const priced = priceOrder('CNY', lines, adjustments)
      assert.equal(priced.subtotal, sum(lines.map(grossOf)))
      assert.equal(sum(priced.lines.map(({ discount }) => discount)), priced.discount)
      assert.equal(priced.total, priced.subtotal - priced.discount + priced.freight + priced.tax)
      assert.ok(priced.lines.every((each) => each.discount >= 0 && each.discount <= grossOf(each)))
    }),
    { numRuns: 5000 },
  )
})

test('groups take every unit and every minor unit of the order', () => {
  fc.assert(
    fc.property(anyOrder, ({ lines, held, adjustments }) => {
      const priced = priceOrder('CNY', lines, adjustments)
      let made = 0
      const groups = splitIntoGroups(priced, held, () => `g${made++}`)
      const portions = groups.flatMap((group) => group.portions)
      for (const [place, each] of priced.lines.entries()) {
        const mine = portions.filter((portion) => portion.line === place)
        assert.equal(sum(mine.map(({ quantity }) => quantity)), each.quantity)
        assert.equal(sum(mine.map(({ discount }) => discount)), each.discount)
      }
      assert.equal(sum(groups.map(({ freight }) => freight)), priced.freight)
      assert.equal(
        new Set(groups.map(({ merchantId, warehouseId }) => `${merchantId}/${warehouseId}`)).size,
        groups.length,
      )
    }),
    { numRuns: 2000 },
  )
})

test('without promotions a line costs price times quantity', () => {
  const priced = priceOrder('CNY', [line('a', 3, 333), line('b', 1, 1)], noAdjustments)
  assert.deepEqual(
    {
      subtotal: priced.subtotal,
      discount: priced.discount,
      freight: priced.freight,
      tax: priced.tax,
      total: priced.total,
    },
    { subtotal: 1000, discount: 0, freight: 0, tax: 0, total: 1000 },
  )
})

const unsafe = 'not a whole number within ±(2^53−1)'
const unfit = 'discount, freight and tax must be whole, not negative, and leave a total'

for (const [says, lines, adjustments, reason] of [
  ['a sum beyond the safe integers', [line('a', 9999, 9_007_199_254_740)], noAdjustments, unsafe],
  ['a price that is no whole number', [line('a', 1, 0.5)], noAdjustments, unsafe],
  ['a discount above the goods', [line('a', 1, 100)], { discount: 101, freight: 0, tax: 0 }, unfit],
  ['a negative freight', [line('a', 1, 100)], { discount: 0, freight: -1, tax: 0 }, unfit],
  ['a broken tax', [line('a', 1, 100)], { discount: 0, freight: 0, tax: Number.NaN }, unfit],
] as const)
  test(`${says} is refused`, () => {
    assert.throws(() => priceOrder('CNY', lines, adjustments), { code: 'VALIDATION_FAILED', params: { reason } })
  })
