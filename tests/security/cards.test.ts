import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { digitPaths } from '@souk/contract/masks'
import { type Api, address, cny, createApi, createProduct, must, registerBuyer, signIn, until } from '../api.ts'
import { inParallel } from '../parallel.ts'
import { refusedWith } from '../problem.ts'
import { filledPath, type Leaf, leavesOf, type Route, replaced, routes, sampleBody } from '../samples.ts'
import { type System, startSystem } from '../system.ts'
import { tracesOf } from '../traces.ts'

/** Test numbers of the networks, as people write them. None of them may leave a trace. */
const spellings = [
  '4111111111111111',
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '4111.1111.1111.1111',
  '4111\u00a01111\u00a01111\u00a01111',
  '4111\u20131111\u20131111\u20131111',
  '４１１１１１１１１１１１１１１１',
  '3782 822463 10005',
  '5555555555554444',
  '6200 0000 0000 0005',
  '卡号：4111 1111 1111 1111，谢谢',
  'pay with 5105-1051-0510-5100 (exp 12/29)',
]
const bare = ['4111111111111111', '378282246310005', '5555555555554444', '6200000000000005', '5105105105105100']
/** Each way in has numbers of its own, so that a trace says where it came from. */
const inCallback = '4000056655665556'
const inFile = ['4242 4242 4242 4242', '5200828282828210']
/** Allowed where digits are something else, and looked for nowhere. */
const elsewhere = '4012888888881881'

const bodyRoutes = routes.filter(({ entry, verb }) => entry.body === 'JSON' && ['POST', 'PUT', 'PATCH'].includes(verb))
const named = ({ verb, path }: Route) => `${verb} ${path}`
const withoutPlaces = ({ path }: Leaf) => path.filter((part) => typeof part === 'string').join('.')

describe('card numbers', () => {
  let system: System
  let admin: Api
  let machine: Api

  before(async () => {
    // Everything that could be said is said, so that silence means something.
    system = await startSystem('start', { env: { SOUK_LOG_LEVEL: 'debug' } })
    admin = await signIn(system.base, system.admin.email, system.admin.password)
    const key = await admin.post('/v1/admin/api-keys', { name: 'stock', scopes: ['inventory:operate'] })
    machine = createApi(system.base, must(key, 201).secret)
  })
  after(() => system?.remove())

  const send = ({ entry, verb, path }: Route, body: unknown) =>
    (entry.permission === 'inventory:operate' ? machine : admin).send(verb, filledPath(path), body, {
      'idempotency-key': randomUUID(),
    })

  test('in any text of any method, however written: refused before anything else is judged', async () => {
    let places = 0
    await inParallel(bodyRoutes, 8, async (route) => {
      const body = sampleBody(route.entry)
      const exempt = new Set(digitPaths[route.entry.request])
      const texts = leavesOf(route.entry, body).filter(
        (leaf) => leaf.node.type === 'string' && !exempt.has(withoutPlaces(leaf)),
      )
      for (const [place, { path }] of texts.entries()) {
        const text = spellings[place % spellings.length]
        const answer = await send(route, replaced(body, path, text))
        const { detail } = refusedWith(answer, 'CARD_DATA_REFUSED', `${named(route)} ${path.join('.')} = ${text}`)
        assert.ok(!/\d{4}/.test(detail), 'the refusal repeats digits')
        places += 1
      }
    })
    assert.ok(places > 60, `only ${places} places were tried`)
  })

  test('every spelling in a note, a nickname, a product, an address and an unknown field', async () => {
    const wishes = (text: string): [string, string, object][] => [
      ['POST', '/v1/orders', { lines: [{ skuId: 'a', quantity: 1 }], address, note: text }],
      ['PATCH', '/v1/me', { nickname: text }],
      ['POST', '/v1/admin/products', { name: text, skus: [{ code: 'a', price: cny(1) }] }],
      ['POST', '/v1/me/addresses', { ...address, line2: text }],
      ['POST', '/v1/cart/items', { skuId: 'a', quantity: 1, remark: text }],
      ['POST', '/v1/cart/items', { skuId: 'a', quantity: 1, [text]: 1 }],
      ['POST', '/v1/auth/register', { email: 'a@example.com', password: text }],
    ]
    for (const text of spellings)
      for (const [verb, path, body] of wishes(text)) {
        const answer = await admin.send(verb, path, body, { 'idempotency-key': randomUUID() })
        refusedWith(answer, 'CARD_DATA_REFUSED', `${verb} ${path} ${text}`)
      }
  })

  test('a field named after card data is refused whatever it holds', async () => {
    for (const name of ['cvv', 'cvc', 'cardNumber', 'card_number', 'credit_card_cvv', 'securityCode', 'pan'])
      for (const value of ['123', 123])
        refusedWith(await admin.post('/v1/checkout', { method: 'sandbox', [name]: value }), 'CARD_DATA_REFUSED', name)
  })

  test('in a query, a path or a header', async () => {
    const text = encodeURIComponent('4111 1111 1111 1111')
    for (const path of [
      `/v1/products?q=${text}`,
      `/products/search?q=${text}`,
      `/v1/products/4111111111111111`,
      `/v1/admin/users?q=${text}`,
    ])
      refusedWith(await admin.get(path), 'CARD_DATA_REFUSED', path)
    for (const name of ['user-agent', 'x-request-id', 'idempotency-key', 'x-cart-token', 'x-anything', 'referer'])
      refusedWith(await admin.get('/v1/cart', { [name]: '4111 1111 1111 1111' }), 'CARD_DATA_REFUSED', name)
    // Seen once in good order, so that the ready answer is asked for with the header too.
    must(await admin.get('/v1/categories'), 200)
    refusedWith(
      await createApi(system.base).get('/v1/categories', { 'user-agent': '4111111111111111' }),
      'CARD_DATA_REFUSED',
      'cached',
    )
  })

  test('in a callback: unsigned it is refused, and even when it is signed the number is not kept', async () => {
    const body = JSON.stringify({
      eventId: 'evt-card',
      type: 'payment.succeeded',
      paymentId: randomUUID(),
      channelReference: 'ch',
      amount: cny(1),
      occurredAt: new Date().toISOString(),
      card: inCallback,
    })
    const at = Math.floor(Date.now() / 1000)
    const right = createHmac('sha256', system.sandboxSecret).update(`${at}.${body}`).digest('hex')
    const call = (signature: string) =>
      createApi(system.base).send('POST', '/v1/payments/callbacks/sandbox', body, {
        'content-type': 'application/json',
        'souk-signature': `t=${at},v1=${signature}`,
      })
    refusedWith(await call('0'.repeat(64)), 'SIGNATURE_REFUSED', 'unsigned')
    await call(right)
    assert.deepEqual(await tracesOf(system, [inCallback]), [])
  })

  test('in a product file: the row is refused and the number is not kept', async () => {
    const file = `Handle,Title,Body (HTML),Variant Price\ncard-in-title,Card ${inFile[0]},,10\ncard-in-text,Thing,call ${inFile[1]},10\ngood-thing,Good thing,,10\n`
    const { jobId } = must(
      await admin.send('POST', '/v1/admin/products/import', file, { 'content-type': 'text/csv' }),
      202,
    )
    const job = await until(
      async () => must(await admin.get(`/v1/admin/jobs/${jobId}`), 200),
      ({ state }) => state === 'DONE' || state === 'FAILED',
    )
    assert.deepEqual([job.state, job.rows, job.done, job.failed], ['DONE', 3, 1, 2], JSON.stringify(job))
    assert.deepEqual(await tracesOf(system, inFile), [])
    const { products } = must(await admin.get('/v1/admin/products'), 200)
    assert.deepEqual(
      products.map((product: { slug: string }) => product.slug),
      ['good-thing'],
    )
  })

  test('digits that are no card are welcome: bar codes, waybills, phones, ids, numbers that fail the check', async () => {
    const made = must(
      await admin.post('/v1/admin/products', {
        name: 'Tin 4111 1111 1111 1112',
        skus: [{ code: elsewhere, barcode: elsewhere, price: cny(100), initialStock: 5 }],
        publish: true,
      }),
      201,
    )
    const buyer = await registerBuyer(system.base)
    const wish = {
      lines: [{ skuId: made.skus[0].id, quantity: 1 }],
      address,
      note: '请在 2026-01-15 18:30:00 以后送，电话 +8613800138000，订单 20260115000000001234567',
    }
    const order = must(await buyer.post('/v1/orders', wish), 201)
    assert.equal(order.note, wish.note)
    must(await buyer.post('/v1/payments', { orderId: order.id, method: 'pay_on_delivery' }), 201)
    const { shipments } = await until(
      async () => must(await admin.get(`/v1/admin/shipments?orderId=${order.id}`), 200),
      (page) => page.shipments.length > 0,
    )
    must(
      await admin.post(`/v1/admin/shipments/${shipments[0].id}/ship`, { carrier: 'SF', trackingNumber: elsewhere }),
      200,
    )
  })

  test('afterwards nothing holds any of the numbers: no table, no file, no line, no metric', async () => {
    await createProduct(admin)
    assert.deepEqual(await tracesOf(system, [...new Set([...bare, ...spellings])]), [])
    assert.ok((await tracesOf(system, [elsewhere])).length > 0, 'the search finds nothing at all')
  })
})
