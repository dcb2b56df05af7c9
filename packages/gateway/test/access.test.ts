import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rolePermissions, roles } from '@souk/contract/permissions'
import { contractRoutes } from '../src/routes.ts'
import { asStaff, asUser, openShop, problem } from './harness.ts'
import { filledPath, sampleAnswer } from './samples.ts'

const keyed = { 'idempotency-key': 'k', 'content-type': 'application/json' }

test('without a token every method that is not public is refused before its body is looked at', async (t) => {
  const shop = await openShop(t)
  for (const { entry, verb, path } of contractRoutes.filter(({ entry }) => entry.access !== 'PUBLIC')) {
    const answer = await shop.send(verb, filledPath(path), {
      headers: keyed,
      body: verb === 'GET' ? undefined : '{"broken":',
    })
    assert.equal(answer.status, 401, `${verb} ${path}`)
    assert.equal((await problem(answer)).code, 'UNAUTHENTICATED')
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="souk"', entry.name)
  }
  assert.equal(shop.calls.length, 0)
})

test('every role meets exactly the methods that its permissions name', async (t) => {
  const shop = await openShop(t, () => {
    throw new Error('reached')
  })
  for (const role of [...roles, 'stranger']) {
    for (const { entry, verb, path } of contractRoutes.filter(({ entry }) => entry.access === 'PERMISSION')) {
      const answer = await shop.send(verb, filledPath(path), {
        headers: { ...keyed, ...asStaff(role) },
        body: verb === 'GET' ? undefined : '{"broken":',
      })
      const { code } = await problem(answer)
      const held: readonly string[] =
        role in rolePermissions ? rolePermissions[role as keyof typeof rolePermissions] : []
      const may = held.includes(entry.permission!) && entry.permission !== 'inventory:operate'
      assert.equal(code === 'FORBIDDEN', !may, `${role} ${verb} ${path}: ${code}`)
    }
  }
})

test('tokens that do not verify are refused, public methods included', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const credentials = [
    'Bearer nonsense',
    'Bearer ',
    'Basic dXNlcjpwYXNz',
    'Bearer user.gone',
    'Bearer sk_unknown',
    'bearer  ',
    `Bearer ${'a'.repeat(5000)}`,
    'Bearer a b',
    'user.a',
  ]
  for (const authorization of credentials) {
    for (const path of ['/v1/me', '/v1/cart', '/v1/products', '/v1/categories']) {
      const answer = await shop.get(path, { authorization })
      assert.equal(answer.status, 401, `${authorization.slice(0, 20)} ${path}`)
    }
  }
  assert.equal(shop.calls.length, 0)
})

test('a token that does not verify is refused on a kept answer too', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  for (let i = 0; i < 3; i++) assert.equal((await shop.get('/v1/products')).status, 200)
  assert.equal((await shop.get('/v1/products', { authorization: 'Bearer nonsense' })).status, 401)
})

test('public methods validate first', async (t) => {
  const shop = await openShop(t)
  const answer = await shop.post('/v1/cart/items', { skuId: 'a' }, { authorization: 'Bearer nonsense' })
  assert.equal((await problem(answer)).code, 'VALIDATION_FAILED')
})

test('identity comes from the token alone', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const claims = {
    'x-user-id': 'victim',
    'x-forwarded-user': 'victim',
    'x-roles': 'admin',
    'x-forwarded-for': '10.0.0.1',
  }
  await shop.get('/v1/me', { ...asUser('anna'), ...claims })
  assert.deepEqual(shop.calls[0]?.call.actor, { kind: 'user', id: 'anna', roles: [], sessionId: 'session-of-anna' })
  assert.equal(shop.calls[0]?.call.address, '127.0.0.1')
  assert.equal((await shop.get('/v1/me', claims)).status, 401)
})

test('API keys reach what their scopes name and nothing of a person', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const key = { authorization: 'Bearer sk_stock' }
  const hold = { orderId: '0190b0a0-0000-7000-8000-000000000000' }
  assert.equal((await shop.post('/v1/inventory/release', hold, key)).status, 200)
  assert.deepEqual(shop.calls[0]?.call.actor, {
    kind: 'apiKey',
    id: 'key-1',
    scopes: ['inventory:operate', 'payment:refund'],
  })
  assert.equal((await problem(await shop.get('/v1/me', key))).code, 'FORBIDDEN')
  assert.equal((await problem(await shop.get('/v1/admin/users', key))).code, 'FORBIDDEN')
  assert.equal((await problem(await shop.post('/v1/inventory/release', hold, asStaff('admin')))).code, 'FORBIDDEN')
})

for (const [says, headers, code] of [
  ['a session stepped up lately passes', asStaff('finance'), undefined],
  ['a step-up that ran out is asked for again', asStaff('support'), 'STEP_UP_REQUIRED'],
  ['a session never stepped up is asked for it', asStaff('admin'), 'STEP_UP_REQUIRED'],
  ['an API key has nobody to step up', { authorization: 'Bearer sk_stock' }, 'STEP_UP_REQUIRED'],
] as const) {
  test(`step-up: ${says}`, async (t) => {
    const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
    const answer = await shop.post('/v1/payments/p/refund', { reason: 'broken' }, { ...headers, ...keyed })
    if (code) assert.equal((await problem(answer)).code, code)
    else assert.equal(answer.status, 201)
    assert.equal(shop.calls[0]?.call.steppedUp, code ? undefined : true)
  })
}

test('step-up: a session that ended a moment ago is refused at once', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), {
    auth: {
      verifyAccessToken: async () => ({ userId: 'u', roles: ['admin'], sessionId: 'session-of-ended' }),
      isRevoked: () => false,
      checkSession: async () => ({ live: false }),
      resolveApiKey: async () => undefined,
    },
  })
  const answer = await shop.post('/v1/payments/p/refund', { reason: 'broken' }, { ...keyed, authorization: 'Bearer t' })
  assert.equal((await problem(answer)).code, 'UNAUTHENTICATED')
})

test('refusals are logged without names, and so is an object that is not theirs', async (t) => {
  const { fault } = await import('@souk/kernel')
  const shop = await openShop(t, () => {
    throw fault('NOT_FOUND')
  })
  await shop.get('/v1/admin/users', asStaff('warehouse'))
  await shop.get('/v1/orders/of-somebody-else', asUser('anna'))
  const logged = shop.lines
    .filter(({ fields }) => fields.kind === 'business')
    .map(({ event, fields }) => [event, fields.method, fields.code])
  assert.deepEqual(logged, [
    ['access refused', 'identity.UserAdminService/ListUsers', 'FORBIDDEN'],
    ['not there or not theirs', 'order.OrderService/GetOrder', undefined],
  ])
  assert.ok(!JSON.stringify(shop.lines).includes('anna'))
  assert.ok(!JSON.stringify(shop.lines).includes('of-somebody-else'))
})
