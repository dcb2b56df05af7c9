import { deepEqual, equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from '@souk/kernel'
import fc from 'fast-check'
import { priceLines, worth } from '../src/domain/refund-lines.ts'

const bought = [
  { skuId: 'a', quantity: 3, total: 1000 },
  { skuId: '乙', quantity: 1, total: 5 },
  { skuId: 'free', quantity: 2, total: 0 },
]
const none = new Map<string, number>()
const invalid = (field: string) => (error: unknown) => {
  const known = faultOf(error)
  return known?.code === 'VALIDATION_FAILED' && known.violations[0]?.field === field
}

for (const [says, refunded, asked, amount] of [
  ['one of three', none, [{ skuId: 'a', quantity: 1 }], 333],
  ['two of three', none, [{ skuId: 'a', quantity: 2 }], 666],
  ['the last takes the remainder', new Map([['a', 2]]), [{ skuId: 'a', quantity: 1 }], 334],
  ['the last two after one', new Map([['a', 1]]), [{ skuId: 'a', quantity: 2 }], 667],
  ['all at once is the whole line', none, [{ skuId: 'a', quantity: 3 }], 1000],
  [
    'two lines, one written twice',
    none,
    [
      { skuId: 'a', quantity: 1 },
      { skuId: '乙', quantity: 1 },
      { skuId: 'a', quantity: 1 },
    ],
    671,
  ],
] as const)
  test(says, () => equal(priceLines(bought, refunded, asked).amount, amount))

test('equal SKUs are one line', () => {
  deepEqual(
    priceLines(bought, none, [
      { skuId: 'a', quantity: 1 },
      { skuId: 'a', quantity: 2 },
    ]).lines,
    [{ skuId: 'a', quantity: 3 }],
  )
})

for (const [says, refunded, asked, field] of [
  [
    'a SKU that was not bought',
    none,
    [
      { skuId: 'a', quantity: 1 },
      { skuId: 'z', quantity: 1 },
    ],
    'lines[1].skuId',
  ],
  ['more than was bought', none, [{ skuId: 'a', quantity: 4 }], 'lines[0].quantity'],
  [
    'more than was bought, in two lines',
    none,
    [
      { skuId: 'a', quantity: 2 },
      { skuId: 'a', quantity: 2 },
    ],
    'lines[0].quantity',
  ],
  ['more than is left', new Map([['a', 3]]), [{ skuId: 'a', quantity: 1 }], 'lines[0].quantity'],
  ['lines worth nothing', none, [{ skuId: 'free', quantity: 2 }], 'lines'],
] as const)
  test(`${says} is refused`, () => throws(() => priceLines(bought, refunded, asked), invalid(field)))

test('refunding a line piece by piece, in any pieces, gives back exactly its total', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }),
      (total, pieces) => {
        const quantity = pieces.reduce((a, b) => a + b, 0)
        let before = 0
        let back = 0
        for (const units of pieces) {
          const amount = worth({ skuId: 's', quantity, total }, before, units)
          equal(amount >= 0, true)
          before += units
          back += amount
        }
        equal(back, total)
      },
    ),
    { numRuns: 2000 },
  )
})
