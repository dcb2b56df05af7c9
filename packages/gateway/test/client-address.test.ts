import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { createAddressOf } from '../src/server/client-address.ts'
import { asUser, openShop } from './harness.ts'
import { sampleAnswer } from './samples.ts'

const proxies = ['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8']

for (const [says, trusted, peer, forwarded, address] of [
  ['without trusted proxies the header is nothing', [], '10.0.0.1', '1.1.1.1', '10.0.0.1'],
  ['a stranger is not believed', proxies, '9.9.9.9', '1.1.1.1', '9.9.9.9'],
  ['a trusted proxy is', proxies, '10.0.0.1', '1.1.1.1', '1.1.1.1'],
  ['the last hop counts, what the client wrote before it does not', proxies, '10.0.0.1', '6.6.6.6, 1.1.1.1', '1.1.1.1'],
  ['through several trusted hops', proxies, '127.0.0.1', '6.6.6.6, 1.1.1.1, 10.1.2.3,fd00::5', '1.1.1.1'],
  ['mapped addresses are what they map', proxies, '::ffff:10.0.0.1', '::ffff:1.1.1.1', '1.1.1.1'],
  ['ports are left out', proxies, '10.0.0.1', '1.1.1.1:4711', '1.1.1.1'],
  ['brackets too', proxies, '10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
  ['nonsense stays with who wrote it', proxies, '10.0.0.1', '1.1.1.1, unknown', '10.0.0.1'],
  ['nothing forwarded', proxies, '10.0.0.1', undefined, '10.0.0.1'],
  ['nobody but proxies', proxies, '10.0.0.1', '10.0.0.2', '10.0.0.2'],
] as const)
  test(says, () => {
    const request = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: peer } }
    assert.equal(createAddressOf(trusted)(request as unknown as IncomingMessage), address)
  })

test('verbs and limits see the client behind a trusted proxy', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), {
    trustedProxies: ['127.0.0.1'],
    rateLimits: true,
  })
  const login = (forwarded: string) =>
    shop.post('/v1/auth/login', { email: 'a@example.com', password: 'x' }, { 'x-forwarded-for': forwarded })
  assert.notEqual((await login('1.1.1.1')).status, 429)
  assert.equal(shop.calls.at(-1)?.call.address, '1.1.1.1')
  let tries = 0
  while ((await login('1.1.1.1')).status !== 429) assert.ok(++tries < 1000)
  assert.notEqual((await login('2.2.2.2')).status, 429)
  await shop.get('/v1/me', { ...asUser('one'), 'x-forwarded-for': '3.3.3.3' })
  assert.equal(shop.calls.at(-1)?.call.address, '3.3.3.3')
})

test('without one, the header changes nothing', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  await shop.get('/v1/me', { ...asUser('one'), 'x-forwarded-for': '3.3.3.3' })
  assert.equal(shop.calls.at(-1)?.call.address, '127.0.0.1')
})
