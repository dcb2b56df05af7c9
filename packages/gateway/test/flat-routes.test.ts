import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asStaff, asUser, openShop, type Problem, problem } from './harness.ts'
import { sampleAnswer } from './samples.ts'

const flat: [string, string, unknown, Record<string, unknown>][] = [
  ['snake_case becomes ours', '/cart/additem', { sku_id: 'a', quantity: 2 }, { skuId: 'a', quantity: 2 }],
  ['our own spelling stays', '/cart/additem', { skuId: 'a', quantity: 2 }, { skuId: 'a', quantity: 2 }],
  ['an empty body is fine where nothing is needed', '/cart/empty', undefined, { cartToken: '' }],
  ['a list may be asked for by POST', '/order/listorder', { page_size: 5 }, { pageSize: 5, pageToken: '' }],
  ['an order needs no key', '/order/place', { from_cart: true, address_id: 'x' }, { fromCart: true, addressId: 'x' }],
  [
    'a payment needs no key',
    '/payment/charge',
    { order_id: 'o', method: 'sandbox' },
    { orderId: 'o', method: 'sandbox' },
  ],
]
for (const [says, path, body, expected] of flat) {
  test(`flat route ${path}: ${says}`, async (t) => {
    const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
    const answer =
      body === undefined
        ? await shop.send('POST', path, { headers: asUser('a') })
        : await shop.post(path, body, asUser('a'))
    assert.ok(answer.ok, await answer.text())
    const { request, call } = shop.calls[0]!
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(request[name], value)
    assert.equal(call.idempotencyKey, undefined)
  })
}

test('flat routes: names are translated to any depth, keys of maps are not, and nothing may be said twice', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const sku = { code: 'a', price: { currency: 'CNY', amount: 1 }, initial_stock: 3, options: { shoe_size: '41' } }
  await shop.post(
    '/product/create',
    { name: 'shoe', category_ids: ['c'], skus: [sku], attributes: { made_in: 'CN' } },
    asStaff('catalog'),
  )
  const request = shop.calls[0]?.request as {
    categoryIds: string[]
    skus: { initialStock: number; options: object }[]
    attributes: object
  }
  assert.deepEqual(request.categoryIds, ['c'])
  assert.deepEqual(
    [request.skus[0]?.initialStock, request.skus[0]?.options, request.attributes],
    [3, { shoe_size: '41' }, { made_in: 'CN' }],
  )
  const twice: Problem = await problem(await shop.post('/cart/additem', { sku_id: 'a', skuId: 'b', quantity: 1 }))
  assert.deepEqual(
    twice.violations?.map(({ field, rule }) => [field, rule]),
    [['skuId', 'twice']],
  )
  const unknown = await problem(await shop.post('/cart/additem', { sku_id: 'a', quantity: 1, user_id: '5' }))
  assert.deepEqual(
    unknown.violations?.map(({ field, rule }) => [field, rule]),
    [['user_id', 'unknown']],
  )
})

test('flat routes: the queries of the source work', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  assert.equal((await shop.get('/products/list?page_size=5')).status, 200)
  assert.equal((await shop.get('/products/search?q=pan')).status, 200)
  assert.equal((await shop.get('/products/some-slug')).status, 200)
  assert.deepEqual(
    shop.calls.map(({ request }) => request.pageSize ?? request.idOrSlug),
    [5, 0, 'some-slug'],
  )
})
