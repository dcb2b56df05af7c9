import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fault, newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { brokenBooks, type Shop, startShop } from './shop.ts'

describe('preparing and placing what was prepared', () => {
  let shop: Shop
  before(async () => {
    shop = await startShop()
  })
  after(() => shop.close())

  /** A SKU of its own with so much stock. */
  const sku = (quantity: number): string => {
    const skuId = newId()
    shop.prices.set(skuId, 500)
    shop.stock.set(skuId, quantity)
    return skuId
  }
  const some = (skuId: string, quantity: number) => ({ lines: [{ skuId, quantity }] })
  const liveOf = async (buyer: string) =>
    (
      await shop.db.all<{ id: string }>(
        sql`select id from ${shop.db.schema}.preparation where buyer_id = ${buyer}::uuid and replaced_by is null`,
      )
    ).map(({ id }) => id)
  const ordersOf = async (buyer: string) =>
    (
      await shop.db.all<{ id: string }>(sql`select id from ${shop.db.schema}.orders where buyer_id = ${buyer}::uuid`)
    ).map(({ id }) => id)
  const expire = (id: string) =>
    shop.db.run(
      sql`update ${shop.db.schema}.preparation set hold_expires_at = now() - interval '1 second' where id = ${id}::uuid`,
    )
  const outcome = (work: Promise<{ id: string }>) =>
    work.then(
      ({ id }) => id,
      ({ code }) => String(code),
    )

  test('a preparation shows the exact total and holds the stock under the order’s id', async () => {
    const buyer = shop.buyer()
    const prepared = await shop.prepare(buyer)
    assert.deepEqual(prepared.total, { currency: 'CNY', amount: 20_000 })
    assert.deepEqual(prepared.lines[0]!.total, { currency: 'CNY', amount: 20_000 })
    assert.ok(Date.parse(prepared.holdExpiresAt!) > Date.now())
    assert.ok(shop.held().includes(prepared.preparationId))
    const placed = await shop.place(buyer, { preparationId: prepared.preparationId })
    assert.equal(placed.id, prepared.preparationId)
    assert.deepEqual(placed.lines, prepared.lines)
    assert.deepEqual(await liveOf(buyer), [])
  })

  test('the prepared price is honoured, and so is the expected total', async () => {
    const [buyer, skuId] = [shop.buyer(), sku(10)]
    const { preparationId } = await shop.prepare(buyer, some(skuId, 2))
    shop.prices.set(skuId, 900)
    await assert.rejects(shop.place(buyer, { preparationId, expectedTotal: { currency: 'CNY', amount: 1800 } }), {
      code: 'PRICE_CHANGED',
    })
    const placed = await shop.place(buyer, { preparationId, expectedTotal: { currency: 'CNY', amount: 1000 } })
    assert.equal(placed.total!.amount, 1000)
  })

  test('twenty places of one preparation with twenty keys are one order with one answer', async () => {
    const [buyer, skuId] = [shop.buyer(), sku(2)]
    const { preparationId } = await shop.prepare(buyer, some(skuId, 2))
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.place(buyer, { preparationId })))
    assert.deepEqual(new Set(answers.map(({ id }) => id)), new Set([preparationId]))
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
    assert.deepEqual(await ordersOf(buyer), [preparationId])
    const facts = (await shop.said()).filter(({ aggregateId }) => aggregateId === preparationId)
    assert.equal(facts.length, 1)
  })

  test('a later place of a placed preparation answers the order, whatever became of it', async () => {
    const buyer = shop.buyer()
    const { preparationId } = await shop.prepare(buyer)
    const key = newId()
    const first = await shop.place(buyer, { preparationId }, key)
    await shop.services['order.OrderService'].cancelOrder({ id: first.id }, shop.as({ user: buyer, key: newId() }))
    const second = await shop.place(buyer, { preparationId })
    assert.deepEqual([second.id, second.status], [first.id, 'CANCELLED'])
    assert.deepEqual(await shop.place(buyer, { preparationId }, key), first)
  })

  test('a new preparation frees the hold of the one before in the same step', async () => {
    const [buyer, skuId] = [shop.buyer(), sku(2)]
    const first = await shop.prepare(buyer, some(skuId, 2))
    const second = await shop.prepare(buyer, some(skuId, 2))
    assert.deepEqual(await liveOf(buyer), [second.preparationId])
    assert.ok(!shop.held().includes(first.preparationId))
    await assert.rejects(shop.place(buyer, { preparationId: first.preparationId }), { code: 'PREPARATION_EXPIRED' })
    await shop.place(buyer, { preparationId: second.preparationId })
  })

  test('a refused preparation leaves the one before as it was', async () => {
    const [buyer, skuId] = [shop.buyer(), sku(3)]
    const first = await shop.prepare(buyer, some(skuId, 2))
    await assert.rejects(shop.prepare(buyer, some(skuId, 4)), { code: 'OUT_OF_STOCK' })
    await assert.rejects(shop.place(buyer, some(skuId, 4)), { code: 'OUT_OF_STOCK' })
    assert.deepEqual(await liveOf(buyer), [first.preparationId])
    const placed = await shop.place(buyer, { preparationId: first.preparationId })
    assert.equal(placed.id, first.preparationId)
  })

  test('a direct order replaces the preparation too; direct orders never replace each other', async () => {
    const [buyer, skuId] = [shop.buyer(), sku(4)]
    const { preparationId } = await shop.prepare(buyer, some(skuId, 4))
    const one = await shop.place(buyer, some(skuId, 2))
    const two = await shop.place(buyer, some(skuId, 2))
    assert.ok(shop.held().includes(one.id) && shop.held().includes(two.id))
    assert.ok(!shop.held().includes(preparationId))
    await assert.rejects(shop.place(buyer, { preparationId }), { code: 'PREPARATION_EXPIRED' })
    assert.deepEqual(await liveOf(buyer), [])
  })

  test('preparing in parallel leaves one preparation and one hold', async () => {
    const [buyer, skuId] = [shop.buyer(), sku(100)]
    const made = await Promise.all(Array.from({ length: 10 }, () => shop.prepare(buyer, some(skuId, 1))))
    const live = await liveOf(buyer)
    assert.equal(live.length, 1)
    assert.deepEqual(
      made.map(({ preparationId }) => preparationId).filter((id) => shop.held().includes(id)),
      live,
    )
    await shop.place(buyer, { preparationId: live[0]! })
  })

  test('placing a preparation while another request replaces it never leaves an order without its hold', async () => {
    for (let round = 0; round < 40; round++) {
      const [buyer, skuId] = [shop.buyer(), sku(4)]
      const { preparationId } = await shop.prepare(buyer, some(skuId, 2))
      const rival =
        round % 2
          ? shop.prepare(buyer, some(skuId, 2)).then(({ preparationId: id }) => ({ id }))
          : shop.place(buyer, some(skuId, 2))
      const [mine, theirs] = await Promise.all([outcome(shop.place(buyer, { preparationId })), outcome(rival)])
      assert.match(theirs, /-/)
      const held = shop.held()
      assert.ok(held.includes(theirs))
      for (const id of await ordersOf(buyer)) assert.ok(held.includes(id), `round ${round}`)
      assert.ok(mine === preparationId ? held.includes(preparationId) : mine === 'PREPARATION_EXPIRED', mine)
    }
  })

  test('an expired preparation is refused, also after it was loaded', async () => {
    const buyer = shop.buyer()
    const { preparationId } = await shop.prepare(buyer)
    await expire(preparationId)
    await assert.rejects(shop.place(buyer, { preparationId }), { code: 'PREPARATION_EXPIRED' })
    assert.deepEqual(await ordersOf(buyer), [])
  })

  test('somebody else’s preparation is not found, neither live nor placed; one of nobody has expired', async () => {
    const [buyer, other] = [shop.buyer(), shop.buyer()]
    const { preparationId } = await shop.prepare(buyer)
    await assert.rejects(shop.place(other, { preparationId }), { code: 'NOT_FOUND' })
    await shop.place(buyer, { preparationId })
    await assert.rejects(shop.place(other, { preparationId }), { code: 'NOT_FOUND' })
    assert.deepEqual(await ordersOf(other), [])
    await assert.rejects(shop.place(buyer, { preparationId: newId() }), { code: 'PREPARATION_EXPIRED' })
  })

  test('when the row cannot be written, the hold is let go', async () => {
    const [buyer, skuId] = [shop.buyer(), sku(1)]
    shop.before.afterReserve = async () => {
      // The id is taken by another buyer's row in the meantime: the insert must fail.
      await shop.db.run(sql`insert into ${shop.db.schema}.preparation (id, buyer_id, hold_expires_at, draft)
        select ${[...shop.holds.keys()].at(-1)}::uuid, ${newId()}::uuid, now(), '{}'`)
    }
    await assert.rejects(shop.prepare(buyer, some(skuId, 1)))
    delete shop.before.afterReserve
    assert.equal(shop.stock.get(skuId), 1)
    await shop.prepare(buyer, some(skuId, 1))
  })

  test('after an unclear answer of inventory the replaced preparation stays out of use', async () => {
    const [buyer, skuId] = [shop.buyer(), sku(4)]
    const { preparationId } = await shop.prepare(buyer, some(skuId, 2))
    shop.before.afterReserve = () => Promise.reject(fault('UNAVAILABLE'))
    await assert.rejects(shop.prepare(buyer, some(skuId, 2)), { code: 'UNAVAILABLE' })
    delete shop.before.afterReserve
    await assert.rejects(shop.place(buyer, { preparationId }), { code: 'PREPARATION_EXPIRED' })
    await shop.prepare(buyer, some(skuId, 2))
    assert.equal((await liveOf(buyer)).length, 1)
  })

  test('after all that the books are in order', async () => assert.deepEqual(await brokenBooks(shop), []))
})
