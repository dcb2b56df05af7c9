import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asStaff, asUser, openShop, problem } from './harness.ts'
import { sampleAnswer } from './samples.ts'

const json = { 'content-type': 'application/json' }
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const item = '/v1/cart/items'

type Hostile = {
  says: string
  path?: string
  body: string | Buffer
  headers?: Record<string, string>
  status?: number
  code?: string
  field?: string
  rule?: string
}

const hostile: Hostile[] = [
  { says: 'malformed JSON', body: '{"skuId":', rule: 'json' },
  { says: 'JSON with a secret in its malformed part', body: '{"skuId": hunter2}', rule: 'json' },
  { says: 'bytes that are not UTF-8', body: Buffer.from('{"skuId":"\xff\xfe","quantity":1}', 'latin1'), rule: 'json' },
  { says: 'a list instead of an object', body: '[1,2]', rule: 'object' },
  { says: 'null instead of an object', body: 'null', rule: 'object' },
  { says: 'a text instead of an object', body: '"skuId"', rule: 'object' },
  { says: 'a NUL in text', body: '{"skuId":"a\\u0000b","quantity":1}', field: 'skuId', rule: 'text' },
  { says: 'a NUL in a name', body: '{"sku\\u0000Id":"a","quantity":1}', rule: 'text' },
  { says: 'a lone surrogate', body: '{"skuId":"\\ud800","quantity":1}', field: 'skuId', rule: 'text' },
  { says: 'nesting of 1,000 levels', body: deep(1_000), rule: 'depth' },
  { says: 'nesting of 33 levels', body: deep(33), rule: 'depth' },
  { says: 'more values than anybody needs', body: `{"skuId":[${'1,'.repeat(60_000)}1],"quantity":1}`, rule: 'size' },
  {
    says: '__proto__',
    body: '{"__proto__":{"admin":true},"skuId":"a","quantity":1}',
    field: '__proto__',
    rule: 'name',
  },
  {
    says: '__proto__ in disguise',
    body: '{"\\u005f_proto__":{"admin":true},"skuId":"a","quantity":1}',
    field: '__proto__',
    rule: 'name',
  },
  {
    says: 'constructor inside',
    body: '{"skuId":"a","quantity":1,"x":{"constructor":{"prototype":{}}}}',
    field: 'x.constructor',
    rule: 'name',
  },
  {
    says: 'an integer beyond 2^53',
    body: '{"skuId":"a","quantity":9007199254740993}',
    field: 'quantity',
    rule: 'number',
  },
  { says: 'infinity', body: '{"skuId":"a","quantity":1e400}', field: 'quantity', rule: 'number' },
  { says: 'a number as text', body: '{"skuId":"a","quantity":"2"}', field: 'quantity', rule: 'type' },
  { says: 'a fraction for an integer', body: '{"skuId":"a","quantity":1.5}', field: 'quantity', rule: 'type' },
  { says: 'true for a number', body: '{"skuId":"a","quantity":true}', field: 'quantity', rule: 'type' },
  { says: 'null for a number', body: '{"skuId":"a","quantity":null}', field: 'quantity', rule: 'type' },
  { says: 'a number for a text', body: '{"skuId":7,"quantity":1}', field: 'skuId', rule: 'type' },
  { says: 'nothing where something is needed', body: '', field: 'skuId', rule: 'required' },
  { says: 'too small', body: '{"skuId":"a","quantity":0}', field: 'quantity', rule: 'min' },
  { says: 'too large', body: '{"skuId":"a","quantity":10000}', field: 'quantity', rule: 'max' },
  { says: 'too short', body: '{"skuId":"","quantity":1}', field: 'skuId', rule: 'minLength' },
  { says: 'too long', body: `{"skuId":"${'锅'.repeat(65)}","quantity":1}`, field: 'skuId', rule: 'maxLength' },
  { says: 'a price of the buyer’s own', body: '{"skuId":"a","quantity":1,"price":1}', field: 'price', rule: 'unknown' },
  { says: 'a user id', body: '{"skuId":"a","quantity":1,"userId":"victim"}', field: 'userId', rule: 'unknown' },
  {
    says: 'a field that only we fill',
    body: '{"skuId":"a","quantity":1,"cartToken":"stolen"}',
    field: 'cartToken',
    rule: 'unknown',
  },
  { says: 'snake_case where it is not spoken', body: '{"sku_id":"a","quantity":1}', field: 'sku_id', rule: 'unknown' },
  {
    says: 'a query beside a body',
    path: `${item}?quantity=2`,
    body: '{"skuId":"a","quantity":1}',
    field: 'quantity',
    rule: 'unknown',
  },
  {
    says: 'both of two that exclude each other',
    path: '/v1/auth/login',
    body: '{"email":"a@b.cn","phone":"+8613800000000","password":"x"}',
    field: 'email',
    rule: 'exactlyOne',
  },
  { says: 'none of two', path: '/v1/auth/login', body: '{"password":"x"}', field: 'email', rule: 'exactlyOne' },
  {
    says: 'text/plain',
    body: '{"skuId":"a","quantity":1}',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    says: 'a form',
    body: 'skuId=a&quantity=1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  { says: 'a body larger than 256 KB', body: `{"skuId":"${'a'.repeat(300_000)}"}`, status: 413, code: 'TOO_LARGE' },
  { says: '10 MB', body: `{"skuId":"${'a'.repeat(10_000_000)}"}`, status: 413, code: 'TOO_LARGE' },
]

for (const { says, path = item, body, headers, status = 400, code = 'VALIDATION_FAILED', field, rule } of hostile) {
  test(`refused: ${says}`, async (t) => {
    const shop = await openShop(t)
    const answer = await shop.send('POST', path, { headers: { ...json, ...headers }, body: body as string })
    assert.equal(answer.status, status)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    const found = await problem(answer)
    assert.equal(found.code, code)
    assert.equal(shop.calls.length, 0)
    assert.ok(!JSON.stringify(found).includes('hunter2'))
    if (rule) {
      const match = found.violations?.find((one) => one.rule === rule && (field === undefined || one.field === field))
      assert.ok(match, JSON.stringify(found.violations))
    }
  })
}

test('everything that is wrong is told at once, by path', async (t) => {
  const shop = await openShop(t)
  const sku = { code: '', price: { currency: 'yuan', amount: '5' } }
  const answer = await shop.post(
    '/v1/admin/products',
    { skus: [sku, { code: 'b' }], publish: 'yes', options: [{ name: 'Size', values: ['S', 'S'] }] },
    asStaff('catalog'),
  )
  const { violations } = await problem(answer)
  assert.deepEqual(violations?.map(({ field, rule }) => `${field} ${rule}`).sort(), [
    'name required',
    'options[0].values uniqueItems',
    'publish type',
    'skus[0].code minLength',
    'skus[0].price.amount type',
    'skus[0].price.currency pattern',
    'skus[1].price required',
  ])
})

test('a small body cannot ask for a large answer', async (t) => {
  const shop = await openShop(t)
  const lines = Array.from({ length: 500 }, () => ({}))
  const { violations } = await problem(await shop.post('/v1/orders/prepare', { lines }, asUser('a')))
  assert.equal(violations?.length, 50)
})

test('violations speak the caller’s language', async (t) => {
  const shop = await openShop(t)
  const chinese = await problem(
    await shop.post(item, { skuId: 'a', quantity: 0 }, { 'accept-language': 'zh-TW,en;q=0.5' }),
  )
  assert.deepEqual(chinese.violations, [{ field: 'quantity', rule: 'min', message: '不能小于 1' }])
  assert.equal(chinese.title, '请求内容不正确。')
  const english = await problem(await shop.post(item, { skuId: 'a', quantity: 0 }, { 'accept-language': 'fr' }))
  assert.deepEqual(english.violations, [{ field: 'quantity', rule: 'min', message: 'must be at least 1' }])
})

for (const [query, expected] of [
  ['', {}],
  ['?pageSize=5&q=%E9%94%85', { pageSize: 5, q: '锅' }],
  ['?minPrice=0&maxPrice=9007199254740991', { minPrice: 0, maxPrice: 9_007_199_254_740_991 }],
  ['?q=12', { q: '12' }],
  ['?pageSize=05', 'pageSize type'],
  ['?pageSize=1e1', 'pageSize type'],
  ['?pageSize=', 'pageSize type'],
  ['?pageSize=%2B5', 'pageSize type'],
  ['?pageSize=0', 'pageSize min'],
  ['?pageSize=1000000000', 'pageSize max'],
  ['?pageSize=1&pageSize=2', 'pageSize type'],
  ['?minPrice=9007199254740992', 'minPrice max'],
  ['?q=a&q=b', 'q type'],
  ['?q=%00', 'q text'],
  ['?page_size=5', 'page_size unknown'],
  ['?sort=id;drop', 'sort oneOf'],
  ['?constructor=x', 'constructor name'],
  ['?__proto__=x', '__proto__ name'],
  ['?a[b]=c', 'a[b] unknown'],
] as const) {
  test(`query ${query || '(none)'}`, async (t) => {
    const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
    const answer = await shop.get(`/v1/products${query}`)
    if (typeof expected === 'string') {
      const { violations } = await problem(answer)
      assert.deepEqual(
        violations?.map(({ field, rule }) => `${field} ${rule}`),
        [expected],
      )
      assert.equal(shop.calls.length, 0)
      return
    }
    assert.equal(answer.status, 200)
    const { request } = shop.calls[0]!
    for (const [name, value] of Object.entries(expected)) assert.equal(request[name], value)
  })
}

test('a message arrives complete: what was not sent is there as zero, or absent where it may be', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  await shop.get('/v1/products')
  assert.deepEqual(shop.calls[0]?.request, {
    pageSize: 0,
    pageToken: '',
    categoryId: '',
    brandId: '',
    q: '',
    minPrice: undefined,
    maxPrice: undefined,
    sort: '',
  })
})

test('the address decides which object is meant', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const same = await shop.send('PATCH', '/v1/cart/items/a', { headers: json, body: '{"skuId":"a","quantity":2}' })
  assert.equal(same.status, 200)
  const other = await shop.send('PATCH', '/v1/cart/items/a', { headers: json, body: '{"skuId":"b","quantity":2}' })
  assert.deepEqual(
    (await problem(other)).violations?.map(({ field, rule }) => [field, rule]),
    [['skuId', 'differs']],
  )
  assert.equal(shop.calls.length, 1)
  assert.equal(shop.calls[0]?.request.skuId, 'a')
})

test('PATCH: null clears what may be cleared, and is refused elsewhere', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const patch = (body: unknown) =>
    shop.send('PATCH', '/v1/me/addresses/x', { headers: { ...json, ...asUser('a') }, body: JSON.stringify(body) })
  assert.equal((await patch({ line2: null, city: null, recipient: 'Li' })).status, 200)
  const { request } = shop.calls[0]!
  assert.deepEqual(
    [request.clear, request.line2, request.city, request.recipient],
    [['city', 'line2'], undefined, undefined, 'Li'],
  )
  assert.deepEqual(
    (await problem(await patch({ recipient: null }))).violations?.map(({ field, rule }) => [field, rule]),
    [['recipient', 'type']],
  )
  assert.equal((await problem(await patch({ clear: ['recipient'] }))).violations?.[0]?.rule, 'unknown')
})

test('PATCH: a list and a version as the catalog takes them', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const patch = (body: unknown) =>
    shop.send('PATCH', '/v1/admin/products/x', {
      headers: { ...json, ...asStaff('catalog') },
      body: JSON.stringify(body),
    })
  assert.equal((await patch({ version: 3, tags: null, description: null })).status, 200)
  assert.deepEqual(shop.calls[0]?.request.clear, ['description', 'tags'])
  assert.equal((await problem(await patch({ version: 3, skus: null }))).code, 'VALIDATION_FAILED')
})

test('header fields are filled from headers, cut to what they hold', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  await shop.get('/v1/cart', { 'x-cart-token': 'token-1' })
  await shop.get('/v1/cart', { 'x-cart-token': 'x'.repeat(500) })
  await shop.get('/v1/cart')
  assert.deepEqual(
    shop.calls.map(({ request }) => (request.cartToken as string).length),
    [7, 100, 0],
  )
})

test('bodies on GET are not ours to read; DELETE may bring an empty one', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  assert.equal((await shop.send('DELETE', '/v1/cart', { headers: json })).status, 200)
  assert.equal((await shop.send('DELETE', '/v1/cart', { headers: json, body: '{}' })).status, 200)
  assert.equal((await shop.send('DELETE', '/v1/cart', { headers: json, body: '{"all":true}' })).status, 400)
})
