import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '@souk/kernel'
import { sql, traceId } from '@souk/platform'
import { type Shop, startShop } from './shop.ts'

describe('placing directly', () => {
  let shop: Shop
  before(async () => {
    shop = await startShop()
  })
  after(() => shop.close())

  const count = async (from: string, id: string): Promise<number> => {
    const { schema } = shop.db
    const statement =
      from === 'orders'
        ? sql`select count(*) as n from ${schema}.orders where id = ${id}::uuid`
        : from === 'timeline'
          ? sql`select count(*) as n from ${schema}.timeline where order_id = ${id}::uuid`
          : from === 'timer'
            ? sql`select count(*) as n from ${schema}.timer where aggregate_id = ${id}`
            : sql`select count(*) as n from ${schema}.preparation where buyer_id = ${id}::uuid`
    return (await shop.db.one<{ n: number }>(statement))!.n
  }

  const factsOf = async (id: string) => (await shop.said()).filter((fact) => fact.aggregateId === id)

  test('a direct order is whole: row, history, timer, fact, hold', async () => {
    const buyer = shop.buyer()
    const placed = await shop.place(buyer, { note: '请放门口' })
    assert.equal(placed.status, 'AWAITING_PAYMENT')
    assert.equal(placed.paymentStatus, 'UNPAID')
    assert.equal(placed.fulfillmentStatus, 'UNFULFILLED')
    assert.deepEqual(placed.total, { currency: 'CNY', amount: 20_000 })
    assert.equal(placed.note, '请放门口')
    assert.equal(placed.address!.recipient, '张伟')
    assert.equal(placed.lines[0]!.name, '茶壶 tea')
    assert.deepEqual(
      placed.timeline.map(({ event, actor }) => [event, actor]),
      [['PLACED', 'buyer']],
    )
    assert.deepEqual(
      placed.actions.map(({ name }) => name),
      ['pay', 'cancel'],
    )
    assert.equal(placed.actions[0]!.until, placed.payBefore)
    assert.equal(placed.groups[0]!.warehouseId, 'w1')
    assert.deepEqual(shop.held().includes(placed.id), true)
    assert.deepEqual(
      [await count('orders', placed.id), await count('timeline', placed.id), await count('timer', placed.id)],
      [1, 1, 1],
    )
    const facts = await factsOf(placed.id)
    assert.deepEqual(
      facts.map(({ type, aggregateVersion, payload }) => [type, aggregateVersion, payload]),
      [
        [
          'order.OrderPlaced',
          1,
          {
            orderId: placed.id,
            buyerId: buyer,
            lines: [{ skuId: 'tea', quantity: 2 }],
            total: { currency: 'CNY', amount: 20_000 },
            at: placed.createdAt,
          },
        ],
      ],
    )
    const read = await shop.services['order.OrderService'].getOrder({ id: placed.id }, shop.as({ user: buyer }))
    assert.deepEqual(read, placed)
  })

  test('equal SKUs become one line', async () => {
    const lines = [1, 2, 3].map((quantity) => ({ skuId: 'cup', quantity }))
    const placed = await shop.place(shop.buyer(), { lines })
    assert.deepEqual(
      placed.lines.map(({ skuId, quantity }) => [skuId, quantity]),
      [['cup', 6]],
    )
  })

  test('the same key gives the same answer, another body is refused, two buyers do not collide', async () => {
    const [buyer, other, key] = [shop.buyer(), shop.buyer(), newId()]
    const [first, twin] = await Promise.all([shop.place(buyer, {}, key), shop.place(buyer, {}, key)])
    const again = await shop.place(buyer, {}, key)
    assert.deepEqual(twin, first)
    assert.deepEqual(again, first)
    await assert.rejects(shop.place(buyer, { note: 'x' }, key), { code: 'IDEMPOTENCY_KEY_REUSED' })
    const theirs = await shop.place(other, {}, key)
    assert.notEqual(theirs.id, first.id)
  })

  test('the kept answer is the first one, even after the order has moved on', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    const first = await shop.place(buyer, {}, key)
    await shop.services['order.OrderService'].cancelOrder({ id: first.id }, shop.as({ user: buyer, key: newId() }))
    assert.deepEqual(await shop.place(buyer, {}, key), first)
  })

  test('the kept answer needs nobody: neither catalog nor the goods have to be there any more', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    const first = await shop.place(buyer, {}, key)
    shop.before.quoteSkus = () => Promise.reject(new Error('catalog is down'))
    assert.deepEqual(await shop.place(buyer, {}, key), first)
    delete shop.before.quoteSkus
  })

  test('without a key (flat aliases) every request is an order', async () => {
    const buyer = shop.buyer()
    const service = shop.services['order.OrderService']
    const [a, b] = await Promise.all([1, 2].map(() => service.placeOrder(shop.wish(), shop.as({ user: buyer }))))
    assert.notEqual(a!.id, b!.id)
  })

  test('another total than expected is refused before anything is held', async () => {
    const held = shop.held().length
    await assert.rejects(shop.place(shop.buyer(), { expectedTotal: { currency: 'CNY', amount: 19_999 } }), {
      code: 'PRICE_CHANGED',
      params: { total: { currency: 'CNY', amount: 20_000 } },
    })
    assert.equal(shop.held().length, held)
    const placed = await shop.place(shop.buyer(), { expectedTotal: { currency: 'CNY', amount: 20_000 } })
    assert.equal(placed.total!.amount, 20_000)
  })

  test('what cannot be bought is refused by name and nothing is held', async () => {
    const held = shop.held().length
    const lines = ['tea', 'retired-pot', 'unknown'].map((skuId) => ({ skuId, quantity: 1 }))
    await assert.rejects(shop.place(shop.buyer(), { lines }), {
      code: 'NOT_BUYABLE',
      params: { skuIds: ['retired-pot', 'unknown'] },
    })
    assert.equal(shop.held().length, held)
  })

  test('a sold-out order is refused, and the refusal is kept under its key', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    const greedy = { lines: [{ skuId: 'cup', quantity: 5000 }] }
    await assert.rejects(shop.place(buyer, greedy, key), { code: 'OUT_OF_STOCK' })
    shop.stock.set('cup', 1_000_000)
    await assert.rejects(shop.place(buyer, greedy, key), { code: 'OUT_OF_STOCK' })
    await shop.place(buyer, greedy)
  })

  test('coupons and an empty cart are refused; a filled cart is bought', async () => {
    const buyer = shop.buyer()
    await assert.rejects(shop.place(buyer, { couponIds: ['c1'] }), { code: 'COUPON_UNAVAILABLE' })
    await assert.rejects(shop.prepare(buyer, { couponIds: ['c1'] }), { code: 'COUPON_UNAVAILABLE' })
    await assert.rejects(shop.place(buyer, { lines: [], fromCart: true }), { code: 'CART_EMPTY' })
    shop.carts.set(buyer, [{ skuId: 'cup', quantity: 3 }])
    const placed = await shop.place(buyer, { lines: [], fromCart: true })
    assert.deepEqual(
      placed.lines.map(({ skuId, quantity }) => [skuId, quantity]),
      [['cup', 3]],
    )
  })

  test('an address from the book is frozen; a stranger’s is not found', async () => {
    const [buyer, other, addressId] = [shop.buyer(), shop.buyer(), newId()]
    shop.addresses.set(addressId, buyer)
    const placed = await shop.place(buyer, { address: undefined, addressId })
    assert.equal(placed.address!.id, addressId)
    const held = shop.held().length
    await assert.rejects(shop.place(other, { address: undefined, addressId }), { code: 'NOT_FOUND' })
    await assert.rejects(shop.prepare(other, { address: undefined, addressId }), { code: 'NOT_FOUND' })
    assert.equal(shop.held().length, held)
  })

  test('an inline address needs no identity; a stopped catalog refuses the order', async () => {
    shop.before.snapshotAddress = () => Promise.reject(new Error('identity is down'))
    await shop.place(shop.buyer())
    delete shop.before.snapshotAddress
    shop.before.quoteSkus = () => Promise.reject(new Error('catalog is down'))
    await assert.rejects(shop.place(shop.buyer()))
    delete shop.before.quoteSkus
  })

  test('an order of zero total asks payment for a capture of zero', async () => {
    const placed = await shop.place(shop.buyer(), { lines: [{ skuId: 'gift', quantity: 1 }] })
    assert.equal(placed.total!.amount, 0)
    assert.equal(placed.version, 2)
    assert.deepEqual(
      placed.actions.map(({ name }) => name),
      ['cancel'],
    )
    const facts = await factsOf(placed.id)
    assert.deepEqual(
      facts.map(({ type, aggregateVersion }) => [type, aggregateVersion]),
      [
        ['order.OrderPlaced', 1],
        ['order.CaptureRequested', 2],
      ],
    )
  })

  test('500 lines with long Chinese texts and hostile characters come back as they were', async () => {
    const buyer = shop.buyer()
    const lines = Array.from({ length: 500 }, (_, at) => ({ skuId: `many-${at}`, quantity: 1 }))
    for (const { skuId } of lines) {
      shop.prices.set(skuId, 7)
      shop.stock.set(skuId, 1)
    }
    const note = '"\\\'{},NULL; drop table orders; -- 茶'.repeat(12)
    const placed = await shop.place(buyer, { lines, note })
    const read = await shop.services['order.OrderService'].getOrder({ id: placed.id }, shop.as({ user: buyer }))
    assert.equal(read.lines.length, 500)
    assert.equal(read.total!.amount, 3500)
    assert.deepEqual(read, placed)
    const { orders } = await shop.services['order.OrderService'].listOrders(
      { pageSize: 1, pageToken: '', status: 'UNSPECIFIED' },
      shop.as({ user: buyer }),
    )
    assert.equal(orders[0]!.lines.length, 5)
    assert.equal(orders[0]!.quantity, 500)
  })

  test('many buyers at once: every order is whole and every id is answered once', async () => {
    const buyers = Array.from({ length: 300 }, () => shop.buyer())
    shop.stock.set('tea', 100_000)
    const placed = await Promise.all(buyers.map((buyer) => shop.place(buyer)))
    assert.equal(new Set(placed.map(({ id }) => id)).size, 300)
    assert.equal(new Set(placed.map(({ number }) => number)).size, 300)
    const ids = placed.map(({ id }) => id)
    const { schema } = shop.db
    const [row] = await shop.db.all<{
      orders: number
      entries: number
      timers: number
      facts: number
      done: number
    }>(sql`
    select (select count(*) from ${schema}.orders where id = any(${ids}::uuid[])) as orders,
      (select count(*) from ${schema}.timeline where order_id = any(${ids}::uuid[])) as entries,
      (select count(*) from ${schema}.timer where aggregate_id = any(${ids})) as timers,
      (select count(*) from ${schema}.outbox where aggregate_id = any(${ids})) as facts,
      (select count(*) from ${schema}.idempotency_key where resource_id = any(${ids}::uuid[]) and state = 'done') as done`)
    assert.deepEqual(row, { orders: 300, entries: 300, timers: 300, facts: 300, done: 300 })
  })

  test('orders written together keep their own traces', async () => {
    const calls = Array.from({ length: 50 }, () => shop.as({ user: shop.buyer(), key: newId() }))
    const placed = await Promise.all(
      calls.map((call) => shop.services['order.OrderService'].placeOrder(shop.wish(), call)),
    )
    const said = new Map((await shop.said()).map(({ aggregateId, traceparent }) => [aggregateId, traceId(traceparent)]))
    assert.deepEqual(
      placed.map(({ id }) => said.get(id)),
      calls.map(({ traceparent }) => traceId(traceparent)),
    )
  })

  test('twin keys in parallel: 20 requests, 10 keys, 10 orders', async () => {
    const buyer = shop.buyer()
    const keys = Array.from({ length: 10 }, newId)
    const placed = await Promise.all([...keys, ...keys].map((key) => shop.place(buyer, {}, key)))
    assert.equal(new Set(placed.map(({ id }) => id)).size, 10)
    for (let at = 0; at < 10; at++) assert.deepEqual(placed[at], placed[at + 10])
  })
})
