import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fault } from '@souk/kernel'
import { asStaff, asUser, held, openShop, type Reply } from './harness.ts'
import { sampleAnswer } from './samples.ts'

let version = 0
const product: Reply = ({ entry, call, request }) => ({
  ...(sampleAnswer(entry) as object),
  id: 'p1',
  slug: 'pan',
  name: `${call.locale === 'zh-CN' ? '平底锅' : 'Pan'} ${++version}`,
  description: JSON.stringify(request),
})
const nameOf = async (answer: Response): Promise<string> => ((await answer.json()) as { name: string }).name
const changed = { type: 'catalog.PriceChanged', payload: { productId: 'p1' } }

test('the second reader gets the same bytes without a verb, however he writes the address', async (t) => {
  const shop = await openShop(t, product)
  const first = await shop.get('/v1/products/pan')
  const name = await nameOf(first)
  for (const path of [
    '/v1/products/pan',
    '/v1/products/pan',
    '/v1/products/p%61n',
    '/v1/products/pan?',
    '/products/pan',
  ]) {
    const again = await shop.get(path)
    assert.equal(await nameOf(again), name, path)
    assert.equal(again.headers.get('etag'), first.headers.get('etag'))
  }
  assert.equal(shop.calls.length, 1)
})

test('every answer says how it may be kept, whether it was at hand or not', async (t) => {
  const shop = await openShop(t, product)
  for (let i = 0; i < 3; i++) {
    const { headers } = await shop.get('/v1/products/pan')
    assert.match(headers.get('etag') ?? '', /^"[\w-]{27}"$/)
    assert.equal(headers.get('cache-control'), 'public, max-age=0, must-revalidate')
    assert.equal(headers.get('vary'), 'Accept-Language')
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f]{32}$/)
    assert.match(headers.get('traceparent') ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  }
})

test('who already has the bytes is told so', async (t) => {
  const shop = await openShop(t, product)
  const etag = (await shop.get('/v1/products/pan')).headers.get('etag') ?? ''
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answer = await shop.get('/v1/products/pan', { 'if-none-match': known })
    assert.equal(answer.status, 304, known)
    assert.equal(answer.headers.get('etag'), etag)
    assert.equal(answer.headers.get('vary'), 'Accept-Language')
    assert.equal(await answer.text(), '')
  }
  assert.equal((await shop.get('/v1/products/pan', { 'if-none-match': '"other"' })).status, 200)
})

test('a changed answer has another tag, an equal one the same', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const etag = (await shop.get('/v1/categories')).headers.get('etag')
  shop.tell({ type: 'catalog.CategoriesChanged', payload: { categoryId: 'c' } })
  const again = await shop.get('/v1/categories', { 'if-none-match': etag ?? '' })
  assert.equal(again.status, 304)
  assert.equal(shop.calls.length, 2)
})

test('languages are never mixed', async (t) => {
  const shop = await openShop(t, product)
  for (let round = 0; round < 3; round++) {
    for (const [header, word] of [
      ['zh-CN', '平底锅'],
      ['en', 'Pan'],
      ['zh-TW,zh;q=0.9', '平底锅'],
      ['fr', 'Pan'],
    ] as const) {
      assert.match(
        await nameOf(await shop.get('/v1/products/pan', { 'accept-language': header })),
        new RegExp(`^${word} `),
      )
    }
  }
  assert.equal(shop.calls.length, 2)
})

test('a fact makes the change visible to the next reader, in every language', async (t) => {
  const shop = await openShop(t, product)
  const read = async () => [
    await nameOf(await shop.get('/v1/products/pan')),
    await nameOf(await shop.get('/v1/products/pan', { 'accept-language': 'zh' })),
  ]
  const before = await read()
  assert.deepEqual(await read(), before)
  shop.tell({ type: 'catalog.PriceChanged', payload: { productId: 'another' } })
  assert.deepEqual(await read(), before)
  shop.tell(changed)
  for (const [i, name] of (await read()).entries()) assert.notEqual(name, before[i])
})

test('a read overtaken by a fact does not stay', async (t) => {
  const gate = held<void>()
  let price = 'old'
  const shop = await openShop(t, async (invoked) => {
    const answer = { ...(product(invoked) as object), name: price }
    if (price === 'old') await gate.promise
    return answer
  })
  const slow = shop.get('/v1/products/pan')
  while (shop.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  price = 'new'
  shop.tell(changed)
  gate.release()
  assert.equal(await nameOf(await slow), 'old')
  assert.equal(await nameOf(await shop.get('/v1/products/pan')), 'new')
})

test('many readers at once cost one read', async (t) => {
  const gate = held<void>()
  const shop = await openShop(t, async (invoked) => {
    await gate.promise
    return product(invoked)
  })
  const readers = Array.from({ length: 50 }, () => shop.get('/v1/products/pan'))
  while (shop.gateway.inFlight() < 50) await new Promise((resolve) => setTimeout(resolve, 5))
  gate.release()
  assert.equal(new Set(await Promise.all((await Promise.all(readers)).map(nameOf))).size, 1)
  assert.equal(shop.calls.length, 1)
})

test('refusals are not kept', async (t) => {
  let there = false
  const shop = await openShop(t, (invoked) => {
    if (there) return product(invoked)
    throw fault('NOT_FOUND')
  })
  assert.equal((await shop.get('/v1/products/pan')).status, 404)
  there = true
  assert.equal((await shop.get('/v1/products/pan')).status, 200)
})

test('who asks first decides nothing: public answers are read as nobody', async (t) => {
  const shop = await openShop(t, product)
  const first = await nameOf(await shop.get('/v1/products/pan', asStaff('catalog')))
  assert.equal(await nameOf(await shop.get('/v1/products/pan', asUser('anna'))), first)
  assert.equal(await nameOf(await shop.get('/v1/products/pan')), first)
  assert.deepEqual(
    shop.calls.map(({ call }) => call.actor),
    [{ kind: 'anonymous' }],
  )
})

test('different questions have different answers', async (t) => {
  const shop = await openShop(t, ({ entry, request }) => ({
    ...(sampleAnswer(entry) as object),
    nextPageToken: JSON.stringify(request),
  }))
  const paths = [
    '/v1/products',
    '/v1/products?q=a',
    '/v1/products?q=b',
    '/v1/products?pageSize=1',
    '/v1/products?q=a&pageSize=1',
    '/v1/products?pageSize=1&q=a',
  ]
  for (let round = 0; round < 2; round++) {
    const bodies = await Promise.all(paths.map(async (path) => (await shop.get(path)).text()))
    assert.equal(new Set(bodies).size, 5)
  }
  assert.equal(shop.calls.length, 5)
})

test('a product page whose product is missing is not kept', async (t) => {
  const shop = await openShop(t, ({ entry }) => ({ ...(sampleAnswer(entry) as object), product: undefined }))
  await shop.get('/v1/products/x/page')
  await shop.get('/v1/products/x/page')
  assert.equal(shop.calls.length, 2)
})
