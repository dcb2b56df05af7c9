import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { address, cny, must } from '../api.ts'
import { withDatabase } from '../database.ts'
import { refusedWith } from '../problem.ts'
import { type System, startSystem } from '../system.ts'
import { campaign, sayHowToReplay } from './campaign.ts'
import { assertPaidOrBack, bookOf, openPayment, placeOne, play } from './money.ts'
import { closeShop } from './run.ts'
import { settled } from './settle.ts'
import { createProductPatiently, openShop, price, registerPatiently, type Shop } from './shop.ts'

sayHowToReplay()

const rounds = campaign ? 100 : 5

/** What went wrong in other shops, by the address of their report. */
describe('known failures of peers', () => {
  let system: System
  let shop: Shop

  before(async () => {
    system = await startSystem('start')
    shop = await openShop(system)
  })
  after(() => (shop ? closeShop(shop) : system?.remove()))

  const stockOf = async (skuId: string) => must(await shop.admin.get(`/v1/admin/inventory/${skuId}`), 200).warehouses[0]

  test('medusajs/medusa#16569: the last unit, wanted by many at once, is sold once', async () => {
    const buyers = await Promise.all(Array.from({ length: 20 }, () => registerPatiently(shop)))
    for (let round = 0; round < rounds; round++) {
      const skuId = await createProductPatiently(shop.admin, 1)
      const lines = [{ skuId, quantity: 1 }]
      const answers = await Promise.all(buyers.map((buyer) => buyer.post('/v1/orders', { lines, address })))
      assert.equal(answers.filter(({ status }) => status === 201).length, 1)
      for (const answer of answers) if (answer.status !== 201) refusedWith(answer, 'OUT_OF_STOCK', 'the others')
      assert.equal((await stockOf(skuId)).reserved, 1)
    }
  })

  test('medusajs/medusa#16502: the same goods in two lines are checked together', async () => {
    const skuId = await createProductPatiently(shop.admin, 3)
    const buyer = await registerPatiently(shop)
    const twice = (quantity: number) => ({
      lines: [
        { skuId, quantity },
        { skuId, quantity: 2 },
      ],
      address,
    })
    refusedWith(await buyer.post('/v1/orders', twice(2)), 'OUT_OF_STOCK', 'four of three')
    const order = must(await buyer.post('/v1/orders', twice(1)), 201)
    assert.deepEqual(
      order.lines.map(({ quantity }: { quantity: number }) => quantity),
      [3],
    )
  })

  test('medusajs/medusa#13301, saleor/saleor#12652: the browser comes back while the callback arrives', async () => {
    for (let round = 0; round < rounds; round++) {
      const buyer = await registerPatiently(shop)
      const order = await placeOne(buyer, shop.skuIds[0]!)
      const payment = await openPayment(buyer, order.id)
      await Promise.all([
        play(system, payment, 'DUPLICATE'),
        buyer.get(`/v1/payments/${payment.id}`),
        buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }),
        buyer.get(`/v1/orders/${order.id}/page`),
      ])
      assert.equal(await assertPaidOrBack(buyer, order), 'ALLOCATED')
      assert.deepEqual(await bookOf(system, payment.id), [`charge CNY ${price}`])
    }
  })

  test('vendurehq/vendure#3269: a price that changes while somebody pays changes nothing for him', async () => {
    const [skuId] = [await createProductPatiently(shop.admin, 5)]
    const buyer = await registerPatiently(shop)
    const order = await placeOne(buyer, skuId)
    const payment = await openPayment(buyer, order.id)
    const { products } = must(await shop.admin.get('/v1/admin/products?pageSize=100'), 200)
    const product = products.find(({ skus }: { skus: { id: string }[] }) => skus?.some(({ id }) => id === skuId))
    const { version, skus } = must(await shop.admin.get(`/v1/admin/products/${product.id}`), 200)
    const change = { version, skus: [{ code: skus[0].code, price: cny(price * 2) }] }
    must(await shop.admin.send('PATCH', `/v1/admin/products/${product.id}`, change, {}), 200)
    await play(system, payment, 'SUCCESS')
    assert.equal(await assertPaidOrBack(buyer, order), 'ALLOCATED')
    assert.deepEqual(await bookOf(system, payment.id), [`charge CNY ${price}`])
  })

  test('antiwork/gumroad#6193: our own refund, told again by the channel, counts once', async () => {
    const buyer = await registerPatiently(shop)
    const order = await placeOne(buyer, shop.skuIds[0]!)
    const payment = await openPayment(buyer, order.id)
    await play(system, payment, 'SUCCESS', { refundOutcome: 'DUPLICATE' })
    await assertPaidOrBack(buyer, order)
    must(await shop.admin.post(`/v1/payments/${payment.id}/refund`, { amount: cny(100), reason: 'part' }), 201)
    await settled(system)
    const { refunded, refunds } = must(await buyer.get(`/v1/payments/${payment.id}`), 200)
    assert.deepEqual([refunded.amount, refunds.length], [100, 1])
  })

  test('medusajs/medusa#2948: rows that somebody else has locked are a refusal that passes, not an error', async () => {
    const skuId = await createProductPatiently(shop.admin, 5)
    const buyer = await registerPatiently(shop)
    const wish = { lines: [{ skuId, quantity: 1 }], address }
    await withDatabase(system, async (client) => {
      await client.query('begin')
      await client.query('select from souk_inventory.stock where sku_id = $1 for update', [skuId])
      const answer = await buyer.once('/v1/orders', wish)
      refusedWith(answer!, 'OVERLOADED', 'while it is locked')
      assert.ok(answer!.headers.get('retry-after'))
      await client.query('rollback')
    })
    must(await buyer.post('/v1/orders', wish), 201)
  })
})
