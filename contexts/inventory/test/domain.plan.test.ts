import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { planLines, sameLines, sumLines } from '../src/domain/plan.ts'
import { books } from './given.ts'

const line = (skuId: string, quantity: number) => ({ skuId, quantity })

test('lines are summed by SKU and stand in the order of their SKUs, in which rows are locked', () => {
  for (const given of [
    [line('c', 1), line('a', 2), line('b', 3), line('a', 4)],
    [line('a', 6), line('b', 3), line('c', 1)],
    [line('b', 3), line('c', 1), line('a', 6)],
  ])
    deepEqual(sumLines(given), [line('a', 6), line('b', 3), line('c', 1)])
})

for (const [says, held, wanted, same] of [
  ['equal lists', [line('a', 1), line('b', 2)], [line('a', 1), line('b', 2)], true],
  ['a SKU held in two warehouses', [line('a', 1), line('a', 2)], [line('a', 3)], true],
  ['more held than wanted', [line('a', 1), line('b', 2)], [line('a', 1)], false],
  ['less held than wanted', [line('a', 1)], [line('a', 1), line('b', 2)], false],
  ['another quantity', [line('a', 1)], [line('a', 2)], false],
  ['another SKU', [line('a', 1)], [line('b', 1)], false],
] as const)
  test(`a hold is ${same ? 'the' : 'not the'} wish: ${says}`, () => equal(sameLines(held, wanted), same))

test('a warehouse that has exactly enough serves alone, and an empty one gives no line', () => {
  const open = books([
    { onHand: 0, warehouse: 'w1' },
    { onHand: 2, warehouse: 'w2' },
    { onHand: 3, warehouse: 'w3' },
  ])
  deepEqual(planLines(open, [line('a', 3)]), { lines: [{ skuId: 'a', warehouseId: 'w3', quantity: 3 }] })
  deepEqual(planLines(open, [line('a', 4)]), {
    lines: [
      { skuId: 'a', warehouseId: 'w2', quantity: 2 },
      { skuId: 'a', warehouseId: 'w3', quantity: 2 },
    ],
  })
})
