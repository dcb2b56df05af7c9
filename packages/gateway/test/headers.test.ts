import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asUser, openShop } from './harness.ts'
import { sampleAnswer } from './samples.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

test('every answer carries the protective headers, refusals included', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), { publicUrl: 'https://shop.test' })
  for (const path of [
    '/v1/products',
    '/v1/products',
    '/nope',
    '/v1/me',
    '/media/a.webp',
    '/sandbox/pay/t',
    '/v1/products/%ZZ',
  ]) {
    const { headers } = await shop.get(path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('x-frame-options'), 'DENY', path)
    assert.equal(headers.get('referrer-policy'), 'strict-origin-when-cross-origin', path)
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/, path)
    assert.match(headers.get('strict-transport-security') ?? '', /max-age=31536000/, path)
    assert.equal(headers.get('x-powered-by'), null)
    assert.equal(headers.get('server'), null)
  }
})

test('over plain HTTP nobody is told to insist on TLS', async (t) => {
  const shop = await openShop(t)
  assert.equal((await shop.get('/nope')).headers.get('strict-transport-security'), null)
})

for (const [says, given, same] of [
  ['a good one goes on with a new span', traceparent, true],
  ['none is replaced', undefined, false],
  ['nonsense is replaced', 'hello', false],
  ['zeros are replaced', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, false],
  ['the forbidden version is replaced', `ff${traceparent.slice(2)}`, false],
] as const) {
  test(`traceparent: ${says}`, async (t) => {
    const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
    for (const path of ['/v1/products', '/v1/products', '/nope']) {
      const answered = (await shop.get(path, { traceparent: given })).headers.get('traceparent') ?? ''
      assert.match(answered, /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
      assert.equal(answered.slice(3, 35) === traceparent.slice(3, 35), same)
      assert.notEqual(answered, given)
    }
  })
}

test('X-Request-Id is echoed when it is harmless, else it is the trace id', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  for (const path of ['/v1/products', '/v1/products', '/nope']) {
    assert.equal((await shop.get(path, { 'x-request-id': 'req-1.a:b_c' })).headers.get('x-request-id'), 'req-1.a:b_c')
    for (const bad of ['a b', '{"x":1}', 'a'.repeat(101), '<script>']) {
      const { headers } = await shop.get(path, { 'x-request-id': bad, traceparent })
      assert.equal(headers.get('x-request-id'), traceparent.slice(3, 35))
    }
  }
})

test('traces are never the same twice', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const seen = new Set<string>()
  for (let i = 0; i < 300; i++) seen.add((await shop.get('/v1/products')).headers.get('traceparent') ?? '')
  assert.equal(seen.size, 300)
})

const partner = 'https://partner.test'
const cors = { corsOrigins: [`${partner}/`] }

test('listed origins may read, without cookies; others may not', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), cors)
  for (let i = 0; i < 2; i++) {
    const answer = await shop.get('/v1/products', { origin: partner })
    assert.equal(answer.headers.get('access-control-allow-origin'), partner)
    assert.equal(answer.headers.get('access-control-allow-credentials'), null)
    assert.match(answer.headers.get('access-control-expose-headers') ?? '', /X-Cart-Token/)
    assert.equal(answer.headers.get('vary'), 'Accept-Language, Origin')
    assert.equal((await shop.get('/v1/products')).headers.get('vary'), 'Accept-Language, Origin')
  }
  for (const origin of ['https://evil.test', `${partner}.evil.test`, 'http://partner.test', 'null']) {
    assert.equal((await shop.get('/v1/products', { origin })).headers.get('access-control-allow-origin'), null, origin)
  }
  const refusal = await shop.get('/v1/me', { origin: partner })
  assert.equal(refusal.headers.get('access-control-allow-origin'), partner)
})

test('a preflight is answered for listed origins only', async (t) => {
  const shop = await openShop(t, () => ({}), cors)
  const ask = (origin: string, path = '/v1/orders') =>
    shop.send('OPTIONS', path, { headers: { origin, 'access-control-request-method': 'POST' } })
  const allowed = await ask(partner)
  assert.equal(allowed.status, 204)
  assert.equal(allowed.headers.get('access-control-allow-methods'), 'POST, GET, HEAD')
  assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /Idempotency-Key/)
  assert.equal((await ask('https://evil.test')).headers.get('access-control-allow-methods'), null)
  assert.equal((await ask(partner, '/nope')).status, 404)
  assert.equal(shop.calls.length, 0)
})

test('without a list no origin is allowed', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const { headers } = await shop.get('/v1/products', { origin: partner })
  assert.equal(headers.get('access-control-allow-origin'), null)
})

test('each request leaves one access line and one measurement, with patterns and without what was asked', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  await (await shop.get('/v1/products?q=secret-wish')).text()
  await (await shop.get('/v1/products?q=secret-wish')).text()
  await (await shop.get('/v1/orders/order-of-anna', { ...asUser('anna'), traceparent })).text()
  await (await shop.get('/secret-place')).text()
  await shop.gateway.drain()
  const access = shop.lines.filter(({ fields }) => fields.kind === 'access')
  assert.deepEqual(
    access.map(({ event, fields: { method, route, status } }) => [event, method, route, status]),
    [
      ['request', 'GET', '/v1/products', 200],
      ['request', 'GET', '/v1/products', 200],
      ['request', 'GET', '/v1/orders/{id}', 200],
      ['request', 'GET', 'none', 404],
    ],
  )
  for (const { fields } of access) {
    assert.equal(typeof fields.ms, 'number')
    assert.match(String(fields.traceId), /^[0-9a-f]{32}$/)
  }
  const [first, second, order, nothing] = access.map(({ fields }) => fields)
  assert.ok(Number(first?.bytes) > 0)
  assert.equal(second?.bytes, first?.bytes)
  assert.equal(order?.traceId, traceparent.slice(3, 35))
  assert.match(String(order?.user), /^[0-9a-f]{16}$/)
  assert.equal(nothing?.user, undefined)
  assert.doesNotMatch(JSON.stringify(shop.lines), /secret|anna/)
  assert.deepEqual(
    shop.measured.map(({ name, labels }) => [name, labels.route, labels.status]),
    [
      ['http_request_seconds', '/v1/products', '200'],
      ['http_request_seconds', '/v1/products', '200'],
      ['http_request_seconds', '/v1/orders/{id}', '200'],
      ['http_request_seconds', 'none', '404'],
    ],
  )
})
