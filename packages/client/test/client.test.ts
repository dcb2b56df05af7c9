import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../src/index.ts'
import { open, refusal } from './harness.ts'

test('a read: path, query, language, trace', async (t) => {
  const { seen, client } = await open(t, () => ({ body: { products: [{ name: '锅' }], nextPageToken: '' } }), {
    locale: () => 'zh-CN',
  })
  const { products } = await client.catalog.listProducts({
    q: '锅 & pan',
    pageSize: 5,
    sort: '',
    brandId: undefined,
    minPrice: 0,
  })
  assert.equal(products[0]?.name, '锅')
  const [one] = seen
  assert.equal(`${one?.method} ${one?.url}`, 'GET /v1/products?q=%E9%94%85+%26+pan&pageSize=5&minPrice=0')
  assert.equal(one?.headers['accept-language'], 'zh-CN')
  assert.match(String(one?.headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  assert.equal(one?.headers['idempotency-key'], undefined)
  assert.equal(one?.headers.authorization, undefined)
})

test('a write: the path takes its fields, the body the rest, null included', async (t) => {
  const { seen, client } = await open(t, () => ({ body: { id: 'a' } }))
  await client.account.updateAddress({ id: 'a/b ?', recipient: '李', line2: null })
  assert.equal(`${seen[0]?.method} ${seen[0]?.url}`, 'PATCH /v1/me/addresses/a%2Fb%20%3F')
  assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), { recipient: '李', line2: null })
  assert.equal(seen[0]?.headers['content-type'], 'application/json')
})

test('a path without its field is a mistake of the caller, found before anything is sent', async (t) => {
  const { seen, client } = await open(t, () => ({}))
  await assert.rejects(client.order.getOrder({}), TypeError)
  await assert.rejects(client.order.getOrder({ id: '' }), TypeError)
  assert.equal(seen.length, 0)
})

test('methods that need a key get one, the caller’s own if he has one, the same for both tries', async (t) => {
  const { seen, client } = await open(t, (_, count) => (count === 3 ? { status: 401 } : { body: { id: 'o' } }), {
    refresh: async () => true,
  })
  await client.order.placeOrder({ fromCart: true })
  await client.order.placeOrder({ fromCart: true }, { key: 'mine' })
  await client.order.placeOrder({ fromCart: true })
  const keys = seen.map(({ headers }) => headers['idempotency-key'])
  assert.match(String(keys[0]), /^[0-9a-f]{32}$/)
  assert.equal(keys[1], 'mine')
  assert.equal(keys[2], keys[3])
  assert.notEqual(keys[2], keys[0])
})

test('a problem is thrown with all it says', async (t) => {
  const body = {
    type: 'urn:x',
    title: 'Not enough stock.',
    status: 409,
    detail: 'Sold out.',
    code: 'OUT_OF_STOCK',
    traceId: 'abc',
    violations: [{ field: 'lines[0]', rule: 'max', message: 'm' }],
    params: { skuIds: ['a'] },
  }
  const { client } = await open(t, () => ({
    status: 409,
    headers: { 'retry-after': '3', 'content-type': 'application/problem+json' },
    body,
  }))
  const found = await refusal(client.order.placeOrder({}))
  assert.deepEqual(
    {
      status: found.status,
      code: found.code,
      title: found.title,
      detail: found.detail,
      violations: found.violations,
      traceId: found.traceId,
      retryAfter: found.retryAfter,
      params: found.params,
      message: found.message,
    },
    {
      status: 409,
      code: 'OUT_OF_STOCK',
      title: 'Not enough stock.',
      detail: 'Sold out.',
      violations: body.violations,
      traceId: 'abc',
      retryAfter: 3,
      params: { skuIds: ['a'] },
      message: 'Sold out.',
    },
  )
})

for (const [says, reply, code] of [
  ['a page of some proxy', { status: 502, body: '<html>' }, 'HTTP_502'],
  ['nothing', { status: 503, body: '' }, 'HTTP_503'],
  ['JSON of another kind', { status: 500, body: '[1]' }, 'HTTP_500'],
  ['null', { status: 400, body: 'null' }, 'HTTP_400'],
] as const) {
  test(`a refusal that is ${says} is a problem too`, async (t) => {
    const { client } = await open(t, () => ({ ...reply, headers: { 'x-request-id': 'r1' } }))
    const found = await refusal(client.catalog.listCategories())
    assert.deepEqual([found.status, found.code, found.traceId, found.retryAfter], [reply.status, code, 'r1', undefined])
  })
}

test('nobody there: NETWORK; no answer in time: TIMEOUT; called off: as the caller said', async (t) => {
  const { client } = await open(t, () => ({ hang: true }))
  assert.equal(
    (await refusal(createClient({ baseUrl: 'http://127.0.0.1:1' }).catalog.listCategories())).code,
    'NETWORK',
  )
  const late = await refusal(client.catalog.listCategories({}, { timeoutMs: 50 }))
  assert.deepEqual([late.status, late.code], [0, 'TIMEOUT'])
  const controller = new AbortController()
  const calledOff = client.catalog.listCategories({}, { signal: controller.signal })
  controller.abort(new Error('changed my mind'))
  await assert.rejects(calledOff, /changed my mind/)
  await assert.rejects(client.catalog.listCategories({}, { signal: AbortSignal.abort() }), { name: 'AbortError' })
})

test('a body that stops in the middle is no answer in time', async (t) => {
  const stalled: typeof fetch = async (_url, init) =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"categories":['))
          init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason))
        },
      }),
    )
  const { client } = await open(t, () => ({}), { fetch: stalled })
  assert.equal((await refusal(client.catalog.listCategories({}, { timeoutMs: 50 }))).code, 'TIMEOUT')
})

test('files and raw answers', async (t) => {
  const { seen, client } = await open(t, ({ method }) =>
    method === 'GET'
      ? { headers: { 'content-type': 'text/csv' }, body: 'Handle\n' }
      : { body: { jobId: 'j', id: 'm' } },
  )
  await client.catalogAdmin.importProducts({}, { body: 'Handle\npan' })
  assert.deepEqual([seen[0]?.headers['content-type'], seen[0]?.body], ['text/csv', 'Handle\npan'])
  await client.catalogAdmin.uploadMedia({}, { body: new File(['pixels'], 'pan.png', { type: 'image/png' }) })
  assert.match(String(seen[1]?.headers['content-type']), /^multipart\/form-data; boundary=/)
  assert.match(seen[1]?.body ?? '', /filename="pan.png"\r\nContent-Type: image\/png\r\n\r\npixels/)
  const file = await client.catalogAdmin.exportProducts()
  assert.deepEqual([file.contentType, Buffer.from(file.body).toString()], ['text/csv', 'Handle\n'])
})

test('an answer without a body is an empty one; every answer can be looked at', async (t) => {
  const statuses: number[] = []
  const { client } = await open(t, () => ({ status: 204 }), { onAnswer: ({ status }) => statuses.push(status) })
  assert.deepEqual(await client.account.deleteAddress({ id: 'a' }), {})
  assert.deepEqual(statuses, [204])
})

test('every method is there by service and by name', async (t) => {
  const { seen, client } = await open(t, () => ({ body: {} }))
  await client.call('catalog.CatalogService/GetProduct', { idOrSlug: 'pan' })
  await client.catalog.getProduct({ idOrSlug: 'pan' })
  assert.deepEqual(
    seen.map(({ url }) => url),
    ['/v1/products/pan', '/v1/products/pan'],
  )
  assert.deepEqual(Object.keys(client).sort(), [
    'account',
    'auth',
    'call',
    'cart',
    'catalog',
    'catalogAdmin',
    'edge',
    'inventory',
    'inventoryAdmin',
    'order',
    'orderAdmin',
    'payment',
    'paymentAdmin',
    'sandbox',
    'shipmentAdmin',
    'userAdmin',
  ])
})
