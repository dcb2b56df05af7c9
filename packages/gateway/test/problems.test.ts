import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ErrorCode, errors } from '@souk/contract/errors'
import { Fault, fault } from '@souk/kernel'
import { asUser, openShop, problem, rawRequest } from './harness.ts'
import { sampleAnswer } from './samples.ts'

test('every declared refusal leaves with its status and its sentence in both languages', async (t) => {
  let code = ''
  const shop = await openShop(t, () => {
    throw new Error('outer', { cause: fault(code, { secret: 'inside' }) })
  })
  for (const [name, { status, en, zh }] of Object.entries(errors)) {
    code = name
    for (const [language, sentence] of [
      ['en-GB', en],
      ['zh-CN', zh],
    ] as const) {
      const answer = await shop.get('/v1/me', { ...asUser('a'), 'accept-language': language })
      assert.equal(answer.status, status, name)
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      const { type, title, status: inside, detail, code: said, traceId, params } = await problem(answer)
      assert.deepEqual(
        [type, title, inside, detail, said],
        [`urn:souk:error:${name}`, sentence, status, sentence, name],
      )
      assert.match(traceId, /^[0-9a-f]{32}$/)
      assert.deepEqual(params, [400, 409, 422, 429].includes(status) ? { secret: 'inside' } : undefined, name)
    }
  }
})

test('what nobody declared is INTERNAL and tells nothing', async (t) => {
  const thrown: unknown[] = [
    new Error('select * from souk_order.orders'),
    fault('NO_SUCH_CODE', { table: 'orders' }),
    new TypeError('x is undefined'),
    'text',
    null,
  ]
  const shop = await openShop(t, () => {
    throw thrown[0]
  })
  while (thrown.length > 0) {
    const answer = await shop.get('/v1/me', asUser('a'))
    const text = await answer.text()
    assert.equal(answer.status, 500)
    assert.equal(JSON.parse(text).code, 'INTERNAL')
    assert.doesNotMatch(text, /select|orders|undefined|stack|\.ts/)
    thrown.shift()
  }
})

test('violations of a verb are passed on', async (t) => {
  const shop = await openShop(t, () => {
    throw new Fault('VALIDATION_FAILED', {}, [{ field: 'phone', rule: 'format', message: 'no such number' }])
  })
  const found = await problem(await shop.get('/v1/me', asUser('a')))
  assert.deepEqual(found.violations, [{ field: 'phone', rule: 'format', message: 'no such number' }])
  assert.equal(found.detail, 'phone: no such number')
})

const waits: [ErrorCode, Record<string, unknown>, string | null][] = [
  ['LOGIN_THROTTLED', { retryAfter: 7 }, '7'],
  ['RATE_LIMITED', { retryAfter: 1.2 }, '2'],
  ['IN_PROGRESS', {}, '1'],
  ['OVERLOADED', {}, '1'],
  ['UNAVAILABLE', {}, '2'],
  ['OUT_OF_STOCK', {}, null],
]
for (const [code, params, expected] of waits) {
  test(`Retry-After of ${code} is ${expected}`, async (t) => {
    const shop = await openShop(t, () => {
      throw fault(code, params)
    })
    const answer = await shop.get('/v1/me', asUser('a'))
    assert.equal(answer.headers.get('retry-after'), expected)
    assert.equal((await problem(answer)).params, undefined)
  })
}

for (const [header, expected] of [
  [undefined, 'en'],
  ['zh', 'zh'],
  ['zh-Hant-HK', 'zh'],
  ['en;q=0.8, zh;q=0.9', 'zh'],
  ['fr, zh;q=0.1', 'zh'],
  ['zh;q=0, en;q=0.1', 'en'],
  ['*', 'en'],
  ['zhuang', 'en'],
  ['q=;;,,;q=x', 'en'],
  [`${'x,'.repeat(3000)}zh`, 'en'],
] as const) {
  test(`language for ${String(header).slice(0, 30)}`, async (t) => {
    const shop = await openShop(t)
    const answer = await shop.get('/nope', header === undefined ? {} : { 'accept-language': header })
    assert.equal((await problem(answer)).title, errors.NOT_FOUND[expected])
  })
}

/** The head and the JSON of the first answer in raw bytes. */
const parse = (text: string) => {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), head, body: body.startsWith('{') ? JSON.parse(body) : undefined }
}

for (const [says, bytes, status, code] of [
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'VALIDATION_FAILED'],
  ['a header without a colon', 'GET / HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n', 400, 'VALIDATION_FAILED'],
  [
    'two lengths',
    'POST /v1/cart/items HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{',
    400,
    'VALIDATION_FAILED',
  ],
  [
    'length and chunks',
    'POST /v1/cart/items HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'VALIDATION_FAILED',
  ],
  ['20 KB of headers', `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['10,000 headers', `GET / HTTP/1.1\r\nHost: a\r\n${'X-A: b\r\n'.repeat(10_000)}\r\n`, 431, 'HEADERS_TOO_LARGE'],
  [
    'an address of 20 KB',
    `GET /v1/products/${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    431,
    'HEADERS_TOO_LARGE',
  ],
] as const) {
  test(`unreadable: ${says}`, async (t) => {
    const shop = await openShop(t)
    const { status: given, head, body } = parse(await rawRequest(shop.port, bytes))
    assert.equal(given, status)
    assert.equal(body.code, code)
    assert.equal(body.status, status)
    assert.match(head, /connection: close/i)
    assert.equal(shop.calls.length, 0)
  })
}

for (const [says, line, status, code] of [
  ['TRACE', 'TRACE /v1/cart HTTP/1.1', 405, 'METHOD_NOT_ALLOWED'],
  ['a broken escape in the path', 'GET /v1/products/%ZZ HTTP/1.1', 400, 'VALIDATION_FAILED'],
  ['a NUL in the path', 'GET /v1/products/a%00b HTTP/1.1', 400, 'VALIDATION_FAILED'],
  ['a path parameter longer than any id', `GET /v1/products/${'a'.repeat(5_000)} HTTP/1.1`, 400, 'VALIDATION_FAILED'],
  ['dots that climb', 'GET /v1/../../etc/passwd HTTP/1.1', 404, 'NOT_FOUND'],
  ['a slash in disguise', 'GET /media/..%2f..%2fetc%2fpasswd HTTP/1.1', 400, 'VALIDATION_FAILED'],
] as const) {
  test(`refused: ${says}`, async (t) => {
    const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
    const {
      status: given,
      body,
      head,
    } = parse(await rawRequest(shop.port, `${line}\r\nHost: a\r\nConnection: close\r\n\r\n`))
    assert.equal(given, status)
    assert.equal(body.code, code)
    assert.match(head, /content-type: application\/problem\+json/i)
    assert.equal(shop.calls.length, 0)
  })
}

test('refused: a request without a host', async (t) => {
  const shop = await openShop(t)
  assert.equal(parse(await rawRequest(shop.port, 'GET /v1/cart HTTP/1.1\r\n\r\n')).status, 400)
  assert.equal(shop.calls.length, 0)
})
