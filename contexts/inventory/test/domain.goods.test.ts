import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from '@souk/kernel'
import { available, type Books, bandOf, free, settleBands } from '../src/domain/books.ts'
import { adjust, keepBack, mostOnHand, receive } from '../src/domain/goods.ts'
import { books } from './given.ts'

const change = (quantity: number, skuId = 'a', warehouseId = 'main') => ({
  skuId,
  warehouseId,
  quantity,
  reason: 'count',
  actor: 'user:1',
  reference: 'r',
})

/** Nine pieces, three of them reserved and two allocated. */
const shelf = () => books([{ onHand: 9, reserved: 3, allocated: 2 }])
const first = (open: Books) => open.levels.get('a')![0]!
const counters = (open: Books) => [first(open).onHand, first(open).reserved, first(open).allocated]

/** The code of a refusal, with the field or what it names. */
const refusal = (work: () => unknown): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    const { code, violations, params } = faultOf(error)!
    return `${code} ${violations[0]?.field ?? Object.entries(params).join(' ')}`
  }
}

for (const [says, act, expected] of [
  [
    'an adjustment below what is promised, with what could be taken',
    (open: Books) => adjust(open, change(-5)),
    'OUT_OF_STOCK skuId,a available,4',
  ],
  ['an adjustment of an unknown SKU', (open: Books) => adjust(open, change(1, 'z')), 'NOT_FOUND skuId,z'],
  [
    'an adjustment in an unknown warehouse',
    (open: Books) => adjust(open, change(1, 'a', 'far')),
    'NOT_FOUND warehouseId,far',
  ],
  ['an adjustment beyond all reason', (open: Books) => adjust(open, change(mostOnHand - 8)), 'VALIDATION_FAILED delta'],
  ['a receipt of an unknown SKU', (open: Books) => receive(open, change(1, 'z')), 'NOT_FOUND skuId,z'],
  ['a receipt beyond all reason', (open: Books) => receive(open, change(mostOnHand - 8)), 'VALIDATION_FAILED quantity'],
  ['safety stock in an unknown warehouse', (open: Books) => keepBack(open, 'a', 'far', 1), 'NOT_FOUND warehouseId,far'],
] as const)
  test(`refused, and nothing has changed: ${says}`, () => {
    const open = shelf()
    equal(
      refusal(() => act(open)),
      expected,
    )
    deepEqual([counters(open), open.moves], [[9, 3, 2], []])
  })

for (const [says, act, onHand, kind, quantity] of [
  ['down to what is promised', (open: Books) => adjust(open, change(-4)), 5, 'ADJUSTMENT', -4],
  ['up', (open: Books) => adjust(open, change(1)), 10, 'ADJUSTMENT', 1],
  ['by a receipt', (open: Books) => receive(open, change(6)), 15, 'RECEIPT', 6],
  [
    'up to the most there can be',
    (open: Books) => receive(open, change(mostOnHand - 9)),
    mostOnHand,
    'RECEIPT',
    mostOnHand - 9,
  ],
] as const)
  test(`stock goes ${says}: one movement that says so, promises stay`, () => {
    const open = shelf()
    act(open)
    deepEqual(counters(open), [onHand, 3, 2])
    deepEqual(open.moves, [{ kind, ...change(quantity) }])
  })

test('receiving zero writes no movement', () => {
  const open = shelf()
  receive(open, change(0))
  deepEqual([counters(open), open.moves], [[9, 3, 2], []])
})

test('what a warehouse keeps back is not to be had, even when it is more than there is', () => {
  const open = shelf()
  equal(free(first(open)), 4)
  equal(keepBack(open, 'a', 'main', 1), first(open))
  deepEqual([free(first(open)), available(open, 'a')], [3, 3])
  keepBack(open, 'a', 'main', 20)
  deepEqual([free(first(open)), available(open, 'a'), counters(open)], [-16, 0, [9, 3, 2]])
})

test('nothing is available of a SKU that no warehouse knows', () => equal(available(shelf(), 'z'), 0))

test('a band that was never announced is announced, also when it is the one supposed', () => {
  const open = books([{ onHand: 9 }])
  open.skus.get('a')!.version = 0
  settleBands(open, 5)
  settleBands(open, 5)
  deepEqual(open.facts, [
    {
      type: 'inventory.AvailabilityChanged',
      aggregateId: 'a',
      aggregateVersion: 1,
      payload: { skuId: 'a', band: 'IN_STOCK', version: 1 },
    },
  ])
})

for (const [quantity, band] of [
  [-1, 'OUT_OF_STOCK'],
  [0, 'OUT_OF_STOCK'],
  [1, 'LOW'],
  [5, 'LOW'],
  [6, 'IN_STOCK'],
] as const)
  test(`${quantity} available is ${band}`, () => equal(bandOf(quantity, 5), band))
