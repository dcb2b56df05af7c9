import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { newId } from '@souk/kernel'
import { createMetrics, silentLog, sql } from '@souk/platform'
import { createDeps } from '../src/deps.ts'
import { meetDueHolds } from '../src/service/meet-due-holds.ts'
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

const key = () => shop.app.as({ apiKey: 'k-erp', scopes: ['inventory:operate'] })
const stateOf = async (orderId: string) =>
  (
    await shop.app.db.all<{ state: string; attached: boolean }>(
      sql`select state, attached from ${shop.app.db.schema}.hold where order_id = ${orderId}::uuid order by attempt`,
    )
  ).map((row) => row.state + (row.attached ? ' attached' : ''))
const held = async (quantity = 1, call = shop.order()) => {
  const sku = newId()
  await shop.receive({ [sku]: quantity })
  return { sku, ...(await shop.reserve({ [sku]: quantity }, {}, call)) }
}
/** Moves a hold's times into the past, as if it had been made earlier. */
const later = (orderId: string, seconds: number) =>
  shop.app.db.run(sql`
    update ${shop.app.db.schema}.hold set expires_at = expires_at - make_interval(secs => ${seconds}), check_at = check_at - make_interval(secs => ${seconds})
    where order_id = ${orderId}::uuid`)
const meet = () =>
  meetDueHolds(
    createDeps({
      db: shop.app.db,
      lowStock: 5,
      log: silentLog,
      metrics: createMetrics(),
      failpoint: async (name) => failpoints.get(name)?.(),
    }),
  )()

test('paid: committed; heard twice: nothing more', async () => {
  const { sku, orderId } = await held(2)
  const fact = {
    type: 'order.OrderPaid' as const,
    eventId: newId(),
    aggregateId: orderId,
    aggregateVersion: 2,
    payload: { orderId, buyerId: newId(), lines: [{ skuId: sku, quantity: 2 }] },
  }
  await shop.app.hear(fact)
  await shop.app.hear(fact)
  await shop.paid(orderId, { [sku]: 2 }, 'order.OrderAccepted')
  deepEqual(await shop.stock(sku), [[2, 0, 2]])
  deepEqual(await shop.saidOf(orderId), ['StockReserved', 'StockCommitted'])
})

test('accepted for payment on delivery: committed', async () => {
  const { sku, orderId } = await held()
  await shop.paid(orderId, { [sku]: 1 }, 'order.OrderAccepted')
  deepEqual(await stateOf(orderId), ['COMMITTED'])
})

test('paid after the hold is gone: taken again while there is stock', async () => {
  const { sku, orderId } = await held()
  await shop.release(orderId)
  await shop.paid(orderId, { [sku]: 1 })
  deepEqual(await stateOf(orderId), ['RELEASED', 'COMMITTED'])
  deepEqual(await shop.saidOf(orderId), ['StockReserved', 'StockReleased', 'StockReserved', 'StockCommitted'])
})

test('paid after the stock is gone: the failure is said, once, and the cancellation that follows changes nothing', async () => {
  const { sku, orderId } = await held()
  await shop.release(orderId)
  await shop.reserve({ [sku]: 1 })
  await shop.paid(orderId, { [sku]: 1 })
  await shop.cancelled(orderId)
  deepEqual(await stateOf(orderId), ['RELEASED', 'RELEASED'])
  deepEqual(await shop.saidOf(orderId), ['StockReserved', 'StockReleased', 'CommitFailed'])
  deepEqual(await shop.stock(sku), [[1, 1, 0]])
})

test('paid without a trace of a hold, nothing left: the failure is said', async () => {
  const orderId = newId()
  await shop.paid(orderId, { unknown: 1 })
  deepEqual(await shop.saidOf(orderId), ['CommitFailed'])
})

for (const committed of [false, true])
  test(`cancelled: ${committed ? 'committed' : 'held'} stock is free, and the band says so`, async () => {
    const { sku, orderId } = await held()
    if (committed) await shop.paid(orderId, { [sku]: 1 })
    equal(await shop.band(sku), 'OUT_OF_STOCK')
    await shop.cancelled(orderId)
    deepEqual(await shop.stock(sku), [[1, 0, 0]])
    equal(await shop.band(sku), 'LOW')
  })

test('cancelled without a hold: nothing', async () => {
  const orderId = newId()
  await shop.cancelled(orderId)
  deepEqual(await shop.saidOf(orderId), [])
})

test('an overdue hold: asked once after the grace, kept while needed, freed when not', async () => {
  const { sku, orderId } = await held()
  await later(orderId, 304)
  await meet()
  deepEqual(await shop.saidOf(orderId), ['StockReserved'])
  await later(orderId, 2)
  await meet()
  await meet()
  deepEqual(await shop.saidOf(orderId), ['StockReserved', 'HoldOverdue'])
  await shop.answered(orderId, true)
  deepEqual(await stateOf(orderId), ['HELD attached'])
  await later(orderId, 23 * 3600)
  await meet()
  deepEqual(await shop.saidOf(orderId), ['StockReserved', 'HoldOverdue'])
  await later(orderId, 2 * 3600)
  await meet()
  deepEqual(await shop.saidOf(orderId), ['StockReserved', 'HoldOverdue', 'HoldOverdue'])
  await shop.answered(orderId, false)
  deepEqual(await stateOf(orderId), ['EXPIRED attached'])
  deepEqual(await shop.stock(sku), [[1, 0, 0]])
})

test('the answer to an ended hold does not meet its fresh successor', async () => {
  const { sku, orderId } = await held()
  await later(orderId, 400)
  await meet()
  await shop.release(orderId)
  await shop.reserve({ [sku]: 1 }, { orderId, attempt: 2 })
  await shop.answered(orderId, false)
  deepEqual(await stateOf(orderId), ['RELEASED', 'HELD'])
})

test("an API key's hold ends by the clock, without asking", async () => {
  const { sku, orderId } = await held(1, key())
  await later(orderId, 301)
  await meet()
  deepEqual(await stateOf(orderId), ['EXPIRED'])
  deepEqual(await shop.saidOf(orderId), ['StockReserved', 'StockReleased'])
  deepEqual(await shop.stock(sku), [[1, 0, 0]])
})

test('250 holds due at once, one of them broken: the others are met', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 251 })
  const holds: Awaited<ReturnType<typeof shop.reserve>>[] = []
  while (holds.length < 250)
    holds.push(...(await Promise.all(Array.from({ length: 25 }, () => shop.reserve({ [sku]: 1 }, {}, key())))))
  const broken = await held(1, key())
  const { db } = shop.app
  for (const { orderId } of [...holds, broken]) await later(orderId, 400)
  const setReserved = (count: number) =>
    db.run(sql`update ${db.schema}.stock set reserved = ${count} where sku_id = ${broken.sku}`)
  await setReserved(0)
  for (let round = 0; round < 4; round++) await meet()
  deepEqual(await shop.stock(sku), [[251, 0, 0]])
  deepEqual(await stateOf(broken.orderId), ['HELD'])
  await setReserved(1)
  await meet()
  deepEqual(await stateOf(broken.orderId), ['EXPIRED'])
})

test('expiry and payment at once, 20 rounds: the stock is committed once either way', async () => {
  for (let round = 0; round < 20; round++) {
    const { sku, orderId } = await held()
    await later(orderId, 400)
    await Promise.all([shop.answered(orderId, false), shop.paid(orderId, { [sku]: 1 })])
    deepEqual(await shop.stock(sku), [[1, 0, 1]])
    equal((await stateOf(orderId)).filter((state) => state === 'COMMITTED').length, 1)
  }
})

test('shipped before anything was committed: not applied, so that somebody looks', async () => {
  const { sku, orderId, lines } = await held()
  await rejects(shop.shipped(orderId, lines[0]?.warehouseId ?? '', { [sku]: 1 }), /no committed stock/)
  deepEqual(await shop.stock(sku), [[1, 1, 0]])
})

test('shipped twice by a redelivered fact: once', async () => {
  const { sku, orderId, lines } = await held(2)
  await shop.paid(orderId, { [sku]: 2 })
  const shipmentId = newId()
  const payload = {
    shipmentId,
    orderId,
    groupId: newId(),
    warehouseId: lines[0]?.warehouseId ?? '',
    lines: [{ skuId: sku, quantity: 1 }],
  }
  const fact = {
    type: 'fulfillment.ShipmentShipped' as const,
    eventId: newId(),
    aggregateId: shipmentId,
    aggregateVersion: 1,
    payload,
  }
  await shop.app.hear(fact)
  await shop.app.hear(fact)
  deepEqual(await shop.stock(sku), [[1, 0, 1]])
  deepEqual(await stateOf(orderId), ['COMMITTED'])
})

for (const [name, play] of [
  ['commitOrder', (sku: string, orderId: string) => shop.paid(orderId, { [sku]: 1 })],
  ['releaseOrder', (_: string, orderId: string) => shop.cancelled(orderId)],
  ['answerHold', (_: string, orderId: string) => shop.answered(orderId, false)],
] as const)
  test(`killed at inventory.${name}.beforeCommit: nothing has happened, the next delivery does it`, async () => {
    const { sku, orderId } = await held()
    await later(orderId, 400)
    failpoints.set(`inventory.${name}.beforeCommit`, async () => {
      throw new Error('killed')
    })
    await rejects(play(sku, orderId), /killed/)
    deepEqual(await shop.stock(sku), [[1, 1, 0]])
    failpoints.clear()
    await play(sku, orderId)
    deepEqual((await shop.saidOf(orderId)).length, 2)
  })
