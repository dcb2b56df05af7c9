import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderStatus } from '@souk/contract/order'
import { Fault } from '@souk/kernel'
import fc from 'fast-check'
import { decide, type Move, type OrderEvent } from '../src/domain/moves.ts'
import type { Order } from '../src/domain/order.ts'
import { cancellable } from '../src/domain/status.ts'
import { type EventKind, transitions } from '../src/domain/transitions.ts'
import { awaiting, later, orderIn, soon } from './given.ts'

const cny = (amount: number) => ({ currency: 'CNY', amount })

const events: { [K in EventKind]: Extract<OrderEvent, { kind: K }> } = {
  openPayment: { kind: 'openPayment', paymentId: 'p1', method: 'sandbox' },
  capture: { kind: 'capture', paymentId: 'p1', amount: cny(35_000) },
  failPayment: { kind: 'failPayment', paymentId: 'p1', outcome: 'DECLINED' },
  refund: { kind: 'refund', amount: cny(1_000) },
  acceptDelivery: { kind: 'acceptDelivery', paymentId: 'p1' },
  settle: { kind: 'settle' },
  allocate: { kind: 'allocate' },
  loseStock: { kind: 'loseStock', reason: '' },
  beginShipping: { kind: 'beginShipping', groupId: 'g1' },
  shipGroup: { kind: 'shipGroup', groupId: 'g1' },
  deliverGroup: { kind: 'deliverGroup', groupId: 'g1' },
  cancel: { kind: 'cancel', by: 'buyer', reason: '' },
  expire: { kind: 'expire' },
}
const kinds = Object.keys(events) as EventKind[]
const statuses = Object.keys(transitions) as OrderStatus[]

/** The status after it (and the fact said), `-` for nothing at all, `no` for a refusal, `later` for "come again". */
const outcome = (order: Order, event: OrderEvent): string => {
  try {
    const move = decide(order, event, soon)
    if (!move) return '-'
    return move.fact ? `${move.order.status} ${move.fact.type.slice('order.'.length)}` : move.order.status
  } catch (error) {
    if (error instanceof Fault) return error.code === 'ILLEGAL_TRANSITION' ? 'no' : error.code
    assert.match((error as Error).message, /^not yet/)
    return 'later'
  }
}

// One row per kind of order, one cell per event; `=` stands for its own status.
const columns: EventKind[] = [
  'openPayment',
  'capture',
  'failPayment',
  'refund',
  'acceptDelivery',
  'settle',
  'allocate',
  'loseStock',
  'beginShipping',
  'shipGroup',
  'deliverGroup',
  'cancel',
  'expire',
]
const paid = 'PAID OrderPaid'
const allocated = 'ALLOCATED OrderAllocated'
const cancelling = 'CANCELLING OrderCancelling'
const cancelled = 'CANCELLED OrderCancelled'
const open = { openPaymentId: 'p1', openMethod: 'sandbox' }
const begun = orderIn.ALLOCATED().groups.map((g) => (g.id === 'g1' ? { ...g, status: 'PICKED_UP' as const } : g))
const half = orderIn.ALLOCATED().groups.map((g) => (g.id === 'g1' ? { ...g, status: 'IN_TRANSIT' as const } : g))
const lastLeft = orderIn.ALLOCATED().groups.map((g) => (g.id === 'g2' ? { ...g, status: 'IN_TRANSIT' as const } : g))
const lastToArrive = orderIn.SHIPPED().groups.map((g) => (g.id === 'g2' ? { ...g, status: 'DELIVERED' as const } : g))
const firstThere = orderIn.SHIPPED().groups.map((g) => (g.id === 'g1' ? { ...g, status: 'DELIVERED' as const } : g))

const matrix: [string, Order, string[]][] = [
  //                                                     open capture fail  refund accept settle allocate lose begin ship deliver cancel expire
  ['unpaid', awaiting(), ['=', paid, '-', 'later', '-', '-', 'later', 'later', 'no', '-', '-', cancelled, cancelled]],
  [
    'unpaid with its payment open',
    awaiting(open),
    ['-', paid, '=', 'later', '= OrderAccepted', '-', 'later', 'later', 'no', '-', '-', cancelling, cancelling],
  ],
  [
    'unpaid with another payment open',
    awaiting({ openPaymentId: 'p0', openMethod: 'sandbox' }),
    ['=', paid, '-', 'later', '-', '-', 'later', 'later', 'no', '-', '-', cancelling, cancelling],
  ],
  [
    'unpaid with another promise to pay on delivery',
    awaiting({ openPaymentId: 'p0', openMethod: 'pay_on_delivery' }),
    ['=', paid, '-', 'later', '= OrderAccepted', '-', 'later', 'later', 'no', '-', '-', cancelling, cancelling],
  ],
  [
    'unpaid after its deadline',
    awaiting({ payBefore: soon }),
    ['no', paid, '-', 'later', '-', '-', 'later', 'later', 'no', '-', '-', cancelled, cancelled],
  ],
  [
    'accepted for payment on delivery',
    awaiting({ ...open, onDelivery: true }),
    ['-', paid, '=', 'later', '-', '-', allocated, cancelled, 'no', '-', '-', cancelling, '-'],
  ],
  [
    'of zero total',
    awaiting({ lines: [], subtotal: 0, total: 0 }),
    ['=', paid, '-', 'later', '-', '-', 'later', 'later', 'no', '-', '-', cancelled, cancelled],
  ],
  ['paid', orderIn.PAID(), ['no', '=', '-', '=', '-', '-', allocated, cancelling, 'no', '-', '-', cancelling, '-']],
  ['allocated', orderIn.ALLOCATED(), ['no', '=', '-', '=', '-', '-', '-', '-', '=', '=', 'later', cancelling, '-']],
  [
    'allocated, to be paid on delivery',
    orderIn.ALLOCATED({ ...open, paid: false, captured: 0, onDelivery: true }),
    ['no', '=', '=', 'later', '-', '-', '-', '-', '=', '=', 'later', cancelling, '-'],
  ],
  [
    'allocated, a parcel being handed over',
    orderIn.ALLOCATED({ groups: begun }),
    ['no', '=', '-', '=', '-', '-', '-', '-', '-', '=', 'later', 'no', '-'],
  ],
  [
    'allocated, this parcel on its way',
    orderIn.ALLOCATED({ groups: half }),
    ['no', '=', '-', '=', '-', '-', '-', '-', '-', '-', '=', 'no', '-'],
  ],
  [
    'allocated, only this parcel still here',
    orderIn.ALLOCATED({ groups: lastLeft }),
    ['no', '=', '-', '=', '-', '-', '-', '-', '=', 'SHIPPED OrderShipped', 'later', 'no', '-'],
  ],
  ['shipped', orderIn.SHIPPED(), ['no', '=', '-', '=', '-', '-', '-', '-', '-', '-', '=', 'no', '-']],
  [
    'shipped, this parcel already there',
    orderIn.SHIPPED({ groups: firstThere }),
    ['no', '=', '-', '=', '-', '-', '-', '-', '-', '-', '-', 'no', '-'],
  ],
  [
    'shipped, only this parcel not yet there',
    orderIn.SHIPPED({ groups: lastToArrive }),
    ['no', '=', '-', '=', '-', '-', '-', '-', '-', '-', 'DELIVERED OrderDelivered', 'no', '-'],
  ],
  ['delivered', orderIn.DELIVERED(), ['no', '=', '-', '=', '-', '-', '-', '-', '-', '-', '-', 'no', '-']],
  ['completed', orderIn.COMPLETED(), ['no', '=', '-', '=', '-', '-', '-', '-', '-', '-', '-', 'no', '-']],
  ['cancelling', orderIn.CANCELLING(), ['no', '=', '-', '=', '-', cancelled, '-', '-', 'no', '-', '-', 'no', '-']],
  [
    'cancelling with its payment open',
    orderIn.CANCELLING({ ...open, paid: false, captured: 0 }),
    ['no', '=', '=', 'later', '-', cancelled, '-', '-', 'no', '-', '-', 'no', '-'],
  ],
  ['cancelled', orderIn.CANCELLED(), ['no', '=', '-', '=', '-', '-', '-', '-', 'no', '-', '-', 'no', '-']],
]

for (const [says, order, cells] of matrix)
  test(`every event on an order that is ${says}`, () => {
    const expected = cells.map((cell) => cell.replace('=', order.status))
    assert.deepEqual(
      columns.map((kind) => `${kind}: ${outcome(order, events[kind])}`),
      columns.map((kind, place) => `${kind}: ${expected[place]}`),
    )
  })

test('the matrix knows every status and every event', () => {
  assert.deepEqual([...columns].sort(), [...kinds].sort())
  assert.deepEqual([...new Set(matrix.map(([, { status }]) => status))].sort(), [...statuses].sort())
})

test('the table has exactly these ways from one status to another, and every cell leads somewhere', () => {
  const ways = new Set<string>()
  for (const [from, cells] of Object.entries(transitions))
    for (const [kind, cell] of Object.entries(cells)) {
      assert.ok(cell.length > 0, `${from} ${kind}`)
      if (cell !== 'later') for (const to of cell) if (to !== from) ways.add(`${from} > ${to}`)
    }
  assert.deepEqual([...ways].sort(), [
    'ALLOCATED > CANCELLING',
    'ALLOCATED > SHIPPED',
    'AWAITING_PAYMENT > ALLOCATED',
    'AWAITING_PAYMENT > CANCELLED',
    'AWAITING_PAYMENT > CANCELLING',
    'AWAITING_PAYMENT > PAID',
    'CANCELLING > CANCELLED',
    'PAID > ALLOCATED',
    'PAID > CANCELLING',
    'SHIPPED > DELIVERED',
  ])
})

test('a way that the table does not have is refused loudly, whatever was judged', (t) => {
  const known = transitions.PAID.allocate
  t.after(() => {
    transitions.PAID.allocate = known
  })
  transitions.PAID.allocate = ['PAID']
  assert.throws(() => decide(orderIn.PAID(), events.allocate, soon), /allocate must not lead from PAID to ALLOCATED/)
})

test('an event too early is asked for again with a reason that a log can show', () => {
  for (const [order, event, reason] of [
    [awaiting(), { ...events.refund, amount: cny(0) }, 'refund while AWAITING_PAYMENT'],
    [orderIn.PAID(), { ...events.refund, amount: cny(35_001) }, 'a refund before its capture'],
    [awaiting(), events.allocate, 'stock committed before the money'],
    [awaiting(), events.loseStock, 'a commit failed before the money'],
    [orderIn.ALLOCATED(), events.deliverGroup, 'a parcel delivered before it left'],
  ] as const)
    assert.throws(() => decide(order, event, soon), { message: `not yet: ${reason}` })
})

test('money that cannot be this order’s money is refused loudly', () => {
  assert.throws(() => decide(awaiting(), { ...events.capture, amount: cny(34_999) }, soon), /below the total/)
  const dollars = { currency: 'USD', amount: 35_000 }
  assert.throws(() => decide(awaiting(), { ...events.capture, amount: dollars }, soon), /USD/)
  assert.throws(() => decide(orderIn.PAID(), { kind: 'refund', amount: dollars }, soon), /USD/)
})

test('a parcel that is not the order’s is not found', () => {
  for (const kind of ['beginShipping', 'shipGroup'] as const)
    assert.equal(outcome(orderIn.ALLOCATED(), { ...events[kind], groupId: 'g9' }), 'NOT_FOUND')
  assert.equal(outcome(orderIn.SHIPPED(), { ...events.deliverGroup, groupId: 'g9' }), 'NOT_FOUND')
})

test('an attempt may be opened up to the last instant before the deadline', () => {
  const justBefore = new Date(later.getTime() - 1)
  assert.ok(decide(awaiting(), events.openPayment, justBefore))
  assert.throws(() => decide(awaiting(), events.openPayment, later), { code: 'ILLEGAL_TRANSITION' })
})

/** Any event with small choices of payments, groups and amounts. */
const anyEvent: fc.Arbitrary<OrderEvent> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    paymentId: fc.constantFrom('p1', 'p2'),
    groupId: fc.constantFrom('g1', 'g2'),
    amount: fc.constantFrom(cny(35_000), cny(1_000)),
  })
  .map(({ kind, ...rest }) => ({ ...events[kind], ...rest, kind }) as OrderEvent)

const walk = (start: Order, told: readonly OrderEvent[]): Move[] => {
  const moves: Move[] = []
  let order = start
  for (const event of told) {
    try {
      const move = decide(order, event, soon)
      if (!move) continue
      moves.push(move)
      order = move.order
    } catch {
      // A refusal or "later": nothing may have changed, the walk goes on from the same order.
    }
  }
  return moves
}

test('whatever happens in whatever order, the invariants hold', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (told) => {
      const moves = walk(awaiting(), told)
      let was: Order = awaiting()
      for (const { order, entry, fact } of moves) {
        assert.equal(order.version, was.version + 1)
        assert.equal(entry.was, was.status)
        assert.equal(entry.status, order.status)
        assert.ok(!fact || fact.aggregateVersion === order.version)
        assert.ok(order.refunded >= 0 && order.refunded <= order.captured)
        assert.equal(order.cancelReason !== null, ['CANCELLING', 'CANCELLED'].includes(order.status))
        if (was.status === 'CANCELLED') assert.equal(order.status, 'CANCELLED')
        if (order.status === 'CANCELLED' && was.status !== 'CANCELLED')
          assert.ok(['AWAITING_PAYMENT', 'CANCELLING'].includes(was.status))
        assert.equal(order.total, was.total)
        was = order
      }
    }),
    { numRuns: 2000 },
  )
})

test('stock is asked for only once per order, and only after the money or the promise', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (told) => {
      const said = walk(awaiting(), told).flatMap(({ fact, order }) => (fact ? [{ type: fact.type, order }] : []))
      for (const type of ['order.OrderPaid', 'order.OrderAccepted', 'order.OrderAllocated', 'order.OrderCancelled'])
        assert.ok(said.filter((fact) => fact.type === type).length <= 1, type)
      for (const { type, order } of said) if (type === 'order.OrderAllocated') assert.ok(order.paid || order.onDelivery)
    }),
    { numRuns: 2000 },
  )
})

test('a cancel is offered exactly where it would be accepted', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (told) => {
      const order = walk(awaiting(), told).at(-1)?.order ?? awaiting()
      const offered = cancellable(
        order.status,
        order.groups.map(({ status }) => status),
      )
      assert.equal(outcome(order, events.cancel) !== 'no', offered)
    }),
    { numRuns: 1000 },
  )
})
