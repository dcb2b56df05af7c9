import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Product, ProductSummary } from '@souk/contract/catalog'
import { CheckoutRequest, FlatCheckoutRequest, type ProductPage } from '@souk/contract/edge'
import { Order, type PlaceOrderRequest } from '@souk/contract/order'
import { type CreatePaymentRequest, Payment } from '@souk/contract/payment'
import type { ServiceMap } from '@souk/contract/services'
import { fault, faultOf, newId } from '@souk/kernel'
import type { Call, Host, ServiceName } from '@souk/platform'
import { callAs } from '@souk/platform/testing'
import { createEdge } from '../src/edge/edge.ts'

type Fakes = { [S in ServiceName]?: Partial<ServiceMap<Call>[S]> }

/** The composites over typed fakes of the contexts. */
const edgeOf = (fakes: Fakes) => {
  const client = ((service: ServiceName) => fakes[service]) as Host['client']
  return createEdge(client)['edge.EdgeService']!
}

const refused = (code: string) => (error: unknown) => faultOf(error)?.code === code
const down = async (): Promise<never> => {
  throw fault('UNAVAILABLE')
}
const buyer = newId()
const call = (key?: string): Call => callAs({ user: buyer, key })

describe('product page', () => {
  const summaries = Array.from({ length: 12 }, (_, n) => ProductSummary.fromPartial({ id: `p${n}` }))
  const product = Product.fromPartial({ id: 'p3', categoryIds: ['c1', 'c2'], skus: [{ id: 's1' }, { id: 's2' }] })
  type Catalog = Partial<ServiceMap<Call>['catalog.CatalogService']>
  type Stock = Partial<ServiceMap<Call>['inventory.StockService']>
  const catalog: Catalog = {
    getProduct: async () => product,
    listProducts: async ({ categoryId, pageSize }) => ({
      products: categoryId === 'c1' ? summaries.slice(0, pageSize) : [],
      nextPageToken: '',
    }),
  }
  const stock: Stock = {
    listAvailability: async ({ skuIds }) => ({
      skus: skuIds.map((skuId) => ({ skuId, band: 'LOW', available: 3, version: 1 })),
    }),
  }
  const pageOf = (over: { catalog?: Catalog; stock?: Stock } = {}) =>
    edgeOf({
      'catalog.CatalogService': { ...catalog, ...over.catalog },
      'inventory.StockService': { ...stock, ...over.stock },
    }).getProductPage({ id: 'p3' }, call())
  const states = ({ parts }: ProductPage) => parts.map(({ name, state }) => `${name} ${state}`).join(', ')

  test('has product, stock and eight others of its first category; what is not built in is marked', async () => {
    const page = await pageOf()
    deepEqual(page.product, product)
    deepEqual(page.stock, [
      { skuId: 's1', availability: 'LOW' },
      { skuId: 's2', availability: 'LOW' },
    ])
    deepEqual(
      page.related.map(({ id }) => id),
      ['p0', 'p1', 'p2', 'p4', 'p5', 'p6', 'p7', 'p8'],
    )
    equal(states(page), 'product OK, stock OK, related OK, promotions ABSENT, reviews ABSENT')
  })

  test('stock that does not answer is marked, the rest is served', async () => {
    const page = await pageOf({ stock: { listAvailability: down } })
    equal(states(page), 'product OK, stock FAILED, related OK, promotions ABSENT, reviews ABSENT')
    deepEqual(page.stock, [])
    deepEqual(page.product, product)
    equal(page.related.length, 8)
  })

  test('related products that do not answer are marked, the rest is served', async () => {
    const page = await pageOf({ catalog: { listProducts: down } })
    equal(states(page), 'product OK, stock OK, related FAILED, promotions ABSENT, reviews ABSENT')
    deepEqual(page.related, [])
    equal(page.stock.length, 2)
  })

  test('with both failing the product is still served', async () => {
    const page = await pageOf({ catalog: { listProducts: down }, stock: { listAvailability: down } })
    equal(states(page), 'product OK, stock FAILED, related FAILED, promotions ABSENT, reviews ABSENT')
    deepEqual(page.product, product)
  })

  test('a product without a category asks for no others', async () => {
    const lonely = Product.fromPartial({ id: 'p3' })
    const page = await pageOf({ catalog: { getProduct: async () => lonely, listProducts: down } })
    deepEqual(page.related, [])
    equal(states(page), 'product OK, stock OK, related OK, promotions ABSENT, reviews ABSENT')
  })

  test('a missing product is no page, and nobody else is asked', async () => {
    const asked: string[] = []
    const note = (name: string) => async (): Promise<never> => {
      asked.push(name)
      return down()
    }
    const page = pageOf({
      catalog: { getProduct: () => Promise.reject(fault('NOT_FOUND')), listProducts: note('related') },
      stock: { listAvailability: note('stock') },
    })
    await rejects(page, refused('NOT_FOUND'))
    deepEqual(asked, [])
  })
})

describe('order page', () => {
  const order = Order.fromPartial({ id: 'o1' })
  const payments = [Payment.fromPartial({ id: 'a1', orderId: 'o1' })]
  const pageOf = (fakes: Fakes) => edgeOf(fakes).getOrderPage({ id: 'o1' }, call())

  test('has the order and its payments', async () => {
    const page = await pageOf({
      'order.OrderService': { getOrder: async () => order },
      'payment.PaymentService': {
        listPayments: async ({ orderId }) => ({ payments: orderId === 'o1' ? payments : [], nextPageToken: '' }),
      },
    })
    deepEqual([page.order, page.payments], [order, payments])
  })

  test('payments that do not answer are marked, the order is served', async () => {
    const page = await pageOf({
      'order.OrderService': { getOrder: async () => order },
      'payment.PaymentService': { listPayments: down },
    })
    deepEqual([page.order, page.payments], [order, []])
    deepEqual(page.parts, [
      { name: 'order', state: 'OK' },
      { name: 'payments', state: 'FAILED' },
    ])
  })

  test("a stranger's order is not found, whatever payment says", () =>
    rejects(
      pageOf({
        'order.OrderService': { getOrder: () => Promise.reject(fault('NOT_FOUND')) },
        'payment.PaymentService': { listPayments: down },
      }),
      refused('NOT_FOUND'),
    ))
})

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

test('stock is asked for in the name of the gateway, the rest in the name of the buyer', () => {
  const asked: string[] = []
  createEdge(((service: string, caller?: string) => {
    asked.push(caller ? `${service} as ${caller}` : service)
    return {}
  }) as Host['client'])
  deepEqual(asked.sort(), [
    'catalog.CatalogService',
    'inventory.StockService as gateway',
    'order.OrderService',
    'payment.PaymentService',
  ])
})
