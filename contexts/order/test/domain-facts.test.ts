import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderFact } from '../src/domain/facts.ts'
import { decide, type OrderEvent } from '../src/domain/moves.ts'
import type { Order } from '../src/domain/order.ts'
import { place } from '../src/domain/place.ts'
import { address, awaiting, draft, later, noon, orderIn, soon } from './given.ts'

const { id, number, buyerId } = awaiting()
const occasion = { id, number, buyerId, now: noon, payBefore: later }
const free = { currency: 'CNY', amount: 0 }
const whole = { currency: 'CNY', amount: 35_000 }
const lines = [
  { skuId: 'a', quantity: 2 },
  { skuId: 'b', quantity: 3 },
]
const inTransit = orderIn.SHIPPED().groups
const onDelivery = { openPaymentId: 'p1', openMethod: 'pay_on_delivery' }

const said = (order: Order, event: OrderEvent): OrderFact => decide(order, event, soon)!.fact!

for (const [says, fact, type, payload] of [
  [
    'stock, cart and payment learn what was ordered for how much',
    place(draft(), occasion).facts[0]!,
    'order.OrderPlaced',
    { orderId: id, buyerId, lines, total: whole, at: '2026-07-09T12:00:00.000Z' },
  ],
  [
    'payment is asked to capture nothing of a free order',
    place(draft({ total: 0 }), occasion).facts[1]!,
    'order.CaptureRequested',
    { orderId: id, buyerId, amount: free },
  ],
  [
    'paid: its stock is to be committed',
    said(awaiting(), { kind: 'capture', paymentId: 'p1', amount: whole }),
    'order.OrderPaid',
    { orderId: id, buyerId, lines },
  ],
  [
    'accepted for payment on delivery: the same',
    said(awaiting(onDelivery), { kind: 'acceptDelivery', paymentId: 'p1' }),
    'order.OrderAccepted',
    { orderId: id, buyerId, lines },
  ],
  [
    'allocated: the parcels name their goods and the address',
    said(orderIn.PAID(), { kind: 'allocate' }),
    'order.OrderAllocated',
    {
      orderId: id,
      buyerId,
      number,
      groups: [
        { groupId: 'g1', merchantId: 'm1', warehouseId: 'w-g1', lines: [{ skuId: 'a', quantity: 2 }] },
        { groupId: 'g2', merchantId: 'm1', warehouseId: 'w-g2', lines: [{ skuId: 'b', quantity: 3 }] },
      ],
      address,
    },
  ],
  [
    'shipped',
    said(orderIn.ALLOCATED({ groups: inTransit.with(0, orderIn.ALLOCATED().groups[0]!) }), {
      kind: 'shipGroup',
      groupId: 'g1',
    }),
    'order.OrderShipped',
    { orderId: id },
  ],
  [
    'delivered',
    said(orderIn.SHIPPED({ groups: inTransit.with(1, orderIn.DELIVERED().groups[1]!) }), {
      kind: 'deliverGroup',
      groupId: 'g1',
    }),
    'order.OrderDelivered',
    { orderId: id },
  ],
  [
    'a paid order is being cancelled, and why',
    said(orderIn.PAID(), { kind: 'cancel', by: 'buyer', reason: '买错了' }),
    'order.OrderCancelling',
    { orderId: id, reason: 'BUYER' },
  ],
  [
    'cancelled, and why',
    said(awaiting(), { kind: 'expire' }),
    'order.OrderCancelled',
    { orderId: id, reason: 'TIMEOUT' },
  ],
] as const)
  test(`told to others: ${says}`, () =>
    assert.deepEqual([fact.type, fact.aggregateId, fact.payload], [type, id, payload]))
