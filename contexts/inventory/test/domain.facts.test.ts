import { deepEqual, equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import type { Books, Hold } from '../src/domain/books.ts'
import { answerHold, commitOrder, latest, meetDue, release, releaseOrder, reserve, ship } from '../src/domain/holds.ts'
import { books, hold, noon, parcel, wish } from './given.ts'

const threeOfA = [{ skuId: 'a', quantity: 3 }]
const held = { skuId: 'a', warehouseId: 'main', quantity: 3 }
const told = (open: Books) => open.facts.map(({ type, aggregateVersion, payload }) => [type, aggregateVersion, payload])
const reserved = () => books([{ onHand: 5, reserved: 3 }], [hold()])

for (const [says, open, act, facts] of [
  [
    'a reservation names its attempt and where each line is held',
    books([{ onHand: 5 }]),
    (open: Books) => reserve(open, wish('o1', threeOfA)),
    [['inventory.StockReserved', 1, { orderId: 'o1', attempt: 1, lines: [held] }]],
  ],
  [
    'a replaced hold is released as replaced',
    reserved(),
    (open: Books) => reserve(open, wish('o2', [{ skuId: 'a', quantity: 1 }], { replaces: 'o1' })),
    [
      ['inventory.StockReleased', 2, { orderId: 'o1', reason: 'replaced' }],
      ['inventory.StockReserved', 1, { orderId: 'o2', attempt: 1, lines: [{ ...held, quantity: 1 }] }],
    ],
  ],
  [
    'a commit names what is promised now',
    reserved(),
    (open: Books) => commitOrder(open, 'o1', threeOfA),
    [['inventory.StockCommitted', 2, { orderId: 'o1', lines: [held] }]],
  ],
  [
    'a commit without stock says so',
    books([{ onHand: 2 }]),
    (open: Books) => commitOrder(open, 'o1', threeOfA),
    [['inventory.CommitFailed', 1, { orderId: 'o1', reason: 'OUT_OF_STOCK' }]],
  ],
  [
    'a cancelled order releases as cancelled',
    reserved(),
    (open: Books) => releaseOrder(open, 'o1'),
    [['inventory.StockReleased', 2, { orderId: 'o1', reason: 'cancelled' }]],
  ],
  [
    'an overdue hold is asked about by its attempt',
    reserved(),
    (open: Books) => meetDue(open, 'o1'),
    [['inventory.HoldOverdue', 2, { orderId: 'o1', attempt: 1 }]],
  ],
  [
    'a hold that nobody needs is released as expired',
    reserved(),
    (open: Books) => answerHold(open, 'o1', false),
    [['inventory.StockReleased', 2, { orderId: 'o1', reason: 'expired' }]],
  ],
] as const)
  test(`told to others: ${says}`, () => {
    act(open)
    deepEqual(told(open), facts)
  })

test('a new hold is nobody’s yet, and the first of its order', () => {
  const open = books([{ onHand: 5 }])
  reserve(open, wish('o1'))
  deepEqual(
    open.holds.get('o1')?.map(({ attempt, state, attached }) => [attempt, state, attached]),
    [[1, 'HELD', false]],
  )
})

for (const [says, given, stock, external, attached] of [
  ['by a context', [], 3, false, false],
  ['by an API key, whose hold had expired', [hold({ state: 'EXPIRED', external: true })], 3, true, false],
  ['by an API key, and nothing is left', [hold({ state: 'EXPIRED', external: true })], 2, true, false],
] as const)
  test(`paid ${says}: the new attempt belongs to the same caller`, () => {
    const open = books([{ onHand: stock }], given)
    commitOrder(open, 'o1', threeOfA)
    const last = latest(open, 'o1')
    deepEqual([last?.attempt, last?.external, last?.attached], [given.length + 1, external, attached])
  })

test('a second attempt by another kind of caller is a conflict', () => {
  const open = books([{ onHand: 9 }], [hold({ state: 'RELEASED' })])
  equal(reserve(open, wish('o1', threeOfA, { attempt: 2, external: true })).kind, 'conflict')
})

for (const state of ['COMMITTED', 'SHIPPED', 'RELEASED', 'EXPIRED'] as const)
  test(`a hold that is ${state} is never overdue`, () => {
    const open = books([{ onHand: 5, allocated: 3 }], [hold({ state })])
    meetDue(open, 'o1')
    deepEqual([open.facts, latest(open, 'o1')?.checkAt], [[], noon - 5000])
  })

test('a hold is due at its very instant, and answered from its very expiry on', () => {
  const now: Partial<Hold> = { checkAt: noon, expiresAt: noon }
  const open = books([{ onHand: 5, reserved: 3 }], [hold(now)])
  meetDue(open, 'o1')
  equal(open.facts.length, 1)
  answerHold(open, 'o1', false)
  equal(latest(open, 'o1')?.state, 'EXPIRED')
})

test('what is asked or answered about an order without a hold changes nothing', () => {
  const open = books([{ onHand: 5 }])
  meetDue(open, 'o9')
  answerHold(open, 'o9', true)
  deepEqual([open.facts, open.holds.size], [[], 0])
})

const two = [
  { skuId: 'a', warehouseId: 'main', quantity: 3, shipped: 0 },
  { skuId: 'b', warehouseId: 'main', quantity: 1, shipped: 0 },
]

test('a sale in the movements says what left, why, by whom and under which shipment', () => {
  const open = books([{ onHand: 5, allocated: 3 }], [hold({ state: 'COMMITTED' })])
  ship(open, parcel(3))
  deepEqual(open.moves, [
    {
      skuId: 'a',
      warehouseId: 'main',
      kind: 'SALE',
      quantity: -3,
      reason: 'shipped',
      actor: 'system:fulfillment',
      reference: 's1',
    },
  ])
})

test('a hold is shipped with the last unit of all its lines, not of one', () => {
  const stock = [
    { onHand: 5, allocated: 3 },
    { sku: 'b', onHand: 1, allocated: 1 },
  ]
  const open = books(stock, [hold({ state: 'COMMITTED', lines: two })])
  ship(open, parcel(3))
  equal(latest(open, 'o1')?.state, 'COMMITTED')
  ship(open, parcel(1, { lines: [{ skuId: 'b', quantity: 1 }] }))
  equal(latest(open, 'o1')?.state, 'SHIPPED')
})

for (const [says, stock, given, problem] of [
  ['exactly what is promised to others may stay', { onHand: 5, reserved: 1, allocated: 1 }, 'RELEASED', undefined],
  ['less than reserved may not', { onHand: 5, reserved: 3 }, 'RELEASED', /a left main but is promised to others/],
  ['nor less than allocated', { onHand: 5, allocated: 3 }, 'RELEASED', /a left main but is promised to others/],
  ['nothing leaves on a hold that is not paid', { onHand: 9, reserved: 3 }, 'HELD', /order o1 has no committed stock/],
] as const)
  test(`a parcel of three leaves: ${says}`, () => {
    const open = books([stock], [hold({ state: given })])
    if (problem) throws(() => ship(open, parcel(3)), problem)
    else ship(open, parcel(3))
  })

test('a parcel that no hold covers names itself, so that somebody can look', () => {
  const open = books([{ onHand: 9, allocated: 3 }], [hold({ state: 'COMMITTED' })])
  throws(() => ship(open, parcel(4)), /shipment s1 carries more of a than its order holds/)
  throws(() => ship(open, parcel(1, { orderId: 'o9' })), /order o9 has no committed stock/)
})

test('a hold of stock that has no row is a broken book, not a quiet nothing', () => {
  const open = books([], [hold()])
  throws(() => release(open, latest(open, 'o1')!, 'cancelled'), /no stock row of a in main/)
})
