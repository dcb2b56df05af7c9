import { deepEqual, equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import type { HoldState } from '@souk/contract/inventory'
import { faultOf } from '@souk/kernel'
import type { Books, Hold } from '../src/domain/books.ts'
import {
  after,
  answerHold,
  attachedMs,
  commit,
  commitOrder,
  latest,
  meetDue,
  release,
  releaseOrder,
  type Step,
  ship,
  transitions,
} from '../src/domain/holds.ts'
import { books, hold, noon, parcel } from './given.ts'

const states: HoldState[] = ['HELD', 'COMMITTED', 'SHIPPED', 'RELEASED', 'EXPIRED']
const steps: Step[] = ['commit', 'release', 'expire', 'ship']
const legal: Record<string, HoldState> = {
  'HELD commit': 'COMMITTED',
  'HELD release': 'RELEASED',
  'HELD expire': 'EXPIRED',
  'COMMITTED release': 'RELEASED',
  'COMMITTED ship': 'SHIPPED',
}

for (const from of states)
  for (const step of steps) {
    const to = legal[`${from} ${step}`]
    test(`${from} + ${step} ${to ? `becomes ${to}` : 'is refused'}`, () => {
      if (to) equal(after(from, step), to)
      else
        throws(
          () => after(from, step),
          (error) => faultOf(error)?.code === 'ILLEGAL_TRANSITION',
        )
    })
  }

test('terminal states have no exit', () => {
  for (const state of ['SHIPPED', 'RELEASED', 'EXPIRED'] as const) deepEqual(transitions[state], {})
})

/** Books in which one hold of 3 pieces stands in the given state. */
const standing = (state: HoldState, change: Partial<Hold> = {}): { open: Books; held: Hold } => {
  const held = hold({ state, ...change })
  const gone = state === 'SHIPPED' ? 3 : 0
  const stock = { onHand: 5 - gone, reserved: state === 'HELD' ? 3 : 0, allocated: state === 'COMMITTED' ? 3 : 0 }
  return { open: books([stock], [held]), held }
}
const counters = (open: Books) => open.levels.get('a')?.map((l) => [l.onHand, l.reserved, l.allocated])[0]
const said = (open: Books) => open.facts.map((fact) => fact.type.replace('inventory.', ''))
const threeOfA = [{ skuId: 'a', quantity: 3 }]

test('a release frees what is not shipped and says so once', () => {
  const { open, held } = standing('COMMITTED', {
    lines: [{ skuId: 'a', warehouseId: 'main', quantity: 3, shipped: 1 }],
  })
  const level = open.levels.get('a')?.[0]
  if (level) level.allocated = 2
  release(open, held, 'cancelled')
  deepEqual(counters(open), [5, 0, 0])
  deepEqual(
    open.facts.map((f) => [f.type, f.aggregateVersion, f.payload]),
    [['inventory.StockReleased', 2, { orderId: 'o1', reason: 'cancelled' }]],
  )
  throws(
    () => release(open, held, 'cancelled'),
    (error) => faultOf(error)?.code === 'ILLEGAL_TRANSITION',
  )
  deepEqual(counters(open), [5, 0, 0])
})

test('committed stock never expires', () => {
  const { open, held } = standing('COMMITTED')
  throws(
    () => release(open, held, 'expired'),
    (error) => faultOf(error)?.code === 'ILLEGAL_TRANSITION',
  )
})

for (const [says, state, expected, counts, facts] of [
  ['a held order is committed', 'HELD', 'committed', [5, 0, 3], ['StockCommitted']],
  ['a committed order is known', 'COMMITTED', 'known', [5, 0, 3], []],
  ['a shipped order is known', 'SHIPPED', 'known', [2, 0, 0], []],
  ['a released hold is taken again', 'RELEASED', 'committed', [5, 0, 3], ['StockReserved', 'StockCommitted']],
  ['an expired hold is taken again', 'EXPIRED', 'committed', [5, 0, 3], ['StockReserved', 'StockCommitted']],
] as const)
  test(`paid: ${says}`, () => {
    const { open } = standing(state)
    equal(commitOrder(open, 'o1', threeOfA), expected)
    deepEqual(counters(open), counts)
    deepEqual(said(open), facts)
  })

test('paid without any hold: taken now', () => {
  const open = books([{ onHand: 3 }])
  equal(commitOrder(open, 'o1', threeOfA), 'committed')
  deepEqual(counters(open), [3, 0, 3])
})

for (const [says, given, version] of [
  ['after an expired hold', [hold({ state: 'EXPIRED', version: 3 })], 4],
  ['without any hold', [], 1],
] as const)
  test(`paid, but nothing is left ${says}: the failure is said and nothing is held`, () => {
    const open = books([{ onHand: 2 }], given)
    equal(commitOrder(open, 'o1', threeOfA), 'failed')
    deepEqual(
      open.facts.map((f) => [f.type, f.aggregateVersion]),
      [['inventory.CommitFailed', version]],
    )
    deepEqual(counters(open), [2, 0, 0])
    const last = latest(open, 'o1')
    deepEqual([last?.state, last?.lines, last?.version], ['RELEASED', [], version])
  })

for (const [state, free] of [
  ['HELD', true],
  ['COMMITTED', true],
  ['SHIPPED', false],
  ['RELEASED', false],
  ['EXPIRED', false],
] as const)
  test(`cancelled: ${state} ${free ? 'becomes free' : 'stays'}`, () => {
    const { open, held } = standing(state)
    const before = counters(open)
    releaseOrder(open, 'o1')
    equal(held.state, free ? 'RELEASED' : state)
    deepEqual(counters(open), free ? [5, 0, 0] : before)
  })

test('cancelled without a hold: nothing', () => {
  const open = books([{ onHand: 1 }])
  releaseOrder(open, 'nobody')
  deepEqual(open.facts, [])
})

test("an overdue hold of a context is asked about once, not ended; an API key's ends", () => {
  const { open, held } = standing('HELD')
  meetDue(open, 'o1')
  meetDue(open, 'o1')
  deepEqual(said(open), ['HoldOverdue'])
  deepEqual([held.state, held.checkAt, held.version], ['HELD', noon + attachedMs, 2])
  const outside = standing('HELD', { external: true })
  meetDue(outside.open, 'o1')
  deepEqual([said(outside.open), outside.held.state, counters(outside.open)], [['StockReleased'], 'EXPIRED', [5, 0, 0]])
})

test('a hold that is not due is left alone', () => {
  const { open, held } = standing('HELD', { checkAt: noon + 1 })
  meetDue(open, 'o1')
  deepEqual([said(open), held.state], [[], 'HELD'])
})

for (const [says, needed, change, state, attached] of [
  ['needed: it stays, attached', true, {}, 'HELD', true],
  ['not needed: it ends', false, {}, 'EXPIRED', false],
  ['a fresh hold of a later attempt is not meant', false, { expiresAt: noon + 1 }, 'HELD', false],
  ['a committed one stays', false, { state: 'COMMITTED' }, 'COMMITTED', false],
] as const)
  test(`answered: ${says}`, () => {
    const given: Partial<Hold> = change
    const { open, held } = standing(given.state ?? 'HELD', given)
    answerHold(open, 'o1', needed)
    deepEqual([held.state, held.attached], [state, attached])
    equal(held.checkAt, attached ? noon + attachedMs : noon - 5000)
  })

test('shipped in two parcels: SHIPPED with the last unit, each a sale', () => {
  const { open, held } = standing('COMMITTED')
  ship(open, parcel(1))
  deepEqual([held.state, counters(open)], ['COMMITTED', [4, 0, 2]])
  ship(open, parcel(2, { shipmentId: 's2' }))
  deepEqual([held.state, counters(open)], ['SHIPPED', [2, 0, 0]])
  deepEqual(
    open.moves.map(({ kind, quantity, reference }) => [kind, quantity, reference]),
    [
      ['SALE', -1, 's1'],
      ['SALE', -2, 's2'],
    ],
  )
})

test('a parcel that left before its order was cancelled comes out of free stock', () => {
  const { open, held } = standing('RELEASED')
  ship(open, parcel(3))
  deepEqual([held.state, counters(open)], ['RELEASED', [2, 0, 0]])
})

test('... and is refused when that stock is promised to others', () => {
  const held = hold({ state: 'RELEASED' })
  throws(() => ship(books([{ onHand: 5, reserved: 4 }], [held]), parcel(3)), /promised to others/)
})

for (const [says, state, given] of [
  ['an order that only holds', 'HELD', parcel(3)],
  ['more than the order holds', 'COMMITTED', parcel(4)],
  ['a SKU that it does not hold', 'COMMITTED', parcel(1, { lines: [{ skuId: 'z', quantity: 1 }] })],
  ['another warehouse', 'COMMITTED', parcel(1, { warehouseId: 'second' })],
  ['a shipped order again', 'SHIPPED', parcel(1, {})],
  ['an unknown order', 'COMMITTED', parcel(1, { orderId: 'o9' })],
] as const)
  test(`a parcel is refused for ${says}`, () => {
    const { open } = standing(
      state,
      state === 'SHIPPED' ? { lines: [{ skuId: 'a', warehouseId: 'main', quantity: 3, shipped: 3 }] } : {},
    )
    throws(() => ship(open, given), Error)
  })

test('commit moves reserved to allocated', () => {
  const { open, held } = standing('HELD')
  commit(open, held)
  deepEqual(counters(open), [5, 0, 3])
})
