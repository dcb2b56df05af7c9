import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fault } from '@souk/kernel'
import { asUser, openShop, problem, type Reply } from './harness.ts'

const tokens: Reply = () => ({
  accessToken: 'access',
  expiresIn: 600,
  refreshToken: 'refresh/1=',
  user: { id: 'u', createdAt: '2026-01-01T00:00:00Z', status: 'ACTIVE' },
})
const wants = { 'x-souk-session': 'cookie' }
const cookie = { cookie: 'theme=dark; __Host-souk-refresh=refresh%2F1%3D; x=y' }
const credentials = { email: 'a@b.cn', password: 'x' }

test('a browser that asks for it gets the refresh token as a cookie and not in the JSON', async (t) => {
  const shop = await openShop(t, tokens)
  const answer = await shop.post('/v1/auth/login', credentials, wants)
  assert.deepEqual(answer.headers.getSetCookie(), [
    '__Host-souk-refresh=refresh%2F1%3D; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=2592000',
  ])
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const body = (await answer.json()) as { accessToken: string; refreshToken: string }
  assert.deepEqual([body.accessToken, body.refreshToken], ['access', ''])
})

test('everybody else gets it in the JSON and no cookie', async (t) => {
  const shop = await openShop(t, tokens)
  for (const path of ['/v1/auth/login', '/login']) {
    const answer = await shop.post(path, credentials)
    assert.deepEqual(answer.headers.getSetCookie(), [])
    assert.equal(((await answer.json()) as { refreshToken: string }).refreshToken, 'refresh/1=')
  }
})

test('renewing takes the cookie from our own pages and answers with a cookie', async (t) => {
  const shop = await openShop(t, tokens)
  for (const proof of [
    { origin: 'http://shop.test' },
    { origin: shop.url },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin', origin: 'http://shop.test' },
  ]) {
    const answer = await shop.post('/v1/auth/refresh', {}, { ...cookie, ...proof })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.getSetCookie().length, 1)
    assert.equal(((await answer.json()) as { refreshToken: string }).refreshToken, '')
  }
  assert.deepEqual(new Set(shop.calls.map(({ request }) => request.refreshToken)), new Set(['refresh/1=']))
})

for (const [says, headers] of [
  ['without any proof of origin', {}],
  ['from a foreign origin', { origin: 'http://evil.test' }],
  [
    'from a foreign origin that the browser calls cross-site',
    { origin: 'http://evil.test', 'sec-fetch-site': 'cross-site' },
  ],
  ['from a sister site', { 'sec-fetch-site': 'same-site' }],
  ['from an address bar', { 'sec-fetch-site': 'none' }],
  ['from a sandboxed frame', { origin: 'null' }],
] as const) {
  test(`a cookie ${says} renews nothing`, async (t) => {
    const shop = await openShop(t, tokens)
    const answer = await shop.post('/v1/auth/refresh', {}, { ...cookie, ...headers })
    assert.equal((await problem(answer)).code, 'FORBIDDEN')
    assert.equal(shop.calls.length, 0)
    assert.deepEqual(answer.headers.getSetCookie(), [])
  })
}

test('a token in the body needs no cookie and is not overruled by one', async (t) => {
  const shop = await openShop(t, tokens)
  const answer = await shop.post(
    '/v1/auth/refresh',
    { refreshToken: 'mine' },
    { ...cookie, origin: 'http://evil.test' },
  )
  assert.equal(answer.status, 200)
  assert.equal(shop.calls[0]?.request.refreshToken, 'mine')
  assert.deepEqual(answer.headers.getSetCookie(), [])
})

test('without a token anywhere the verb decides', async (t) => {
  const shop = await openShop(t, () => {
    throw fault('UNAUTHENTICATED')
  })
  for (const headers of [
    {},
    { cookie: '__Host-souk-refresh=' },
    { cookie: '__Host-souk-refresh=%ZZ' },
    { cookie: 'souk-refresh=stolen' },
  ]) {
    assert.equal((await shop.post('/v1/auth/refresh', {}, headers)).status, 401)
  }
  assert.deepEqual(
    shop.calls.map(({ request }) => request.refreshToken),
    [undefined, undefined, undefined, undefined],
  )
})

test('the cookie is no other method’s business', async (t) => {
  const shop = await openShop(t, tokens)
  assert.equal((await shop.get('/v1/me', { ...cookie, origin: shop.url })).status, 401)
})

test('signing out takes the cookie away, and only where there is one', async (t) => {
  const shop = await openShop(t, () => ({}))
  const gone = '__Host-souk-refresh=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0'
  for (const [headers, expected] of [
    [cookie, [gone]],
    [wants, [gone]],
    [{}, []],
  ] as const) {
    const answer = await shop.post('/v1/auth/logout', {}, { ...asUser('a'), ...headers })
    assert.equal(answer.status, 204)
    assert.deepEqual(answer.headers.getSetCookie(), expected)
  }
})
