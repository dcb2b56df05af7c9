import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Api, createProduct, must, registerBuyer, signIn } from '../api.ts'
import { withDatabase } from '../database.ts'
import { inParallel } from '../parallel.ts'
import { type System, startSystem } from '../system.ts'
import { fillUp } from './bulk.ts'
import { placeOne, type Shop, wholeDay } from './day.ts'
import { fewRows } from './judge.ts'
import { judgePlans, recordPlans } from './plans.ts'

const many = fewRows * 2

describe('plans of the statements that contexts really run, on filled tables', () => {
  let system: System
  let admin: Api
  let shop: Shop
  /** A buyer with many orders. */
  let regular: Api

  const finds = async (wanted: readonly [words: string, says: RegExp][]): Promise<void> => {
    const { findings } = await judgePlans(system)
    for (const [words, says] of wanted)
      assert.ok(
        findings.some((finding) => finding.statement.includes(words) && says.test(finding.says)),
        `${says} in ${JSON.stringify(findings)}`,
      )
  }

  before(async () => {
    system = await startSystem('start')
    admin = await signIn(system.base, system.admin.email, system.admin.password)
    const { skuIds } = await createProduct(admin, { stock: 100 * many })
    shop = { system, admin, skuId: skuIds[0]! }
    const buyers = await inParallel(Array.from({ length: 20 }), 2, () => registerBuyer(system.base))
    regular = buyers[0]!
    await inParallel([...Array(many).keys()], 8, async (n) => {
      await createProduct(admin)
      const buyer = buyers[n % buyers.length]!
      const order = await placeOne(buyer, shop.skuId)
      const method = n % 2 === 0 ? 'sandbox' : 'pay_on_delivery'
      must(await buyer.post('/v1/payments', { orderId: order.id, method }), 201)
    })
    await fillUp(system, many)
    await recordPlans(system)
    await system.stop()
    await system.restart()
  })
  after(() => system?.remove())

  test('none reads a filled table whole, sorts it, or reads far more of it than it answers', async () => {
    await wholeDay(shop)
    const { statements, filled, findings } = await judgePlans(system)
    assert.ok(statements.length > 300, `only ${statements.length} statements were seen`)
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
    await finds([
      ['slug = ', /^reads all of souk_catalog\.product$/],
      ['souk_catalog.listing', /^sorts \d+ rows/],
    ])
  })

  test('far more rows read than answered are noticed, by an index walked on and on, by a bitmap, by a later column', async () => {
    await withDatabase(system, async (client) => {
      await client.query('set enable_seqscan = off')
      await client.query('select count(*) from souk_payment.posting where place = 9')
      await client.query('drop index souk_order.orders_of_buyer')
      for (const way of ['indexscan', 'indexonlyscan']) await client.query(`set enable_${way} = off`)
      await client.query("select count(*) from souk_order.orders where created_at > now() - interval '1 day'")
    })
    must(await regular.get('/v1/orders'), 200)
    await finds([
      ['buyer_id = ', /^reads \d+ rows of souk_order\.orders by orders_newest /],
      ['count(*)', /^reads \d+ rows of souk_order\.orders by a bitmap /],
      ['place = 9', /^walks all of posting_pkey for /],
    ])
  })
})
