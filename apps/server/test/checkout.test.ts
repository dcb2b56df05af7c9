import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CheckoutRequest, FlatCheckoutRequest } from '@souk/contract/edge'
import { Order, type PlaceOrderRequest } from '@souk/contract/order'
import { type CreatePaymentRequest, Payment } from '@souk/contract/payment'
import type { ServiceMap } from '@souk/contract/services'
import { fault, newId } from '@souk/kernel'
import type { Call } from '@souk/platform'
import { buyer, call, down, edgeOf, type Fakes, refused } from './composites.ts'

/** Order and payment as their contracts promise: the same key again gets the first answer. Calls are written down. */
const shop = () => {
  const asked: { verb: string; request: PlaceOrderRequest | CreatePaymentRequest; key: string | undefined }[] = []
  const answers = new Map<string, unknown>()
  const once = <T>(verb: string, { idempotencyKey = newId() }: Call, make: () => T): T => {
    const name = `${verb} ${idempotencyKey}`
    if (!answers.has(name)) answers.set(name, make())
    return answers.get(name) as T
  }
  const order: Partial<ServiceMap<Call>['order.OrderService']> = {
    placeOrder: async (request, made) => {
      asked.push({ verb: 'place', request, key: made.idempotencyKey })
      return once('place', made, () => Order.fromPartial({ id: newId() }))
    },
  }
  const payment: Partial<ServiceMap<Call>['payment.PaymentService']> = {
    createPayment: async (request, made) => {
      asked.push({ verb: 'pay', request, key: made.idempotencyKey })
      return once('pay', made, () => Payment.fromPartial({ id: newId(), orderId: request.orderId }))
    },
  }
  return { asked, order, payment, fakes: { 'order.OrderService': order, 'payment.PaymentService': payment } as Fakes }
}

const wish = CheckoutRequest.fromPartial({
  lines: [{ skuId: 's1', quantity: 2 }],
  addressId: 'a1',
  note: '请轻放',
  method: 'sandbox',
})

describe('checkout', () => {
  test('places what was wished and opens a payment of that order', async () => {
    const { asked, fakes } = shop()
    const { order, payment } = await edgeOf(fakes).checkout(wish, call('k1'))
    equal(payment?.orderId, order?.id)
    const { lines, fromCart, addressId, address, note } = wish
    deepEqual(
      asked.map(({ request }) => request),
      [
        { lines, fromCart, addressId, address, note, couponIds: [] },
        { orderId: order?.id, method: 'sandbox' },
      ],
    )
  })

  test('a repeat repeats each step: same keys, same order, same payment', async () => {
    const { asked, fakes } = shop()
    const { checkout } = edgeOf(fakes)
    const first = await checkout(wish, call('k1'))
    const again = await checkout(wish, call('k1'))
    deepEqual(again, first)
    deepEqual(
      asked.slice(2).map(({ verb, key }) => [verb, key]),
      asked.slice(0, 2).map(({ verb, key }) => [verb, key]),
    )
    const other = await checkout(wish, call('k2'))
    notEqual(other.order?.id, first.order?.id)
  })

  test("the steps' keys are derived: the caller's own key stays free for a direct order", async () => {
    const { asked, fakes } = shop()
    await edgeOf(fakes).checkout(wish, call('k1'))
    ok(asked.every(({ key }) => key?.includes('k1') && key !== 'k1'))
  })

  test("no key that a caller can send is the key of a step of another's checkout", async () => {
    const { asked, fakes } = shop()
    await edgeOf(fakes).checkout(wish, call('k1'))
    // What the gateway lets through as an Idempotency-Key.
    ok(asked.every(({ key }) => !/^[\x20-\x7e]{1,200}$/.test(key ?? '')))
  })

  test('without a key no key is made up', async () => {
    const { asked, fakes } = shop()
    await edgeOf(fakes).checkout(wish, call())
    deepEqual(
      asked.map(({ key }) => key),
      [undefined, undefined],
    )
  })

  for (const code of ['UNAVAILABLE', 'METHOD_UNAVAILABLE', 'DEADLINE_EXCEEDED'])
    test(`payment refusing with ${code}: the answer is the order alone`, async () => {
      const { fakes } = shop()
      const { checkout } = edgeOf({
        ...fakes,
        'payment.PaymentService': { createPayment: () => Promise.reject(fault(code)) },
      })
      const answer = await checkout(wish, call('k1'))
      ok(answer.order?.id)
      deepEqual(Object.keys(answer), ['order'])
    })

  test('a repeat after the payment failed finds the same order and pays it', async () => {
    const { fakes, payment } = shop()
    let working = false
    const { checkout } = edgeOf({
      ...fakes,
      'payment.PaymentService': { createPayment: (...sent) => (working ? payment.createPayment!(...sent) : down()) },
    })
    const first = await checkout(wish, call('k1'))
    working = true
    const again = await checkout(wish, call('k1'))
    equal(again.order?.id, first.order?.id)
    equal(again.payment?.orderId, first.order?.id)
  })

  test('an order that is refused is refused, and nothing is paid', async () => {
    const { asked, fakes } = shop()
    const { checkout } = edgeOf({
      ...fakes,
      'order.OrderService': { placeOrder: () => Promise.reject(fault('OUT_OF_STOCK', { skuId: 's1' })) },
    })
    await rejects(checkout(wish, call('k1')), refused('OUT_OF_STOCK'))
    deepEqual(asked, [])
  })

  test('a mistake of ours is not taken for a refusal', async () => {
    const { fakes } = shop()
    const { checkout } = edgeOf({
      ...fakes,
      'payment.PaymentService': { createPayment: () => Promise.reject(new TypeError('of undefined')) },
    })
    await rejects(checkout(wish, call('k1')), TypeError)
  })
})

describe('flat checkout', () => {
  const form = FlatCheckoutRequest.fromPartial({
    firstname: 'Ada',
    lastname: 'Lovelace',
    address: { streetAddress: '1 Park Lane', city: 'London', country: 'gb', zipCode: 'W1K 1AA' },
  })

  for (const [says, userId] of [
    ['without a user', undefined],
    ["with the token's user", buyer],
  ] as const)
    test(`${says}: the selected cart, the flat address, the sandbox`, async () => {
      const { asked, fakes } = shop()
      const { order, payment } = await edgeOf(fakes).flatCheckout({ ...form, userId }, call())
      equal(payment?.orderId, order?.id)
      const [placed, paid] = asked.map(({ request }) => request) as [PlaceOrderRequest, CreatePaymentRequest]
      equal(placed.fromCart, true)
      deepEqual(placed.lines, [])
      deepEqual(
        [placed.address?.recipient, placed.address?.line1, placed.address?.country, placed.address?.postalCode],
        ['Ada Lovelace', '1 Park Lane', 'GB', 'W1K 1AA'],
      )
      equal(paid.method, 'sandbox')
    })

  for (const [says, userId] of [
    ['another user', newId()],
    ['no user at all', ''],
  ] as const)
    test(`${says} in the body is forbidden and nothing is placed`, async () => {
      const { asked, fakes } = shop()
      await rejects(edgeOf(fakes).flatCheckout({ ...form, userId }, call()), refused('FORBIDDEN'))
      deepEqual(asked, [])
    })
})
