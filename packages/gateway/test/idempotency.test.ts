import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical, requestHash } from '../src/input/canonical.ts'
import { contractRoutes } from '../src/routes.ts'
import { asStaff, asUser, openShop, problem } from './harness.ts'
import { filledPath, sampleAnswer } from './samples.ts'

const json = { 'content-type': 'application/json' }

test('methods that need a key say so before they read the body; their flat routes do not', async (t) => {
  const shop = await openShop(t)
  const needing = contractRoutes.filter(({ entry }) => entry.idempotent)
  assert.ok(needing.length > 5)
  for (const { entry, verb, path, alias } of needing) {
    const headers = entry.access === 'SIGNED_IN' ? asUser('a') : asStaff(entry.stepUp ? 'finance' : 'admin')
    if (entry.permission === 'inventory:adjust') continue
    const { code } = await problem(
      await shop.send(verb, filledPath(path), { headers: { ...json, ...headers }, body: '{"broken":' }),
    )
    assert.equal(code, alias ? 'VALIDATION_FAILED' : 'IDEMPOTENCY_KEY_REQUIRED', `${verb} ${path}`)
  }
})

for (const [says, key, good] of [
  ['one character', 'a', true],
  ['200 characters', 'a'.repeat(200), true],
  ['a UUID', '0190b0a0-0000-7000-8000-000000000000', true],
  ['201 characters', 'a'.repeat(201), false],
  ['not printable', 'a\tb', false],
  ['not ASCII', 'schl\xfcssel', false],
] as const) {
  test(`a key may be: ${says}: ${good}`, async (t) => {
    const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
    const answer = await shop.post('/v1/orders', { fromCart: true }, { ...asUser('a'), 'idempotency-key': key })
    assert.equal(answer.status, good ? 201 : 400)
    if (good) assert.equal(shop.calls[0]?.call.idempotencyKey, key)
    else
      assert.deepEqual(
        (await problem(answer)).violations?.map(({ field }) => field),
        ['Idempotency-Key'],
      )
  })
}

test('a key that is not needed is passed on too', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  await shop.post('/v1/orders/prepare', { fromCart: true }, { ...asUser('a'), 'idempotency-key': 'k' })
  await shop.post('/order/place', { from_cart: true }, { ...asUser('a'), 'idempotency-key': 'k' })
  assert.deepEqual(
    shop.calls.map(({ call }) => call.idempotencyKey),
    ['k', 'k'],
  )
})

test('the request hash means method, path and content, not spelling', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const place = (body: string, headers = {}) =>
    shop.post('/v1/orders', body, { ...asUser('a'), 'idempotency-key': 'k', ...headers })
  await place('{"addressId":"x","lines":[{"skuId":"a","quantity":1}]}')
  await place('{ "lines": [ { "quantity": 1.0, "skuId": "\\u0061" } ], "addressId": "x" }', {
    'user-agent': 'another',
    'accept-language': 'zh',
  })
  await place('{"addressId":"x","lines":[{"skuId":"a","quantity":2}]}')
  await shop.post('/v1/orders/1/cancel', {}, { ...asUser('a'), 'idempotency-key': 'k' })
  await shop.post('/v1/orders/2/cancel', {}, { ...asUser('a'), 'idempotency-key': 'k' })
  const [first, same, ...others] = shop.calls.map(({ call }) => call.requestHash)
  assert.match(first ?? '', /^[0-9a-f]{64}$/)
  assert.equal(same, first)
  assert.equal(new Set([first, ...others]).size, 4)
})

test('the order of names never matters, everything else does', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, inner]) => [name, shuffled(inner)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.equal(canonical(shuffled(value)), canonical(value))
      assert.deepEqual(JSON.parse(canonical(value)), JSON.parse(JSON.stringify(value)))
    }),
  )
  assert.notEqual(requestHash('a', {}), requestHash('b', {}))
  assert.notEqual(requestHash('a', { x: [1, 2] }), requestHash('a', { x: [2, 1] }))
  assert.notEqual(requestHash('a', {}, Buffer.from('1')), requestHash('a', {}, Buffer.from('2')))
})
