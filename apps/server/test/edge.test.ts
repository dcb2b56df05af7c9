import { deepEqual, equal, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Product, ProductSummary } from '@souk/contract/catalog'
import type { ProductPage } from '@souk/contract/edge'
import { Order } from '@souk/contract/order'
import { Payment } from '@souk/contract/payment'
import type { ServiceMap } from '@souk/contract/services'
import { fault } from '@souk/kernel'
import type { Call, Host } from '@souk/platform'
import { createEdge } from '../src/edge/edge.ts'
import { call, down, edgeOf, type Fakes, refused } from './composites.ts'

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
