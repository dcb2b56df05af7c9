import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { PlaceOrderRequest } from '@souk/contract/order'
import { fault, newId, systemClock } from '@souk/kernel'
import { CommitUnknown, createMetrics, createPool, type Db, silentLog, sql } from '@souk/platform'
import { order } from '../src/index.ts'
import { brokenBooks, type Shop, startShop } from './shop.ts'

describe('placing while things break', () => {
  let shop: Shop
  let admin: ReturnType<typeof createPool>
  /** What happens at the kill points; one entry is used up per visit. */
  const atPoint: Record<string, (() => Promise<void> | void)[]> = {}
  before(async () => {
    shop = await startShop({ failpoint: async (name) => void (await atPoint[name]?.shift()?.()) })
    shop.stock.set('tea', 100_000)
    admin = createPool({ url: shop.url, max: 2, name: 'admin' })
  })
  after(async () => {
    await admin.end()
    await shop.close()
  })

  const at = (name: string, ...todo: (() => Promise<void> | void)[]) => {
    atPoint[name] = todo
  }
  const crash = () => Promise.reject(new Error('killed here'))
  const ordersOf = async (buyer: string) =>
    (
      await shop.db.all<{ id: string }>(sql`select id from ${shop.db.schema}.orders where buyer_id = ${buyer}::uuid`)
    ).map(({ id }) => id)
  const holdOf = (id: string) => shop.holds.get(id)!

  /** The same context over a database whose answers can be lost after they were committed. */
  const lossy = (lose: () => boolean) => {
    const db: Db = {
      ...shop.db,
      run: async (statement) => {
        const rows = await shop.db.run(statement)
        if (statement.text.includes('order_rows') && lose()) throw new CommitUnknown(new Error('lost'))
        return rows
      },
    }
    const config = { paymentWindowMs: 900_000, preparationWindowMs: 300_000, timeZone: 'UTC' }
    const clients = shop.clients as never
    const kit = {
      db,
      clock: systemClock,
      clients,
      config,
      log: silentLog,
      metrics: createMetrics(),
      failpoint: async () => {},
    }
    return order.build(kit).services['order.OrderService']!
  }

  test('killed after the hold: the retry goes on under the same id with the same hold', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    const known = new Set(shop.held())
    at('order.place.afterReserve', crash)
    await assert.rejects(shop.place(buyer, {}, key))
    const [left] = shop.held().filter((id) => !known.has(id))
    assert.ok(left)
    const placed = await shop.place(buyer, {}, key)
    assert.equal(placed.id, left)
    assert.equal(holdOf(placed.id).attempt, 1)
    assert.deepEqual(await ordersOf(buyer), [placed.id])
  })

  test('killed after the commit: the retry gets the order that is there', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    at('order.place.afterCommit', crash)
    await assert.rejects(shop.place(buyer, {}, key))
    const [id] = await ordersOf(buyer)
    const again = await shop.place(buyer, {}, key)
    assert.equal(again.id, id)
    assert.equal(holdOf(id!).state, 'HELD')
  })

  test('a write that surely failed frees the hold; the retry holds again', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    const known = new Set(shop.holds.keys())
    at('order.place.beforeCommit', crash)
    await assert.rejects(shop.place(buyer, {}, key))
    const [id] = [...shop.holds.keys()].filter((each) => !known.has(each))
    assert.equal(holdOf(id!).state, 'RELEASED')
    const placed = await shop.place(buyer, {}, key)
    assert.equal(placed.id, id)
    assert.deepEqual([holdOf(id!).state, holdOf(id!).attempt], ['HELD', 2])
  })

  test('however often the write fails, the same key can still finish it', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    at('order.place.beforeCommit', ...Array.from({ length: 8 }, () => crash))
    for (let tries = 0; tries < 8; tries++) await assert.rejects(shop.place(buyer, {}, key), { code: 'INTERNAL' })
    const placed = await shop.place(buyer, {}, key)
    assert.deepEqual([holdOf(placed.id).state, holdOf(placed.id).attempt], ['HELD', 9])
    assert.deepEqual(await ordersOf(buyer), [placed.id])
  })

  test('a cart that changed before the retry is held anew, not mixed', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    const fromCart = { lines: [], fromCart: true }
    shop.carts.set(buyer, [{ skuId: 'cup', quantity: 1 }])
    at('order.place.afterReserve', crash)
    await assert.rejects(shop.place(buyer, fromCart, key))
    shop.carts.set(buyer, [{ skuId: 'cup', quantity: 4 }])
    const placed = await shop.place(buyer, fromCart, key)
    assert.equal(placed.lines[0]!.quantity, 4)
    assert.deepEqual(
      holdOf(placed.id).lines.map(({ quantity }) => quantity),
      [4],
    )
  })

  test('a hold that ended before the write is taken anew', async () => {
    const buyer = shop.buyer()
    const known = new Set(shop.holds.keys())
    let first = true
    shop.before.afterReserve = () => {
      const [id] = [...shop.holds.keys()].filter((each) => !known.has(each))
      if (first) holdOf(id!).expiresAt = new Date(Date.now() - 1000)
      first = false
    }
    const placed = await shop.place(buyer)
    delete shop.before.afterReserve
    assert.deepEqual([holdOf(placed.id).state, holdOf(placed.id).attempt], ['HELD', 2])
  })

  test('a lost COMMIT is looked up: the order is answered and its hold stays', async () => {
    const buyer = shop.buyer()
    let losses = 1
    const service = lossy(() => losses-- > 0)
    const request = PlaceOrderRequest.fromPartial(shop.wish())
    const call = shop.as({ user: buyer, key: newId() })
    const placed = await service.placeOrder(request, { ...call, method: 'order.OrderService/PlaceOrder' })
    assert.deepEqual(await ordersOf(buyer), [placed.id])
    assert.equal(holdOf(placed.id).state, 'HELD')
    const again = await service.placeOrder(request, { ...call, method: 'order.OrderService/PlaceOrder' })
    assert.equal(JSON.stringify(again), JSON.stringify(placed))
  })

  test('a broken connection before the commit: nothing is released, the same key finishes it', async () => {
    const [buyer, key] = [shop.buyer(), newId()]
    const known = new Set(shop.held())
    let broken: Promise<void> | undefined
    at('order.place.beforeCommit', async () => {
      const lock = await admin.connect()
      await lock.query('begin; lock table souk_order.timeline in exclusive mode')
      broken = breakBlockedInsert().finally(() => lock.query('rollback').finally(() => lock.release()))
    })
    await assert.rejects(shop.place(buyer, {}, key), { code: 'UNKNOWN_OUTCOME' })
    await broken
    assert.deepEqual(await ordersOf(buyer), [])
    const [left] = shop.held().filter((id) => !known.has(id))
    assert.ok(left, 'the hold is kept')
    const placed = await shop.place(buyer, {}, key)
    assert.equal(placed.id, left)
  })

  /** Ends the backend of the insert that waits behind a lock. */
  const breakBlockedInsert = async (): Promise<void> => {
    for (let ended = 0, tries = 0; ended === 0 && tries < 2000; tries++) {
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like '%order_rows%' and wait_event_type = 'Lock'`,
      )
      ended = rowCount ?? 0
    }
  }

  test('one member of a batch whose preparation vanished harms nobody else', async () => {
    const buyers = Array.from({ length: 60 }, () => shop.buyer())
    const prepared = await Promise.all(
      buyers.map((buyer) => shop.prepare(buyer, { lines: [{ skuId: 'tea', quantity: 1 }] })),
    )
    const [victim] = prepared
    at('order.place.beforeCommit', async () => {
      await shop.db.run(
        sql`update ${shop.db.schema}.preparation set hold_expires_at = '-infinity', replaced_by = ${newId()}::uuid where id = ${victim!.preparationId}::uuid`,
      )
    })
    const outcomes = await Promise.all(
      prepared.map(({ preparationId }, place) =>
        shop.place(buyers[place]!, { preparationId }).then(
          ({ status }) => status,
          ({ code }) => String(code),
        ),
      ),
    )
    assert.equal(outcomes[0], 'PREPARATION_EXPIRED')
    assert.deepEqual(new Set(outcomes.slice(1)), new Set(['AWAITING_PAYMENT']))
    assert.deepEqual(await ordersOf(buyers[0]!), [])
    const keys = await shop.db.all<{ state: string; n: number }>(sql`
      select state, count(*) as n from ${shop.db.schema}.idempotency_key where principal = any(${buyers.map((b) => `user:${b}`)}) group by state order by state`)
    assert.deepEqual(keys, [
      { state: 'done', n: 59 },
      { state: 'refused', n: 1 },
    ])
  })

  test('orders keep their holds when releasing fails', async () => {
    shop.before.releaseStock = () => Promise.reject(fault('UNAVAILABLE'))
    at('order.place.beforeCommit', crash)
    const [buyer, key] = [shop.buyer(), newId()]
    await assert.rejects(shop.place(buyer, {}, key), { code: 'INTERNAL' })
    delete shop.before.releaseStock
    const placed = await shop.place(buyer, {}, key)
    assert.equal(holdOf(placed.id).state, 'HELD')
  })

  test('killed inside a fact’s transaction: nothing moved; told again, it moves once', async () => {
    const placed = await shop.place(shop.buyer())
    const paymentId = newId()
    const payload = { paymentId, orderId: placed.id, amount: placed.total, method: 'sandbox' }
    const fact = {
      type: 'payment.PaymentSucceeded',
      aggregateId: paymentId,
      aggregateVersion: 1,
      payload,
      eventId: newId(),
    } as const
    at('order.hear.beforeCommit', crash)
    await assert.rejects(shop.hear(fact))
    const read = () =>
      shop.services['order.OrderService'].getOrder({ id: placed.id }, shop.as({ user: placed.buyerId }))
    assert.equal((await read()).version, 1)
    await shop.hear(fact)
    await shop.hear(fact)
    const order = await read()
    assert.deepEqual([order.status, order.version, order.captured!.amount], ['PAID', 2, 20_000])
  })

  test('killed before or after the commit of a cancel: the same key finishes it, once', async () => {
    for (const point of ['order.cancel.beforeCommit', 'order.cancel.afterCommit']) {
      const placed = await shop.place(shop.buyer())
      const call = () => shop.as({ user: placed.buyerId, key: placed.id })
      at(point, crash)
      await assert.rejects(shop.services['order.OrderService'].cancelOrder({ id: placed.id }, call()))
      const cancelled = await shop.services['order.OrderService'].cancelOrder({ id: placed.id }, call())
      assert.deepEqual([cancelled.status, cancelled.version], ['CANCELLED', 2], point)
    }
  })

  test('killed inside the deadline’s transaction: it comes again', async () => {
    const placed = await shop.place(shop.buyer())
    at('order.expire.beforeCommit', ...Array.from({ length: 50 }, () => crash))
    await shop.runTimers({ all: true })
    const read = () =>
      shop.services['order.OrderService'].getOrder({ id: placed.id }, shop.as({ user: placed.buyerId }))
    assert.equal((await read()).status, 'AWAITING_PAYMENT')
    at('order.expire.beforeCommit')
    while ((await shop.runTimers({ all: true })) > 0);
    const order = await read()
    assert.deepEqual([order.status, order.cancelReason, order.version], ['CANCELLED', 'TIMEOUT', 2])
  })

  test('a request past its deadline is not started', async () => {
    const buyer = shop.buyer()
    const held = shop.held().length
    const call = shop.as({ user: buyer, key: newId(), deadlineMs: 0 })
    await assert.rejects(shop.services['order.OrderService'].placeOrder(shop.wish(), call), {
      code: 'DEADLINE_EXCEEDED',
    })
    assert.equal(shop.held().length, held)
    assert.deepEqual(await ordersOf(buyer), [])
  })

  test('after all that the books are in order', async () => assert.deepEqual(await brokenBooks(shop), []))
})
