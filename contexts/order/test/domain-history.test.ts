import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { decide, type OrderEvent } from '../src/domain/moves.ts'
import type { GroupStatus, Order } from '../src/domain/order.ts'
import { awaiting, orderIn, soon } from './given.ts'

const cny = (amount: number) => ({ currency: 'CNY', amount })
const capture = (paymentId: string): OrderEvent => ({ kind: 'capture', paymentId, amount: cny(35_000) })
const failed: OrderEvent = { kind: 'failPayment', paymentId: 'p1', outcome: 'DECLINED' }
const parcels = (...statuses: GroupStatus[]) => ({
  groups: awaiting().groups.map((group, place) => ({ ...group, status: statuses[place]! })),
})

const open = { openPaymentId: 'p1', openMethod: 'sandbox' }
const openBefore = { openPaymentId: 'p0', openMethod: 'pay_on_delivery' }
const noneOpen = { openPaymentId: null, openMethod: null }
const unpaid = { paid: false, captured: 0 }
const voided = parcels('VOIDED', 'VOIDED')

/** Every move: what its row of the history says (event, actor, detail), and all that it changed. */
const moves: [string, Order, OrderEvent, string, Partial<Order>][] = [
  [
    'a payment is opened',
    awaiting(),
    { kind: 'openPayment', paymentId: 'p1', method: 'sandbox' },
    'PAYMENT_OPENED buyer sandbox',
    open,
  ],
  [
    'another payment is opened instead',
    awaiting(openBefore),
    { kind: 'openPayment', paymentId: 'p1', method: 'sandbox' },
    'PAYMENT_OPENED buyer sandbox',
    open,
  ],
  [
    'the open payment is captured',
    awaiting(open),
    capture('p1'),
    'PAID payment',
    { status: 'PAID', paid: true, captured: 35_000, ...noneOpen },
  ],
  [
    'another payment is captured: the open one stays open',
    awaiting(open),
    capture('p2'),
    'PAID payment',
    { status: 'PAID', paid: true, captured: 35_000 },
  ],
  ['a second capture is counted', orderIn.PAID(), capture('p2'), 'PAYMENT_RECEIVED payment', { captured: 70_000 }],
  [
    'a capture after the cancel is counted',
    orderIn.CANCELLED(unpaid),
    capture('p2'),
    'PAYMENT_RECEIVED payment',
    { paid: true, captured: 35_000 },
  ],
  ['the open payment fails', awaiting(open), failed, 'PAYMENT_FAILED payment DECLINED', noneOpen],
  ['a part goes back', orderIn.PAID(), { kind: 'refund', amount: cny(1_000) }, 'REFUNDED payment', { refunded: 1_000 }],
  [
    'all the rest goes back',
    orderIn.PAID({ refunded: 1_000 }),
    { kind: 'refund', amount: cny(34_000) },
    'REFUNDED payment',
    { refunded: 35_000 },
  ],
  [
    'a promise to pay on delivery is accepted under the attempt that payment kept',
    awaiting(openBefore),
    { kind: 'acceptDelivery', paymentId: 'p1' },
    'PAY_ON_DELIVERY payment',
    { onDelivery: true, openPaymentId: 'p1' },
  ],
  ['its stock is allocated', orderIn.PAID(), { kind: 'allocate' }, 'ALLOCATED inventory', { status: 'ALLOCATED' }],
  [
    'its stock is gone after it was paid: payment has to give the money back first',
    orderIn.PAID(),
    { kind: 'loseStock', reason: '' },
    'CANCELLING inventory OUT_OF_STOCK',
    { status: 'CANCELLING', cancelReason: 'OUT_OF_STOCK' },
  ],
  [
    'its stock is gone before it was paid on delivery',
    awaiting({ ...open, onDelivery: true }),
    { kind: 'loseStock', reason: '缺货' },
    'CANCELLED inventory 缺货',
    { status: 'CANCELLED', cancelReason: 'OUT_OF_STOCK', ...voided },
  ],
  [
    'a parcel is being handed over',
    orderIn.ALLOCATED(),
    { kind: 'beginShipping', groupId: 'g1' },
    'SHIPPING fulfillment g1',
    parcels('PICKED_UP', 'CREATED'),
  ],
  [
    'a parcel leaves, another is still here',
    orderIn.ALLOCATED(parcels('PICKED_UP', 'CREATED')),
    { kind: 'shipGroup', groupId: 'g1' },
    'PARCEL_SHIPPED fulfillment g1',
    parcels('IN_TRANSIT', 'CREATED'),
  ],
  [
    'the last parcel leaves when the first has already arrived',
    orderIn.ALLOCATED(parcels('DELIVERED', 'PICKED_UP')),
    { kind: 'shipGroup', groupId: 'g2' },
    'SHIPPED fulfillment',
    { status: 'SHIPPED', ...parcels('DELIVERED', 'IN_TRANSIT') },
  ],
  [
    'a parcel arrives, another is on its way',
    orderIn.SHIPPED(),
    { kind: 'deliverGroup', groupId: 'g1' },
    'PARCEL_DELIVERED fulfillment g1',
    parcels('DELIVERED', 'IN_TRANSIT'),
  ],
  [
    'the last parcel arrives',
    orderIn.SHIPPED(parcels('DELIVERED', 'IN_TRANSIT')),
    { kind: 'deliverGroup', groupId: 'g2' },
    'DELIVERED fulfillment',
    { status: 'DELIVERED', ...parcels('DELIVERED', 'DELIVERED') },
  ],
  [
    'a buyer cancels what is not paid, and says why',
    awaiting(),
    { kind: 'cancel', by: 'buyer', reason: '买错了' },
    'CANCELLED buyer 买错了',
    { status: 'CANCELLED', cancelReason: 'BUYER', ...voided },
  ],
  [
    'staff cancel what is paid',
    orderIn.PAID(),
    { kind: 'cancel', by: 'staff', reason: '' },
    'CANCELLING staff STAFF',
    { status: 'CANCELLING', cancelReason: 'STAFF' },
  ],
  [
    'nobody pays in time',
    awaiting(),
    { kind: 'expire' },
    'CANCELLED system TIMEOUT',
    { status: 'CANCELLED', cancelReason: 'TIMEOUT', ...voided },
  ],
  [
    'nobody pays in time, but a payment is open',
    awaiting(open),
    { kind: 'expire' },
    'CANCELLING system TIMEOUT',
    { status: 'CANCELLING', cancelReason: 'TIMEOUT' },
  ],
  [
    'the money of a cancel is settled: its reason stays',
    orderIn.CANCELLING({ cancelReason: 'TIMEOUT' }),
    { kind: 'settle' },
    'CANCELLED payment TIMEOUT',
    { status: 'CANCELLED', ...voided },
  ],
]

const changes = (before: Order, after: Order): Partial<Order> =>
  Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => name !== 'version' && !isDeepStrictEqual(value, before[name as keyof Order]),
    ),
  )

for (const [says, before, event, written, changed] of moves)
  test(`history: ${says}`, () => {
    const { order, entry, fact } = decide(before, event, soon)!
    assert.equal(`${entry.event} ${entry.actor} ${entry.detail}`.trim(), written)
    assert.deepEqual(changes(before, order), changed)
    if (fact && 'reason' in fact.payload) assert.equal(fact.payload.reason, order.cancelReason)
  })

for (const [status, given] of Object.entries(orderIn))
  test(`an open payment may fail while the order is ${status}; the order stays so`, () => {
    const { order, fact } = decide(given(open), failed, soon)!
    assert.deepEqual([order.status, order.openPaymentId, fact], [status, null, undefined])
  })

test('every move adds one version, one row of history, and its fact carries that version', () => {
  const move = decide(awaiting(), capture('p1'), soon)!
  assert.equal(move.order.version, 2)
  assert.deepEqual(move.entry, {
    orderId: move.order.id,
    version: 2,
    at: soon,
    event: 'PAID',
    was: 'AWAITING_PAYMENT',
    status: 'PAID',
    actor: 'payment',
    detail: '',
  })
  assert.deepEqual([move.fact!.aggregateId, move.fact!.aggregateVersion], [move.order.id, 2])
})
