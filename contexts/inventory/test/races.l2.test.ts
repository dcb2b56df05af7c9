import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { fault, faultOf, newId } from '@souk/kernel'
import { CommitUnknown, createMetrics, createPool, silentLog, sql } from '@souk/platform'
import { createDeps } from '../src/deps.ts'
import { reserveStock } from '../src/service/reserve-stock.ts'
import { checkInvariants, failpoints, openShop, type Shop } from './shop.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.app.close())
afterEach(async () => {
  failpoints.clear()
  await checkInvariants(shop.app)
})

const codes = (results: PromiseSettledResult<unknown>[]) => {
  const counts: Record<string, number> = {}
  for (const result of results) {
    const code = result.status === 'fulfilled' ? 'ok' : (faultOf(result.reason)?.code ?? String(result.reason))
    counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}
const many = (count: number, work: (i: number) => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: count }, (_, i) => work(i)))

/** The verb with a batcher of its own, as another process has one. */
const secondProcess = () =>
  reserveStock(
    createDeps({ db: shop.app.db, lowStock: 5, log: silentLog, metrics: createMetrics(), failpoint: async () => {} }),
  )

const request = (stock: Record<string, number>) => ({
  orderId: newId(),
  attempt: 1,
  lines: Object.entries(stock).map(([skuId, quantity]) => ({ skuId, quantity })),
  expiresInSeconds: 60,
  replacesOrderId: undefined,
})

test('1,000 buyers at once on 100 pieces: exactly 100', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 100 })
  deepEqual(codes(await many(1000, () => shop.reserve({ [sku]: 1 }))), { ok: 100, OUT_OF_STOCK: 900 })
  deepEqual(await shop.stock(sku), [[100, 100, 0]])
  equal(await shop.band(sku), 'OUT_OF_STOCK')
})

test('the hot SKU says its bands, not its reservations', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 300 })
  for (let i = 0; i < 10; i++) await shop.reserve({ [sku]: 1 })
  deepEqual(await shop.saidOf(sku), ['AvailabilityChanged'])
  await many(290, () => shop.reserve({ [sku]: 1 }))
  const facts = (await shop.app.said()).filter((fact) => fact.aggregateId === sku)
  const bands = facts.map((fact) => (fact.payload as { band: string }).band)
  deepEqual([bands[0], bands.at(-1)], ['IN_STOCK', 'OUT_OF_STOCK'])
  ok(bands.length <= 3, String(bands))
})

test('the last unit, 50 rounds of two at once: one each', async () => {
  for (let round = 0; round < 50; round++) {
    const sku = newId()
    await shop.receive({ [sku]: 1 })
    deepEqual(codes(await many(2, () => shop.reserve({ [sku]: 1 }))), { ok: 1, OUT_OF_STOCK: 1 })
  }
})

test('orders of three lines over 20 SKUs in any order, 32 at once in three processes: no deadlock, nothing oversold', async () => {
  const skus = Array.from({ length: 20 }, () => newId())
  await shop.receive(Object.fromEntries(skus.map((sku) => [sku, 30])))
  let place = 7
  const random = () => {
    place = (place * 48_271) % 2_147_483_647
    return place
  }
  const three = () => {
    const rest = [...skus]
    return Object.fromEntries(Array.from({ length: 3 }, () => [rest.splice(random() % rest.length, 1)[0], 1]))
  }
  const outcomes: PromiseSettledResult<unknown>[] = []
  const processes = [secondProcess(), secondProcess(), secondProcess()]
  await Promise.all(
    Array.from({ length: 32 }, async (_, buyer) => {
      for (let i = 0; i < 10; i++) {
        const held = processes[buyer % 3]?.(request(three()), shop.order())
        outcomes.push(...(await Promise.allSettled([held])))
      }
    }),
  )
  const { ok: held = 0, OUT_OF_STOCK: short = 0, ...rest } = codes(outcomes)
  deepEqual(rest, {})
  equal(held + short, 320)
  const sums = await Promise.all(skus.map((sku) => shop.stock(sku)))
  equal(
    sums.flat().reduce((sum, [, reserved]) => sum + (reserved ?? 0), 0),
    held * 3,
  )
  ok(sums.flat().every(([onHand = 0, reserved = 0]) => reserved <= onHand))
})

test('two processes over one database do not oversell either', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 50 })
  const elsewhere = secondProcess()
  const results = await many(200, (i) =>
    i % 2 ? shop.reserve({ [sku]: 1 }) : elsewhere(request({ [sku]: 1 }), shop.order()),
  )
  deepEqual(codes(results), { ok: 50, OUT_OF_STOCK: 150 })
})

test('the same request 50 times at once, over two processes: one hold, one answer', async () => {
  const sku = newId()
  const orderId = newId()
  await shop.receive({ [sku]: 50 })
  const elsewhere = secondProcess()
  const req = {
    orderId,
    attempt: 1,
    lines: [{ skuId: sku, quantity: 2 }],
    expiresInSeconds: 60,
    replacesOrderId: undefined,
  }
  const results = await many(50, (i) =>
    i % 2 ? shop.reserve({ [sku]: 2 }, { orderId, attempt: 1, expiresInSeconds: 60 }) : elsewhere(req, shop.order()),
  )
  deepEqual(codes(results), { ok: 50 })
  equal(new Set(results.map((r) => r.status === 'fulfilled' && JSON.stringify(r.value))).size, 1)
  deepEqual(await shop.stock(sku), [[50, 2, 0]])
  deepEqual(await shop.saidOf(orderId), ['StockReserved'])
})

test('one hostile request among 63 good ones harms only itself', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 100 })
  const bad = `nul${String.fromCharCode(0)}`
  const results = await many(64, (i) => shop.reserve({ [i === 31 ? bad : sku]: 1 }))
  deepEqual(codes(results), { ok: 63, INTERNAL: 1 })
  deepEqual(await shop.stock(sku), [[100, 63, 0]])
})

test('a buyer who replaces his own hold on the last unit is not refused, 20 rounds at once', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 20 })
  const buyers = await Promise.all(Array.from({ length: 20 }, () => shop.reserve({ [sku]: 1 })))
  const results = await many(20, (i) => shop.reserve({ [sku]: 1 }, { replacesOrderId: buyers[i]?.orderId }))
  deepEqual(codes(results), { ok: 20 })
  deepEqual(await shop.stock(sku), [[20, 20, 0]])
  for (const { orderId } of buyers) deepEqual(await shop.saidOf(orderId), ['StockReserved', 'StockReleased'])
})

test('one hold replaced by many at once: it gives its unit once', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 1 })
  const { orderId } = await shop.reserve({ [sku]: 1 })
  deepEqual(codes(await many(30, () => shop.reserve({ [sku]: 1 }, { replacesOrderId: orderId }))), {
    ok: 1,
    OUT_OF_STOCK: 29,
  })
})

test('commit, release, cancel and expiry at once: the hold leaves HELD once', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 40 })
  for (let round = 0; round < 20; round++) {
    const { orderId } = await shop.reserve({ [sku]: 1 })
    await shop.app.db.run(
      sql`update ${shop.app.db.schema}.hold set expires_at = now() - interval '1 minute' where order_id = ${orderId}::uuid`,
    )
    const racers = [
      () => shop.paid(orderId, { [sku]: 1 }),
      () => shop.release(orderId),
      () => shop.answered(orderId, false),
      () => shop.cancelled(orderId),
    ]
    await many(4, (i) => racers[(i + round) % 4]?.() ?? Promise.resolve())
    const facts = await shop.saidOf(orderId)
    // Paid after it was freed takes the stock again: a new attempt, never a second life of the first.
    const first = facts.findIndex((fact) => fact !== 'StockReserved')
    ok(['StockCommitted', 'StockReleased'].includes(facts[first] ?? ''), String(facts))
    await checkInvariants(shop.app)
  }
})

test('the connection dies at COMMIT: every member of the batch looks itself up', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 10 })
  const outside = createPool({ url: shop.app.url, max: 1, name: 'killer' })
  let killed = 0
  failpoints.set('inventory.reserve.beforeCommit', async () => {
    failpoints.clear()
    const { rowCount } = await outside.query(`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'`)
    killed = rowCount ?? 0
  })
  deepEqual(codes(await many(12, () => shop.reserve({ [sku]: 1 }))), { ok: 10, OUT_OF_STOCK: 2 })
  await outside.end()
  equal(killed, 1)
  deepEqual(await shop.stock(sku), [[10, 10, 0]])
})

test('the COMMIT succeeded but its answer was lost: the members find their holds', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 10 })
  failpoints.set('inventory.reserve.afterCommit', async () => {
    failpoints.clear()
    throw new CommitUnknown(new Error('lost'))
  })
  deepEqual(codes(await many(12, () => shop.reserve({ [sku]: 1 }))), { ok: 10, OUT_OF_STOCK: 2 })
  deepEqual(await shop.stock(sku), [[10, 10, 0]])
})

test('the database is gone for a moment: refused as unavailable, nothing half done', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 10 })
  failpoints.set('inventory.reserve.beforeCommit', async () => {
    throw fault('UNAVAILABLE')
  })
  deepEqual(codes(await many(5, () => shop.reserve({ [sku]: 1 }))), { UNAVAILABLE: 5 })
  deepEqual(await shop.stock(sku), [[10, 0, 0]])
})

test('killed after the commit, before the answer: the retry gets the hold', async () => {
  const sku = newId()
  const orderId = newId()
  await shop.receive({ [sku]: 1 })
  failpoints.set('inventory.reserve.afterCommit', async () => {
    throw new Error('killed')
  })
  await rejects(shop.reserve({ [sku]: 1 }, { orderId }))
  failpoints.clear()
  equal((await shop.reserve({ [sku]: 1 }, { orderId })).state, 'HELD')
  deepEqual(await shop.stock(sku), [[1, 1, 0]])
  deepEqual(await shop.saidOf(orderId), ['StockReserved'])
})

test('adjustments, receipts, reservations and shipments at once: the ledger still sums up', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 30 })
  const admin = shop.app.services['inventory.InventoryAdminService']
  const results = await many(40, async (i) => {
    if (i % 4 === 0)
      return admin.adjustStock(
        { warehouseId: undefined, skuId: sku, delta: i % 8 ? 3 : -2, reason: '盘点' },
        shop.app.as({ user: newId(), roles: ['warehouse'], key: newId(), steppedUp: true }),
      )
    if (i % 4 === 1) return shop.receive({ [sku]: 1 })
    const hold = await shop.reserve({ [sku]: 1 })
    await shop.paid(hold.orderId, { [sku]: 1 })
    return shop.shipped(hold.orderId, hold.lines[0]?.warehouseId ?? '', { [sku]: 1 })
  })
  deepEqual(codes(results), { ok: 40 })
  const [[onHand = 0, reserved, allocated] = []] = await shop.stock(sku)
  deepEqual([onHand, reserved, allocated], [30 + 5 * 3 - 5 * 2 + 10 - 20, 0, 0])
})
