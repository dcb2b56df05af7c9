import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderPage } from '@souk/contract/edge'
import type { Order } from '@souk/contract/order'
import type { Payment } from '@souk/contract/payment'
import { isWebAddress, latestPayment, outcomeOf } from '../src/features/cashier/outcome.ts'
import { pollDelay } from '../src/features/cashier/poll-schedule.ts'

type Given = { status?: Order['status']; paymentStatus?: Order['paymentStatus']; payments?: Partial<Payment>[] }

const page = ({ status = 'AWAITING_PAYMENT', paymentStatus = 'UNPAID', payments = [] }: Given): OrderPage => ({
  order: { status, paymentStatus } as Order,
  payments: payments.map((payment, minute) => ({
    method: 'sandbox',
    createdAt: `2026-01-01T00:0${minute}:00Z`,
    ...payment,
  })) as Payment[],
  parts: [],
})

for (const [says, given, outcome] of [
  ['nobody tried yet', {}, 'open'],
  ['the channel has not answered', { payments: [{ status: 'PROCESSING' }] }, 'waiting'],
  ['the channel itself does not know', { payments: [{ status: 'UNKNOWN' }] }, 'waiting'],
  ['authorised is not paid', { payments: [{ status: 'AUTHORISED' }] }, 'waiting'],
  ['captured, but the order has not heard of it', { payments: [{ status: 'CAPTURED' }] }, 'waiting'],
  ['paid', { status: 'PAID', paymentStatus: 'PAID', payments: [{ status: 'CAPTURED' }] }, 'paid'],
  ['paid and partly given back', { status: 'SHIPPED', paymentStatus: 'PART_REFUNDED' }, 'paid'],
  ['the channel said no', { payments: [{ status: 'FAILED' }] }, 'failed'],
  ['a second try is under way', { payments: [{ status: 'FAILED' }, { status: 'PROCESSING' }] }, 'waiting'],
  ['money on delivery', { payments: [{ status: 'INITIATED', method: 'pay_on_delivery' }] }, 'accepted'],
  ['accepted for delivery', { status: 'ALLOCATED' }, 'accepted'],
  ['the time was over', { status: 'CANCELLED', payments: [{ status: 'CAPTURED' }] }, 'cancelled'],
  ['cancellation waits for the channel', { status: 'CANCELLING' }, 'cancelled'],
] as const)
  test(`${says}: ${outcome}`, () => equal(outcomeOf(page(given as Given)), outcome))

test('the attempt made last counts, in whatever order they come', () => {
  const { payments } = page({ payments: [{ id: 'old' }, { id: 'new' }] })
  equal(latestPayment([...payments].reverse())?.id, 'new')
})

for (const [url, opens] of [
  ['https://channel.example/pay', true],
  ['http://127.0.0.1:8889/sandbox/pay/x', true],
  ['javascript:alert(1)', false],
  ['', false],
] as const)
  test(`'${url}' ${opens ? 'is' : 'is not'} opened to pay`, () => equal(isWebAddress(url), opens))

test('a payment is looked at often at first, then every five seconds', () =>
  equal([0, 1, 2, 3, 4, 40].map(pollDelay).join(' '), '1000 1000 2000 3000 5000 5000'))
