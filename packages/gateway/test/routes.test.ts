import assert from 'node:assert/strict'
import { test } from 'node:test'
import { methods } from '@souk/contract/methods'
import { contractRoutes } from '../src/routes.ts'
import { asUser, openShop, problem } from './harness.ts'
import { filledPath, sampleAnswer, sampleMessage } from './samples.ts'

const words = (routes: readonly { verb: string; path: string }[]) =>
  routes.map(({ verb, path }) => `${verb} ${path}`).sort()

test('what is served is what the contract declares', async (t) => {
  const shop = await openShop(t)
  const declared = methods.flatMap(({ http, aliases }) => (http ? [http, ...aliases] : []))
  assert.ok(declared.length > 80)
  assert.deepEqual(words(shop.gateway.routes()), words(declared))
})

test('every declared route reaches its verb with a complete message, and its answer keeps the contract', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), {
    auth: {
      verifyAccessToken: async () => ({ userId: 'u', roles: ['admin'], sessionId: 's' }),
      isRevoked: () => false,
      checkSession: async () => ({ live: true, steppedUpUntil: new Date(Date.now() + 60_000) }),
      resolveApiKey: async () => ({ id: 'k', scopes: ['inventory:operate'] }),
    },
  })
  for (const route of contractRoutes.filter(({ entry }) => entry.body === 'JSON' || entry.body === 'RAW')) {
    const { entry, verb, path, takesBody } = route
    const before = shop.calls.length
    const message = sampleMessage(entry, takesBody ? 'input' : 'query')
    for (const name of path.match(/\{[^}]+\}/g) ?? []) delete message[name.slice(1, -1)]
    const query = takesBody ? '' : `?${new URLSearchParams(message as Record<string, string>)}`
    const token = entry.permission === 'inventory:operate' ? 'sk_any' : 'any'
    const answer = await shop.send(verb, `${filledPath(path)}${query}`, {
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': 'k',
        ...(takesBody && { 'content-type': 'application/json' }),
      },
      body: takesBody ? JSON.stringify(message) : undefined,
    })
    const text = await answer.text()
    assert.equal(answer.status, entry.successStatus, `${verb} ${path}: ${text}`)
    const [call] = shop.calls.slice(before)
    // Aliases of cached reads are the same slot as the method's own route.
    if (call) assert.equal(call.entry.name, entry.name)
    else assert.ok(entry.cache && route.alias)
  }
  assert.deepEqual(
    shop.lines.filter(({ level }) => level === 'error'),
    [],
  )
})

test('an unknown address is a problem, whatever the verb', async (t) => {
  const shop = await openShop(t)
  for (const [verb, path] of [
    ['GET', '/nope'],
    ['POST', '/v1/nope'],
    ['GET', '/v1'],
    ['DELETE', '/v1/products/x/y'],
    ['GET', '/v1/cart/'],
    ['PROPFIND', '/nope'],
    ['POST', '/internal/x'],
  ] as const) {
    const answer = await shop.send(verb, path, {
      headers: { 'content-type': 'application/json' },
      body: verb === 'POST' ? '{"x":' : undefined,
    })
    assert.equal(answer.status, 404, `${verb} ${path}`)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    assert.equal((await problem(answer)).code, 'NOT_FOUND')
  }
})

test('a known address with another verb says which it takes', async (t) => {
  const shop = await openShop(t)
  for (const [verb, path, allow] of [
    ['PUT', '/v1/cart', 'GET, HEAD, DELETE, OPTIONS'],
    ['GET', '/v1/orders/x/cancel', 'POST, OPTIONS'],
    ['DELETE', '/checkout', 'POST, OPTIONS'],
    ['PATCH', '/v1/products', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const answer = await shop.send(verb, path)
    assert.equal(answer.status, 405, `${verb} ${path}`)
    assert.equal(answer.headers.get('allow'), allow)
    assert.equal((await problem(answer)).code, 'METHOD_NOT_ALLOWED')
  }
  assert.equal(shop.calls.length, 0)
})

test('methods for services only have no address', async (t) => {
  const shop = await openShop(t)
  for (const { entry } of contractRoutes) assert.notEqual(entry.access, 'SERVICE')
  for (const { fullService, method } of methods.filter(({ access }) => access === 'SERVICE')) {
    const answer = await shop.post(`/${fullService}/${method}`, {}, asUser('a'))
    assert.equal(answer.status, 404)
  }
})

test('HEAD is a GET without the body', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const full = await shop.get('/v1/categories')
  const bytes = await full.arrayBuffer()
  const head = await shop.send('HEAD', '/v1/categories')
  assert.equal(head.status, 200)
  assert.equal(head.headers.get('etag'), full.headers.get('etag'))
  assert.equal(Number(head.headers.get('content-length')), bytes.byteLength)
  assert.equal(await head.text(), '')
})

test('pages get what the contract does not serve, and nothing of the API', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), {
    pages: (instance) => {
      instance.get('/*', (_request, reply) => reply.type('text/html').send('<p>shop</p>'))
    },
  })
  for (const path of ['/', '/checkout', '/admin/orders', '/products'])
    assert.equal(await (await shop.get(path)).text(), '<p>shop</p>', path)
  assert.equal((await problem(await shop.get('/v1/nope'))).code, 'NOT_FOUND')
  assert.equal((await problem(await shop.get('/v1/checkout'))).code, 'METHOD_NOT_ALLOWED')
  assert.equal((await shop.get('/products/some-id')).headers.get('content-type'), 'application/json; charset=utf-8')
})
