import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Api, address, createProduct, must, playSandbox, registerBuyer, signIn, until } from '../api.ts'
import { withDatabase } from '../database.ts'
import { inParallel } from '../parallel.ts'
import { type System, startSystem } from '../system.ts'
import { fewRows, judgePlans, recordPlans } from './plans.ts'

const many = fewRows * 2

describe('plans of the statements that contexts really run, on filled tables', () => {
  let system: System
  let admin: Api
  let buyers: (Api & { email: string; password: string })[]
  let skuId: string

  const place = async (buyer: Api) => must(await buyer.post('/v1/orders', wish()), 201)
  const wish = () => ({ lines: [{ skuId, quantity: 1 }], address })
  const stocked = async () => {
    const { skuIds } = await createProduct(admin, { stock: 100 * many })
    return skuIds[0]!
  }

  /** What buyers, staff, relay, timers and callbacks do all day. */
  const day = async (): Promise<void> => {
    const buyer = await registerBuyer(system.base)
    const { refreshToken } = must(
      await buyer.post('/v1/auth/login', { email: buyer.email, password: buyer.password }),
      200,
    )
    must(await buyer.post('/v1/auth/refresh', { refreshToken }), 200)
    for (const query of ['', '?sort=price', '?q=thing', '?pageSize=5'])
      for (const path of ['/v1/products', '/v1/admin/products'])
        if (path === '/v1/products' || !query.includes('sort')) must(await admin.get(path + query), 200)
    const { products } = must(await buyer.get('/v1/products?pageSize=100'), 200)
    must(await buyer.get(`/v1/products/${products[0].slug}`), 200)
    must(await buyer.post('/v1/cart/items', { skuId, quantity: 1 }), 201)
    must(await buyer.post('/v1/cart/quote', {}), 200)
    const prepared = must(await buyer.post('/v1/orders/prepare', { fromCart: true, address }), 201)
    const key = { 'idempotency-key': `day ${prepared.preparationId}` }
    const body = { preparationId: prepared.preparationId }
    const order = must(await buyer.post('/v1/orders', body, key), 201)
    must(await buyer.post('/v1/orders', body, key), 201)
    const payment = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
    must(await playSandbox(system.base, payment.redirectUrl, 'SUCCESS'), 200)
    await until(
      () => buyer.get(`/v1/orders/${order.id}`),
      ({ body }) => body.status === 'ALLOCATED',
    )
    const cancelled = await place(buyer)
    must(await buyer.post(`/v1/orders/${cancelled.id}/cancel`), 200)
    for (const path of [
      '/v1/orders',
      '/v1/orders?status=PAID',
      `/v1/orders/${order.id}/page`,
      `/v1/payments?orderId=${order.id}`,
      '/v1/me/addresses',
      '/v1/auth/sessions',
    ])
      must(await buyer.get(path), 200)
    for (const path of [
      '/v1/admin/orders',
      '/v1/admin/orders?status=CANCELLED',
      `/v1/admin/orders?q=${order.number}`,
      `/v1/admin/orders/${order.id}`,
      '/v1/admin/payments',
      '/v1/admin/ledger/entries',
      '/v1/admin/users?q=buyer-1',
      '/v1/admin/shipments',
      `/v1/admin/shipments?orderId=${order.id}`,
      `/v1/admin/inventory/${skuId}`,
      `/v1/admin/inventory/${skuId}/movements`,
    ])
      must(await admin.get(path), 200)
    const { shipments } = await until(
      async () => must(await admin.get(`/v1/admin/shipments?orderId=${order.id}`), 200),
      (page) => page.shipments.length > 0,
    )
    const parcel = { carrier: 'SF', trackingNumber: 'SF1234567890' }
    must(await admin.post(`/v1/admin/shipments/${shipments[0].id}/ship`, parcel), 200)
    must(await admin.post(`/v1/payments/${payment.id}/refund`, { reason: 'all of it' }), 201)
  }

  before(async () => {
    system = await startSystem('start')
    admin = await signIn(system.base, system.admin.email, system.admin.password)
    skuId = await stocked()
    buyers = await inParallel(Array.from({ length: 20 }), 2, () => registerBuyer(system.base))
    await inParallel([...Array(many).keys()], 8, async (n) => {
      await createProduct(admin)
      const buyer = buyers[n % buyers.length]!
      const order = await place(buyer)
      const method = n % 2 === 0 ? 'sandbox' : 'pay_on_delivery'
      must(await buyer.post('/v1/payments', { orderId: order.id, method }), 201)
    })
    await withDatabase(system, (client) =>
      client.query(
        `insert into souk_identity.account (id, email, password_hash, nickname, roles, status, locale)
         select gen_random_uuid(), 'bulk' || n || '@example.com', 'x', 'bulk' || n, '{}', 'ACTIVE', 'en'
         from generate_series(1, $1) n`,
        [many],
      ),
    )
    await recordPlans(system)
    await system.stop()
    await system.restart()
  })
  after(() => system?.remove())

  test('none reads a filled table whole or sorts it', async () => {
    await day()
    const { statements, filled, findings } = await judgePlans(system)
    assert.ok(statements.length > 150, `only ${statements.length} statements were seen`)
    for (const table of ['order.orders', 'inventory.hold', 'payment.payment', 'catalog.product', 'identity.account'])
      assert.ok(filled.includes(`souk_${table}`), `${table} is not filled: ${filled}`)
    assert.deepEqual(findings, [])
  })

  test('an index that is missing is noticed, as a table read whole and as one sorted whole', async () => {
    const { slug } = await createProduct(admin)
    await withDatabase(system, (client) =>
      client.query(
        'alter table souk_catalog.product drop constraint product_slug; drop index souk_catalog.listing_newest',
      ),
    )
    must(await admin.get(`/v1/admin/products/${slug}`), 200)
    must(await admin.get('/v1/products?pageSize=7'), 200)
    const { findings } = await judgePlans(system)
    for (const [words, says] of [
      ['slug = ', /^reads all of souk_catalog\.product$/],
      ['souk_catalog.listing', /^sorts \d+ rows/],
    ] as const)
      assert.ok(
        findings.some((finding) => finding.statement.includes(words) && says.test(finding.says)),
        JSON.stringify(findings),
      )
  })
})
