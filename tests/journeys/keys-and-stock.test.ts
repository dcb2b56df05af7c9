import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Answer, type Api, address, createProduct, must, registerBuyer, signIn, until } from '../api.ts'
import { shuffled } from '../faults/random.ts'
import { inParallel } from '../parallel.ts'
import { type System, shapes, startSystem } from '../system.ts'

const tally = (answers: readonly Answer[]) => {
  const counts: Record<string, number> = {}
  for (const { status, body } of answers) {
    const word = status < 300 ? String(status) : `${status} ${body?.code}`
    counts[word] = (counts[word] ?? 0) + 1
  }
  return counts
}

/** Sent again with the same key while it is refused for want of room or still in progress, as a client should. */
const insist = async (api: Api, path: string, body: unknown): Promise<Answer> => {
  const headers = { 'idempotency-key': randomUUID() }
  return until(
    () => api.post(path, body, headers),
    ({ status, body }) => status !== 429 && status !== 503 && body?.code !== 'IN_PROGRESS',
    60_000,
  )
}

for (const shape of shapes)
  describe(`keys and stock, ${shape}`, () => {
    let system: System
    let admin: Api

    before(async () => {
      system = await startSystem(shape)
      admin = await signIn(system.base, system.admin.email, system.admin.password)
    })
    after(() => system?.remove())

    const stockOf = async (skuId: string) => must(await admin.get(`/v1/admin/inventory/${skuId}`), 200).warehouses[0]

    test('1,000 parallel orders on 100 units: exactly 100', async () => {
      const { skuIds } = await createProduct(admin, { stock: 100 })
      const buyer = await registerBuyer(system.base)
      const answers = await inParallel(Array(1000).fill(undefined), 200, () =>
        insist(buyer, '/v1/orders', { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address }),
      )
      assert.deepEqual(tally(answers), { 201: 100, '409 OUT_OF_STOCK': 900 })
      const stock = await stockOf(skuIds[0]!)
      assert.deepEqual([stock.onHand, stock.reserved, stock.available], [100, 100, 0])
    })

    test('three-line orders over 20 SKUs in shuffled order: no deadlock, nothing oversold, cancel gives everything back', async () => {
      const products = await Promise.all(Array.from({ length: 20 }, () => createProduct(admin, { stock: 20 })))
      const skus = products.map(({ skuIds }) => skuIds[0]!)
      const buyer = await registerBuyer(system.base)
      const answers = await inParallel(Array(200).fill(undefined), 50, () =>
        insist(buyer, '/v1/orders', {
          lines: shuffled(skus, Math.random)
            .slice(0, 3)
            .map((skuId) => ({ skuId, quantity: 1 })),
          address,
        }),
      )
      for (const { status, body } of answers)
        assert.ok(status === 201 || body.code === 'OUT_OF_STOCK', JSON.stringify(body))
      const placed = answers.filter(({ status }) => status === 201)
      const stocks = await Promise.all(skus.map(stockOf))
      assert.equal(
        stocks.reduce((sum, { reserved }) => sum + reserved, 0),
        placed.length * 3,
      )
      assert.ok(stocks.every(({ available }) => available >= 0))
      await inParallel(placed, 20, async ({ body }) => must(await buyer.post(`/v1/orders/${body.id}/cancel`), 200))
      await until(
        () => Promise.all(skus.map(stockOf)),
        (list) => list.every(({ available }) => available === 20),
      )
    })

    test('50 parallel equal keys: one order, equal bytes; another body is 422; another buyer is free to use the key', async () => {
      const { skuIds } = await createProduct(admin)
      const [buyer, other] = [await registerBuyer(system.base), await registerBuyer(system.base)]
      const wish = { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address }
      const key = { 'idempotency-key': randomUUID() }
      const once = async () => {
        for (;;) {
          const answer = await buyer.post('/v1/orders', wish, key)
          if (answer.body.code !== 'IN_PROGRESS') return answer
          assert.ok(answer.headers.get('retry-after'))
        }
      }
      const answers = await Promise.all(Array.from({ length: 50 }, once))
      assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
      assert.equal(must(await buyer.get('/v1/orders'), 200).orders.length, 1)
      const reused = await buyer.post('/v1/orders', { ...wish, note: 'another' }, key)
      assert.deepEqual([reused.status, reused.body.code], [422, 'IDEMPOTENCY_KEY_REUSED'])
      assert.notEqual(must(await other.post('/v1/orders', wish, key), 201).id, answers[0]!.body.id)
      const missing = await buyer.send('POST', '/v1/orders', wish)
      assert.deepEqual([missing.status, missing.body.code], [400, 'IDEMPOTENCY_KEY_REQUIRED'])
    })

    test('a refused order, restocked, same key again: the stored refusal; a new key works', async () => {
      const { skuIds } = await createProduct(admin, { stock: 0 })
      const buyer = await registerBuyer(system.base)
      const wish = { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address }
      const key = { 'idempotency-key': randomUUID() }
      const refused = await buyer.post('/v1/orders', wish, key)
      assert.equal(refused.body.code, 'OUT_OF_STOCK')
      must(await admin.post('/v1/admin/inventory/adjustments', { skuId: skuIds[0]!, delta: 5, reason: 'restock' }), 200)
      const again = await buyer.post('/v1/orders', wish, key)
      assert.ok(again.status === 201 || again.body.code === 'OUT_OF_STOCK')
      must(await buyer.post('/v1/orders', wish), 201)
    })
  })

describe('what a kill cannot take', () => {
  let system: System
  before(async () => {
    system = await startSystem('start', { env: { SOUK_PAYMENT_WINDOW: '3s', SOUK_PREPARATION_WINDOW: '2s' } })
  })
  after(() => system?.remove())

  test('the reply of a key survives kill -9; the payment deadline fires after it; holds come back', async () => {
    const admin = await signIn(system.base, system.admin.email, system.admin.password)
    const { skuIds } = await createProduct(admin, { stock: 10 })
    const buyer = await registerBuyer(system.base)
    const wish = { lines: [{ skuId: skuIds[0]!, quantity: 2 }], address }
    const key = { 'idempotency-key': randomUUID() }
    const first = await buyer.post('/v1/orders', wish, key)
    must(first, 201)
    must(await (await registerBuyer(system.base)).post('/v1/orders/prepare', wish), 201)
    await system.kill()
    await system.restart()
    const again = await buyer.post('/v1/orders', wish, key)
    assert.deepEqual([again.status, again.text], [201, first.text])
    await until(
      async () => must(await buyer.get(`/v1/orders/${first.body.id}`), 200),
      (o) => o.status === 'CANCELLED' && o.cancelReason === 'TIMEOUT',
    )
    await until(
      async () => must(await admin.get(`/v1/admin/inventory/${skuIds[0]}`), 200).warehouses[0],
      (stock) => stock.available === 10 && stock.reserved === 0,
      60_000,
    )
  })
})
