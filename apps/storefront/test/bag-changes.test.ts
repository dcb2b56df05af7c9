import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { Cart } from '@souk/contract/cart'
import { mergeChanges, newer, withQuantities } from '../src/data/bag-changes.ts'

const cart = (lines: Record<string, number>, version = 1): Cart => ({
  lines: Object.entries(lines).map(([skuId, quantity]) => ({
    skuId,
    quantity,
    selected: true,
    product: {
      productId: '',
      slug: '',
      name: skuId,
      code: '',
      options: {},
      image: '',
      availability: 'IN_STOCK',
      merchantId: '',
    },
    unitPrice: undefined,
    problems: [],
    addedAt: undefined,
  })),
  version,
  count: Object.values(lines).reduce((sum, quantity) => sum + quantity, 0),
  subtotal: undefined,
  cartToken: '',
})

test('merging tells what came and what grew, also when stock ended it early', () =>
  deepEqual(mergeChanges(cart({ a: 2, b: 1, c: 4 }), cart({ b: 1, d: 1, c: 3 }), cart({ a: 2, b: 2, c: 3, d: 1 })), [
    { name: 'a', from: 0, to: 2 },
    { name: 'b', from: 1, to: 2 },
  ]))

test('a late answer does not undo a newer one', () => {
  const held = cart({ a: 3 }, 5)
  equal(newer(held, cart({ a: 1 }, 4)), held)
  equal(newer(held, cart({ a: 4 }, 6)).version, 6)
  equal(newer(undefined, held), held)
})

test('quantities on their way are shown and counted', () => {
  const shown = withQuantities(cart({ a: 1, b: 2 }), new Map([['a', 7]]))
  deepEqual(
    shown.lines.map(({ quantity }) => quantity),
    [7, 2],
  )
  equal(shown.count, 9)
})
