import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Books, settleBands } from '../src/domain/books.ts'
import { latest, reserve, type Verdict, type Wish } from '../src/domain/holds.ts'
import { type Line, planLines, sumLines } from '../src/domain/plan.ts'
import { books, hold, noon, wish } from './given.ts'

const said = (open: Books) => open.facts.map((fact) => fact.type.replace('inventory.', ''))
const counters = (open: Books, skuId = 'a') =>
  (open.levels.get(skuId) ?? []).map(({ onHand, reserved, allocated }) => [onHand, reserved, allocated])

test('all lines are held or none', () => {
  const open = books([{ onHand: 5 }, { sku: 'b', onHand: 1 }])
  const short = reserve(
    open,
    wish('o1', [
      { skuId: 'a', quantity: 2 },
      { skuId: 'b', quantity: 2 },
    ]),
  )
  deepEqual(short, { kind: 'short', skuId: 'b', available: 1 })
  deepEqual(counters(open), [[5, 0, 0]])
  deepEqual(said(open), [])
  equal(
    reserve(
      open,
      wish('o1', [
        { skuId: 'a', quantity: 2 },
        { skuId: 'b', quantity: 1 },
      ]),
    ).kind,
    'held',
  )
  deepEqual([counters(open, 'a'), counters(open, 'b')], [[[5, 2, 0]], [[1, 1, 0]]])
  deepEqual(said(open), ['StockReserved'])
})

test('the same SKU twice is judged once, with the sum', () => {
  const twice = [
    { skuId: 'a', quantity: 2 },
    { skuId: 'a', quantity: 2 },
  ]
  equal(reserve(books([{ onHand: 3 }]), wish('o1', twice)).kind, 'short')
  const open = books([{ onHand: 4 }])
  const verdict = reserve(open, wish('o1', twice))
  ok(verdict.kind === 'held')
  deepEqual(verdict.hold.lines, [{ skuId: 'a', warehouseId: 'main', quantity: 4, shipped: 0 }])
})

test('an unknown SKU has nothing to give', () => {
  deepEqual(reserve(books([]), wish('o1', [{ skuId: '不存在', quantity: 1 }])), {
    kind: 'short',
    skuId: '不存在',
    available: 0,
  })
})

for (const [says, given, wanted, expected] of [
  ['a repeat gets the first result', hold(), wish('o1', [{ skuId: 'a', quantity: 3 }]), 'held'],
  [
    'a repeat after the end gets the ended hold',
    hold({ state: 'RELEASED' }),
    wish('o1', [{ skuId: 'a', quantity: 3 }]),
    'held',
  ],
  ['a repeat with another quantity is a conflict', hold(), wish('o1', [{ skuId: 'a', quantity: 2 }]), 'conflict'],
  ['a repeat with another SKU is a conflict', hold(), wish('o1', [{ skuId: 'b', quantity: 3 }]), 'conflict'],
  [
    'a repeat by somebody else is a conflict',
    hold(),
    wish('o1', [{ skuId: 'a', quantity: 3 }], { external: true }),
    'conflict',
  ],
  ['a second attempt beside a living one is a conflict', hold(), wish('o1', undefined, { attempt: 2 }), 'conflict'],
  [
    'a second attempt beside a committed one is a conflict',
    hold({ state: 'COMMITTED' }),
    wish('o1', undefined, { attempt: 2 }),
    'conflict',
  ],
  [
    'a second attempt of a shipped order is a conflict',
    hold({ state: 'SHIPPED' }),
    wish('o1', undefined, { attempt: 2 }),
    'conflict',
  ],
  [
    'a second attempt after a release is new',
    hold({ state: 'RELEASED' }),
    wish('o1', undefined, { attempt: 2 }),
    'held',
  ],
  [
    'a second attempt after the expiry is new',
    hold({ state: 'EXPIRED' }),
    wish('o1', undefined, { attempt: 2 }),
    'held',
  ],
  [
    'an attempt that comes after a later one is a conflict',
    hold({ attempt: 3, state: 'RELEASED' }),
    wish('o1', undefined, { attempt: 2 }),
    'conflict',
  ],
  ['a second attempt may replace the first', hold(), wish('o1', undefined, { attempt: 2, replaces: 'o1' }), 'held'],
] as const)
  test(says, () => {
    const open = books(
      [
        { onHand: 9, reserved: given.state === 'HELD' ? 3 : 0 },
        { sku: 'b', onHand: 9 },
      ],
      [given],
    )
    equal(reserve(open, wanted).kind, expected)
  })

test('versions go on over the attempts of an order id', () => {
  const open = books([{ onHand: 9, reserved: 3 }], [hold({ version: 4 })])
  reserve(open, wish('o1', undefined, { attempt: 2, replaces: 'o1' }))
  deepEqual(
    open.facts.map((fact) => [fact.type, fact.aggregateVersion]),
    [
      ['inventory.StockReleased', 5],
      ['inventory.StockReserved', 6],
    ],
  )
})

test('nobody is refused because of the hold he replaces', () => {
  const open = books([{ onHand: 3, reserved: 3 }], [hold()])
  equal(reserve(open, wish('o2', [{ skuId: 'a', quantity: 3 }], { replaces: 'o1' })).kind, 'held')
  deepEqual(counters(open), [[3, 3, 0]])
  equal(latest(open, 'o1')?.state, 'RELEASED')
})

test('a refusal leaves the hold that would have been replaced', () => {
  const open = books([{ onHand: 3, reserved: 3 }], [hold()])
  deepEqual(reserve(open, wish('o2', [{ skuId: 'a', quantity: 4 }], { replaces: 'o1' })), {
    kind: 'short',
    skuId: 'a',
    available: 3,
  })
  equal(latest(open, 'o1')?.state, 'HELD')
  deepEqual(counters(open), [[3, 3, 0]])
})

for (const [says, other, state] of [
  ['a committed hold', hold({ state: 'COMMITTED' }), 'COMMITTED'],
  ['a hold of another kind of caller', hold({ external: true }), 'HELD'],
] as const)
  test(`${says} is not replaced`, () => {
    const open = books([{ onHand: 9, reserved: 3, allocated: 3 }], [other])
    equal(reserve(open, wish('o2', undefined, { replaces: 'o1' })).kind, 'held')
    equal(latest(open, 'o1')?.state, state)
  })

test('a context has a few seconds of grace after the expiry, an API key none', () => {
  const open = books([{ onHand: 9 }])
  reserve(open, wish('o1', undefined, { expiresInMs: 60_000 }))
  reserve(open, wish('o2', undefined, { expiresInMs: 60_000, external: true }))
  deepEqual(
    ['o1', 'o2'].map((id) => [latest(open, id)?.expiresAt, latest(open, id)?.checkAt]),
    [
      [noon + 60_000, noon + 65_000],
      [noon + 60_000, noon + 60_000],
    ],
  )
})

for (const [says, stock, quantity, expected] of [
  ['one warehouse is better than two', [1, 5], 4, { b: 4 }],
  ['the default warehouse is first', [5, 5], 4, { a: 4 }],
  ['what does not fit is spread', [3, 2], 4, { a: 3, b: 1 }],
] as const)
  test(says, () => {
    const open = books(stock.map((onHand, i) => ({ warehouse: i === 0 ? 'a' : 'b', onHand })))
    const plan = planLines(open, [{ skuId: 'a', quantity }])
    ok('lines' in plan)
    deepEqual(Object.fromEntries(plan.lines.map((line) => [line.warehouseId, line.quantity])), expected)
  })

test('safety stock is not sold, and one warehouse does not cover for another', () => {
  const open = books([
    { warehouse: 'a', onHand: 5, safety: 3 },
    { warehouse: 'b', onHand: 1, safety: 4 },
  ])
  deepEqual(reserve(open, wish('o1', [{ skuId: 'a', quantity: 3 }])), { kind: 'short', skuId: 'a', available: 2 })
})

test('a band is announced once per transaction and only when it changes', () => {
  const open = books([{ onHand: 8 }])
  for (const id of ['o1', 'o2']) reserve(open, wish(id))
  settleBands(open, 5)
  deepEqual(said(open), ['StockReserved', 'StockReserved'])
  for (const id of ['o3', 'o4', 'o5']) reserve(open, wish(id))
  settleBands(open, 5)
  settleBands(open, 5)
  deepEqual(said(open).slice(2), ['StockReserved', 'StockReserved', 'StockReserved', 'AvailabilityChanged'])
  deepEqual(open.facts.at(-1)?.payload, { skuId: 'a', band: 'LOW', version: 2 })
})

// The naive model: what is left is counted anew from the list of living holds, request by request.
type Simple = { verdict: Verdict['kind']; left: Map<string, number> }
type Kept = { attempt: number; lines: Line[]; live: boolean }

const naive = (stock: ReadonlyMap<string, number>, wishes: readonly Wish[]): Simple[] => {
  const orders = new Map<string, Kept[]>()
  const left = (except?: Kept) => {
    const rest = new Map(stock)
    for (const kept of [...orders.values()].flat())
      if (kept.live && kept !== except)
        for (const { skuId, quantity } of kept.lines) rest.set(skuId, (rest.get(skuId) ?? 0) - quantity)
    return rest
  }
  const judge = (wanted: Wish): Verdict['kind'] => {
    const own = orders.get(wanted.orderId) ?? []
    const same = own.find((kept) => kept.attempt === wanted.attempt)
    if (same) return JSON.stringify(same.lines) === JSON.stringify(wanted.lines) ? 'held' : 'conflict'
    const newest = wanted.replaces === undefined ? undefined : orders.get(wanted.replaces)?.at(-1)
    const replaced = newest?.live ? newest : undefined
    if (own.some((kept) => kept.attempt > wanted.attempt || (kept.live && kept !== replaced))) return 'conflict'
    const room = left(replaced)
    if (wanted.lines.some(({ skuId, quantity }) => (room.get(skuId) ?? 0) < quantity)) return 'short'
    if (replaced) replaced.live = false
    orders.set(wanted.orderId, [...own, { attempt: wanted.attempt, lines: wanted.lines, live: true }])
    return 'held'
  }
  return wishes.map((wanted) => ({ verdict: judge(wanted), left: left() }))
}

const orderIds = ['o1', 'o2', 'o3', 'o4', 'o5', 'o6']
const skuIds = ['a', 'b', 'c', 'd']
const anyWish = fc
  .record({
    orderId: fc.constantFrom(...orderIds),
    attempt: fc.integer({ min: 1, max: 3 }),
    lines: fc.array(
      fc.record({ skuId: fc.constantFrom(...skuIds, 'unknown'), quantity: fc.integer({ min: 1, max: 4 }) }),
      { minLength: 1, maxLength: 4 },
    ),
    replaces: fc.option(fc.constantFrom(...orderIds), { nil: undefined }),
  })
  .map(({ lines, ...rest }): Wish => ({ external: false, expiresInMs: 1000, lines: sumLines(lines), ...rest }))
const anyStock = fc.array(fc.integer({ min: 0, max: 9 }), {
  minLength: skuIds.length * 2,
  maxLength: skuIds.length * 2,
})

const asBooks = (amounts: readonly number[]) =>
  books(
    skuIds.flatMap((sku, i) =>
      ['main', 'second'].map((warehouse, w) => ({ sku, warehouse, onHand: amounts[i * 2 + w] ?? 0 })),
    ),
  )

const leftIn = (open: Books) =>
  new Map(skuIds.map((sku) => [sku, (open.levels.get(sku) ?? []).reduce((sum, l) => sum + l.onHand - l.reserved, 0)]))

test('property: a batch is judged like its requests one by one', () => {
  fc.assert(
    fc.property(anyStock, fc.array(anyWish, { maxLength: 40 }), (amounts, wishes) => {
      const open = asBooks(amounts)
      const model = naive(leftIn(open), wishes)
      wishes.forEach((wanted, i) => {
        equal(reserve(open, wanted).kind, model[i]?.verdict)
        deepEqual(leftIn(open), new Map(skuIds.map((sku) => [sku, model[i]?.left.get(sku) ?? 0])))
      })
    }),
    { numRuns: 500 },
  )
})

test('property: nothing is oversold, counters equal the living lines, versions have no gap', () => {
  fc.assert(
    fc.property(anyStock, fc.array(anyWish, { maxLength: 40 }), (amounts, wishes) => {
      const open = asBooks(amounts)
      for (const wanted of wishes) reserve(open, wanted)
      const living = [...open.holds.values()].flat().filter((held) => held.state === 'HELD')
      for (const level of [...open.levels.values()].flat()) {
        ok(level.reserved <= level.onHand && level.reserved >= 0)
        const lines = living
          .flatMap((held) => held.lines)
          .filter((l) => l.skuId === level.skuId && l.warehouseId === level.warehouseId)
        equal(
          level.reserved,
          lines.reduce((sum, line) => sum + line.quantity, 0),
        )
      }
      for (const orderId of orderIds) {
        ok(living.filter((held) => held.orderId === orderId).length <= 1)
        const versions = open.facts.filter((fact) => fact.aggregateId === orderId).map((fact) => fact.aggregateVersion)
        deepEqual(
          versions,
          versions.map((_, i) => i + 1),
        )
      }
    }),
    { numRuns: 500 },
  )
})
