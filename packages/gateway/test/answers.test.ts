import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asStaff, asUser, openShop } from './harness.ts'
import { sampleAnswer } from './samples.ts'

test('zero values and empty lists are there, what is absent is not', async (t) => {
  const shop = await openShop(t, () => ({
    id: 'u',
    createdAt: '2026-01-01T00:00:00Z',
    status: 'ACTIVE',
    passwordHash: 'never',
  }))
  const user = (await (await shop.get('/v1/me', asUser('u'))).json()) as Record<string, unknown>
  assert.deepEqual([user.roles, user.nickname], [[], ''])
  assert.ok(!('email' in user))
  assert.ok(!('passwordHash' in user))
})

test('lists that are empty answer with an empty list and an empty token', async (t) => {
  const shop = await openShop(t, () => ({}))
  assert.equal(await (await shop.get('/v1/products')).text(), '{"products":[],"nextPageToken":""}')
})

test('text of any kind arrives as it was', async (t) => {
  const name = '锅 "24\\" </script>\u2028 \u{1F372} é'
  const shop = await openShop(t, () => ({ products: [{ ...product, name }] }))
  const { products } = (await (await shop.get('/v1/products')).json()) as { products: { name: string }[] }
  assert.equal(products[0]?.name, name)
})
const product = {
  id: 'p',
  slug: 'p',
  price: { currency: 'CNY', amount: 1 },
  availability: 'IN_STOCK',
  createdAt: '2026-01-01T00:00:00Z',
}

test('creating answers 201, deleting 204 without a body, other verbs 200', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  assert.equal((await shop.post('/v1/cart/items', { skuId: 'a', quantity: 1 })).status, 201)
  const deleted = await shop.send('DELETE', '/v1/me/addresses/x', { headers: asUser('a') })
  assert.equal(deleted.status, 204)
  assert.equal(await deleted.text(), '')
  assert.equal(deleted.headers.get('content-type'), null)
  assert.equal((await shop.send('DELETE', '/v1/cart')).status, 200)
})

test('a token for the cart travels in a header, not in the JSON', async (t) => {
  let cartToken = 'guest-1'
  const shop = await openShop(t, ({ entry }) => ({ ...(sampleAnswer(entry) as object), cartToken }))
  const issued = await shop.get('/v1/cart')
  assert.equal(issued.headers.get('x-cart-token'), 'guest-1')
  assert.ok(!(await issued.text()).includes('guest-1'))
  cartToken = ''
  assert.equal((await shop.get('/v1/cart')).headers.get('x-cart-token'), null)
})

test('a raw answer is sent as it is', async (t) => {
  const body = Buffer.from([0, 255, 10, 13, 128])
  const shop = await openShop(t, () => ({
    contentType: 'image/webp',
    body,
    headers: { 'Cache-Control': 'public, max-age=31536000, immutable', 'X-Extra': '1' },
    status: 0,
  }))
  const answer = await shop.get('/media/a.webp')
  assert.equal(answer.status, 200)
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), body)
  assert.equal(answer.headers.get('content-type'), 'image/webp')
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.equal(answer.headers.get('x-extra'), '1')
})

test('a raw answer may refuse or redirect, and is then not kept', async (t) => {
  const shop = await openShop(t, () => ({
    contentType: 'text/plain',
    body: Buffer.from('gone'),
    headers: { Location: '/elsewhere' },
    status: 410,
  }))
  for (let i = 0; i < 2; i++) {
    const answer = await shop.get('/media/a.webp')
    assert.equal(answer.status, 410)
    assert.equal(answer.headers.get('location'), '/elsewhere')
  }
  assert.equal(shop.calls.length, 2)
})

test('a page from a verb is confined unless it brings its own policy', async (t) => {
  let headers: Record<string, string> = {}
  const shop = await openShop(t, () => ({
    contentType: 'text/html; charset=utf-8',
    body: Buffer.from('<p>'),
    headers,
    status: 0,
  }))
  assert.match((await shop.get('/sandbox/pay/t')).headers.get('content-security-policy') ?? '', /default-src 'self'/)
  headers = { 'content-security-policy': "default-src 'none'; style-src 'nonce-a'" }
  assert.equal(
    (await shop.get('/sandbox/pay/t')).headers.get('content-security-policy'),
    headers['content-security-policy'],
  )
})

test('private answers are kept by nobody', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  for (const [path, headers] of [
    ['/v1/me', asUser('a')],
    ['/v1/cart', {}],
    ['/v1/admin/orders', asStaff('support')],
  ] as const) {
    const answer = await shop.get(path, headers)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('etag'), null)
  }
})

test('public answers that are not kept carry an ETag too', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const first = await shop.get('/v1/payments/methods')
  const etag = first.headers.get('etag') ?? ''
  assert.match(etag, /^"[\w-]{27}"$/)
  const again = await shop.get('/v1/payments/methods', { 'if-none-match': etag })
  assert.equal(again.status, 304)
  assert.equal(await again.text(), '')
  assert.equal(shop.calls.length, 2)
})

test('an answer with a gap is logged as the bug it is and sent as far as it goes', async (t) => {
  const shop = await openShop(t, () => ({ id: 'u' }))
  const answer = await shop.get('/v1/me', asUser('u'))
  assert.equal(answer.status, 200)
  assert.equal(((await answer.json()) as { id: string }).id, 'u')
  assert.deepEqual(
    shop.lines.filter(({ level }) => level === 'error').map(({ event, fields }) => [event, fields.method]),
    [['answer breaks the contract', 'identity.AccountService/GetMe']],
  )
})

test('what the verb is told beside the message', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const before = Date.now()
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await shop.post(
    '/v1/orders',
    { fromCart: true },
    { ...asUser('a'), 'idempotency-key': 'k', traceparent, 'accept-language': 'zh-CN' },
  )
  const { call, entry } = shop.calls[0]!
  assert.equal(call.traceparent.slice(0, 36), traceparent.slice(0, 36))
  assert.notEqual(call.traceparent, traceparent)
  assert.equal(call.locale, 'zh-CN')
  assert.ok(call.deadline >= before + entry.deadlineMs && call.deadline <= Date.now() + entry.deadlineMs)
  assert.equal(call.steppedUp, undefined)
  assert.equal(call.caller, undefined)
})
