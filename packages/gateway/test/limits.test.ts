import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errors } from '@souk/contract/errors'
import { rates } from '@souk/contract/rates'
import fc from 'fast-check'
import { createRateLimit } from '../src/guard/rate-limit.ts'
import { asUser, held, openShop, problem } from './harness.ts'
import { sampleAnswer } from './samples.ts'

const { perMinute, burst } = rates.auth

test('a burst is let in, then the rate', () => {
  let at = 1_000_000
  const limit = createRateLimit(() => at)
  for (let i = 0; i < burst; i++) {
    const verdict = limit.take('auth', '10.0.0.1')
    assert.deepEqual([verdict.allowed, verdict.remaining, verdict.limit], [true, burst - 1 - i, burst])
  }
  const refused = limit.take('auth', '10.0.0.1')
  assert.deepEqual([refused.allowed, refused.remaining, refused.retryAfter], [false, 0, 1])
  assert.equal(refused.reset, (burst * 60) / perMinute)
  at += 60_000 / perMinute
  assert.ok(limit.take('auth', '10.0.0.1').allowed)
  assert.ok(!limit.take('auth', '10.0.0.1').allowed)
})

test('callers and classes have buckets of their own', () => {
  const limit = createRateLimit(() => 0)
  for (let i = 0; i < burst; i++) limit.take('auth', '10.0.0.1')
  assert.ok(!limit.take('auth', '10.0.0.1').allowed)
  assert.ok(limit.take('auth', '10.0.0.2').allowed)
  assert.ok(limit.take('read', '10.0.0.1').allowed)
})

test('a user is limited over all his addresses, and what is refused is taken from nobody', () => {
  const limit = createRateLimit(() => 0)
  for (let i = 0; i < burst; i++) assert.ok(limit.take('auth', `10.0.1.${i}`, 'anna').allowed)
  assert.ok(!limit.take('auth', '10.9.9.9', 'anna').allowed)
  assert.equal(limit.take('auth', '10.9.9.9', 'bert').remaining, burst - 1)
})

for (const [a, b, same] of [
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['2001:db8::1', '2001:db8:0:0:5::', true],
  ['::1', '::2', true],
] as const) {
  test(`${a} and ${b} are ${same ? 'one network' : 'two'}`, () => {
    const limit = createRateLimit(() => 0)
    for (let i = 0; i < burst; i++) limit.take('auth', a)
    assert.equal(limit.take('auth', b).allowed, !same)
  })
}

test('over any stretch nobody gets more than burst and rate allow', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3_000), { minLength: 1, maxLength: 600 }), (gaps) => {
      let at = 0
      const limit = createRateLimit(() => at)
      const allowed: number[] = []
      for (const gap of gaps) {
        at += gap
        if (limit.take('import', 'x').allowed) allowed.push(at)
      }
      const { perMinute: rate, burst: depth } = rates.import
      for (const [i, from] of allowed.entries()) {
        const until = allowed.at(-1)!
        assert.ok(allowed.length - i <= depth + Math.floor(((until - from) * rate) / 60_000))
      }
    }),
    { numRuns: 200 },
  )
})

test('limits over HTTP: told on every limited answer, refused with a time to come back', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), { rateLimits: true })
  const login = () => shop.post('/v1/auth/login', { email: 'a@b.cn', password: 'x' })
  const first = await login()
  assert.equal(first.status, 200)
  assert.deepEqual(
    ['limit', 'remaining', 'policy'].map((name) => first.headers.get(`ratelimit-${name}`)),
    [String(burst), String(burst - 1), `${perMinute};w=60;burst=${burst}`],
  )
  let last = first
  for (let i = 0; last.status === 200 && i < burst * 2; i++) last = await login()
  assert.equal(last.status, 429)
  assert.equal(last.headers.get('retry-after'), '1')
  assert.equal(last.headers.get('ratelimit-remaining'), '0')
  assert.equal((await problem(last)).code, 'RATE_LIMITED')
  assert.equal((await shop.get('/v1/products')).status, 200)
})

test('answers at hand are limited like all others', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), { rateLimits: true })
  const codes = new Set<number>()
  for (let i = 0; i < 40 && !codes.has(429); i++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.get('/v1/products')))
    for (const { status } of answers) codes.add(status)
  }
  assert.deepEqual([...codes].sort(), [200, 429])
})

test('limits that are off limit nobody', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  for (let i = 0; i < burst + 20; i++) {
    const answer = await shop.post('/v1/auth/login', { email: 'a@b.cn', password: 'x' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('ratelimit-limit'), null)
    await answer.arrayBuffer()
  }
})

test('a stranger is told to sign in, not to slow down', async (t) => {
  const shop = await openShop(t, () => ({}), { rateLimits: true })
  for (let i = 0; i < rates.money.burst + 5; i++) assert.equal((await shop.post('/v1/payments', {})).status, 401)
})

const busy = async (
  t: Parameters<typeof openShop>[0],
  leastInFlight: number,
  more: Parameters<typeof openShop>[2] = {},
) => {
  const gate = held<void>()
  const shop = await openShop(
    t,
    async ({ entry }) => {
      await gate.promise
      return sampleAnswer(entry)
    },
    { leastInFlight, answerWithinMs: 0, ...more },
  )
  const until = async (count: number) => {
    while (shop.calls.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { shop, gate, until }
}
const place = { ...asUser('a'), 'idempotency-key': 'k' }

test('beyond the bound new requests are refused at once, orders only beyond 256 requests under way', async (t) => {
  const { shop, gate, until } = await busy(t, 2)
  const reads = ['/v1/me', '/v1/orders'].flatMap((path) => [1, 2, 3].map(() => shop.get(path, asUser('a'))))
  await until(6)
  const shed = await shop.get('/v1/me', asUser('a'))
  assert.equal(shed.status, 503)
  assert.equal((await problem(shed)).code, 'OVERLOADED')
  assert.equal(shed.headers.get('retry-after'), '1')
  const orders = Array.from({ length: 250 }, () => shop.post('/v1/orders', { fromCart: true }, place))
  await until(256)
  assert.equal((await shop.post('/v1/orders', { fromCart: true }, place)).status, 503)
  gate.release()
  assert.deepEqual(new Set((await Promise.all(orders)).map(({ status }) => status)), new Set([201]))
  assert.deepEqual(new Set((await Promise.all(reads)).map(({ status }) => status)), new Set([200]))
})

test('a refusal before the router says what one behind it says, in the language and to the origin of the caller', async (t) => {
  const { shop, gate, until } = await busy(t, 1, { corsOrigins: ['http://other.test'] })
  const stuck = ['/v1/me', '/v1/me', '/v1/orders', '/v1/orders'].map((path) => shop.get(path, asUser('a')))
  await until(4)
  const headers = { ...asUser('a'), 'accept-language': 'zh-CN', origin: 'http://other.test', 'x-request-id': 'r-1' }
  // The address without an id is refused before the router, the other behind it.
  const [early, late] = [await shop.get('/v1/orders?status=PAID', headers), await shop.get('/v1/orders/1', headers)]
  const told = async (answer: Response) => {
    const { traceId, ...rest } = await problem(answer)
    assert.equal(answer.headers.get('traceparent')?.slice(3, 35), traceId)
    const { date: _date, traceparent: _own, ...kept } = Object.fromEntries(answer.headers)
    return { status: answer.status, rest, headers: kept }
  }
  const first = await told(early)
  assert.deepEqual(first, await told(late))
  assert.equal(first.status, 503)
  assert.equal(first.rest.title, errors.OVERLOADED.zh)
  assert.equal(first.headers['access-control-allow-origin'], 'http://other.test')
  const big = await shop.post('/v1/cart/items', 'x'.repeat(1_000_000), asUser('a'))
  assert.equal(big.status, 503, 'whatever its body says')
  gate.release()
  for (const { status } of await Promise.all(stuck)) assert.equal(status, 200)
  const refusals = () => shop.lines.filter(({ fields }) => fields.status === 503).map(({ fields }) => fields.route)
  while (refusals().length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.deepEqual(refusals(), ['/v1/orders', '/v1/orders/{id}', '/v1/cart/items'])
})

test('ten times as many are let in until the pace is known, and no more than it allows afterwards', async (t) => {
  const { shop, gate, until } = await busy(t, 4, { answerWithinMs: 100 })
  const burst = Array.from({ length: 20 }, () => shop.get('/v1/me', asUser('a')))
  await until(20)
  for (let n = 0; n < 5; n++) {
    assert.equal((await shop.get('/v1/me', asUser('a'))).status, 503, 'ten times the bound, half of it for one method')
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  // The room is full, so it is the least, and half of that is for one method.
  const others = Array.from({ length: 2 }, () => shop.get('/v1/orders', asUser('a')))
  await until(22)
  assert.equal((await shop.get('/v1/orders', asUser('a'))).status, 503, 'nothing was answered for long')
  gate.release()
  for (const { status } of await Promise.all([...burst, ...others])) assert.equal(status, 200)
})

test('one method that hangs takes half of the room and leaves the rest to the others', async (t) => {
  const { shop, gate, until } = await busy(t, 2)
  const stuck = Array.from({ length: 3 }, () => shop.get('/v1/me', asUser('a')))
  await until(3)
  assert.equal((await problem(await shop.get('/v1/me', asUser('a')))).code, 'OVERLOADED')
  const others = Array.from({ length: 3 }, () => shop.get('/v1/orders', asUser('a')))
  await until(6)
  gate.release()
  for (const { status } of await Promise.all([...stuck, ...others])) assert.equal(status, 200)
})

test('others that take all the room leave orders their half of it', async (t) => {
  const { shop, gate, until } = await busy(t, 208)
  const others = ['/v1/me', '/v1/orders'].flatMap((path) =>
    Array.from({ length: 260 }, () => shop.get(path, asUser('a'))),
  )
  await until(520)
  assert.equal((await shop.get('/v1/cart', asUser('a'))).status, 503)
  // The room is full, so it is the least, and half of that is theirs.
  const orders = Array.from({ length: 104 }, () => shop.post('/v1/orders', { fromCart: true }, place))
  await until(624)
  assert.equal((await shop.post('/v1/orders', { fromCart: true }, place)).status, 503)
  gate.release()
  assert.deepEqual(new Set((await Promise.all(orders)).map(({ status }) => status)), new Set([201]))
  assert.deepEqual(new Set((await Promise.all(others)).map(({ status }) => status)), new Set([200]))
})

test('of orders themselves, those beyond 256 may be refused', async (t) => {
  const { shop, gate, until } = await busy(t, 2)
  const orders = Array.from({ length: 256 }, () => shop.post('/v1/orders', { fromCart: true }, place))
  await until(256)
  assert.equal((await shop.post('/v1/orders', { fromCart: true }, place)).status, 503)
  gate.release()
  for (const { status } of await Promise.all(orders)) assert.equal(status, 201)
  assert.equal((await shop.post('/v1/orders', { fromCart: true }, place)).status, 201)
})

test('requests that ended, were refused or were given up count no longer', async (t) => {
  const { shop, gate, until } = await busy(t, 2)
  await assert.rejects(fetch(`${shop.url}/v1/me`, { headers: asUser('a'), signal: AbortSignal.timeout(100) }))
  for (let i = 0; i < 10; i++) assert.equal((await shop.get('/v1/me')).status, 401)
  while (shop.gateway.inFlight() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const before = shop.calls.length
  const reads = Array.from({ length: 3 }, () => shop.get('/v1/me', asUser('a')))
  await until(before + 3)
  gate.release()
  for (const { status } of await Promise.all(reads)) assert.equal(status, 200)
})
