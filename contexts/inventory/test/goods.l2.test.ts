import { deepEqual, doesNotMatch, equal, match, rejects } from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { AdjustStockRequest } from '@souk/contract/inventory'
import { faultOf, newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { openingStatements } from '../src/store/books.ts'
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

const refused = (code: string, params?: object) => (error: unknown) => {
  const found = faultOf(error)
  equal(found?.code, code)
  if (params) deepEqual(found?.params, params)
  return true
}
const warehouseman = (change = {}) =>
  shop.app.as({ user: newId(), roles: ['warehouse'], key: newId(), steppedUp: true, ...change })
const admin = () => shop.app.services['inventory.InventoryAdminService']
const adjust = (skuId: string, delta: number, change: Partial<AdjustStockRequest> = {}, call = warehouseman()) =>
  admin().adjustStock({ warehouseId: undefined, skuId, delta, reason: '盘点', ...change }, call)

test('a new database has a default warehouse', async () => {
  const { warehouses } = await admin().listWarehouses({}, warehouseman())
  deepEqual(
    warehouses.map(({ code, isDefault }) => [code, isDefault]),
    [['main', true]],
  )
})

test('receipt: once per reference and SKU, the SKU known from then on', async () => {
  const [a, b] = [newId(), newId()]
  await rejects(shop.band(a), refused('NOT_FOUND'))
  const first = await shop.receive({ [a]: 7, [b]: 0 }, 'import-1')
  deepEqual(
    new Map(first.skus.map((sku) => [sku.skuId, [sku.available, sku.band, sku.version]])),
    new Map([
      [a, [7, 'IN_STOCK', 1]],
      [b, [0, 'OUT_OF_STOCK', 1]],
    ]),
  )
  await shop.receive({ [a]: 7, [b]: 0 }, 'import-1')
  deepEqual(await shop.stock(a), [[7, 0, 0]])
  await shop.receive({ [a]: 1 }, 'import-2')
  deepEqual(await shop.stock(a), [[8, 0, 0]])
  deepEqual(await shop.saidOf(b), ['AvailabilityChanged'])
})

test('5,000 SKUs in one receipt, a repeat adds nothing', async () => {
  const stock = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`bulk-${i}`, i % 7]))
  equal((await shop.receive(stock, 'bulk')).skus.length, 5000)
  await shop.receive(stock, 'bulk')
  deepEqual(await shop.stock('bulk-6'), [[6, 0, 0]])
})

test('two receipts of one new SKU at once', async () => {
  const sku = newId()
  await Promise.all([shop.receive({ [sku]: 3 }, 'x'), shop.receive({ [sku]: 4 }, 'y'), shop.receive({ [sku]: 3 }, 'x')])
  deepEqual(await shop.stock(sku), [[7, 0, 0]])
})

test('adjusting: ledger, audit row, band; once per key', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 10 })
  const call = warehouseman()
  const first = await adjust(sku, -8, {}, call)
  deepEqual(await adjust(sku, -8, {}, call), first)
  deepEqual(
    first.warehouses.map((w) => [w.onHand, w.available]),
    [[2, 2]],
  )
  equal(await shop.band(sku), 'LOW')
  const audit = await shop.app.db.all<{
    actor: string
    action: string
    before: unknown
    after: unknown
    reason: string
  }>(sql`select actor, action, before, after, reason from ${shop.app.db.schema}.audit where target like ${`${sku}@%`}`)
  deepEqual(
    audit.map(({ actor: _, ...row }) => row),
    [{ action: 'stock.adjust', before: { onHand: 10 }, after: { onHand: 2 }, reason: '盘点' }],
  )
  match(audit[0]?.actor ?? '', /^user:/)
})

test('adjusting is refused: below what is promised, by zero, for unknown SKUs and warehouses, without step-up', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 5 })
  await shop.reserve({ [sku]: 3 })
  await rejects(adjust(sku, -3), refused('OUT_OF_STOCK', { skuId: sku, available: 2 }))
  await rejects(adjust(sku, 0), refused('VALIDATION_FAILED'))
  await rejects(adjust('nothing', 1), refused('NOT_FOUND'))
  await rejects(adjust(sku, 1, { warehouseId: newId() }), refused('NOT_FOUND'))
  await rejects(adjust(sku, 1, { warehouseId: 'main' }), refused('NOT_FOUND'))
  await rejects(adjust(sku, 1, {}, warehouseman({ steppedUp: false })), refused('STEP_UP_REQUIRED'))
  await rejects(adjust(sku, 1, {}, warehouseman({ roles: ['support'] })), refused('FORBIDDEN'))
  deepEqual(await shop.stock(sku), [[5, 3, 0]])
})

test('a second warehouse: its own stock, one public band, orders may draw from both', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 2 })
  const far = await admin().createWarehouse({ code: `far-${sku.slice(-6)}`, name: '深圳仓' }, warehouseman())
  await rejects(
    admin().createWarehouse({ code: far.code, name: 'again' }, warehouseman()),
    refused('VALIDATION_FAILED'),
  )
  await adjust(sku, 6, { warehouseId: far.id })
  equal(await shop.band(sku), 'IN_STOCK')
  const single = await shop.reserve({ [sku]: 5 })
  deepEqual(
    single.lines.map((line) => [line.warehouseId, line.quantity]),
    [[far.id, 5]],
  )
  const { orderId, lines } = await shop.reserve({ [sku]: 3 })
  equal(lines.length, 2)
  equal(await shop.band(sku), 'OUT_OF_STOCK')
  await shop.paid(orderId, { [sku]: 3 })
  for (const line of lines) {
    equal((await shop.reserve({ [sku]: 3 }, { orderId })).state, 'COMMITTED')
    await shop.shipped(orderId, line.warehouseId, { [sku]: line.quantity })
  }
  equal((await shop.reserve({ [sku]: 3 }, { orderId })).state, 'SHIPPED')
})

test('a new warehouse row and reservations at once: the band is right in the end', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 20 })
  const far = await admin().createWarehouse({ code: `new-${sku.slice(-6)}`, name: 'new' }, warehouseman())
  await Promise.all([
    ...Array.from({ length: 20 }, () => shop.reserve({ [sku]: 1 })),
    adjust(sku, 3, { warehouseId: far.id }),
  ])
  equal(await shop.band(sku), 'LOW')
})

test('the ledger pages by key, newest first; a foreign page token is refused', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 1 })
  for (let i = 0; i < 4; i++) await adjust(sku, 1, { reason: `n${i}` })
  const list = (pageSize: number, pageToken = '') =>
    admin().listMovements({ skuId: sku, pageSize, pageToken }, warehouseman())
  const first = await list(3)
  const second = await list(3, first.nextPageToken)
  deepEqual(
    [...first.movements, ...second.movements].map((m) => m.reason),
    ['n3', 'n2', 'n1', 'n0', 'first stock'],
  )
  equal(second.nextPageToken, '')
  for (const token of ['x', Buffer.from('["no id"]').toString('base64url')])
    await rejects(list(3, token), refused('VALIDATION_FAILED'))
  await rejects(
    admin().listMovements({ skuId: 'nothing', pageSize: 0, pageToken: '' }, warehouseman()),
    refused('NOT_FOUND'),
  )
})

test('the ledger cannot be rewritten by the service', async () => {
  const { db } = shop.app
  await rejects(db.run(sql`update ${db.schema}.movement set quantity = 1`), /permission denied/)
  await rejects(db.run(sql`delete from ${db.schema}.movement`), /permission denied/)
})

test('the database itself refuses to oversell', async () => {
  const sku = newId()
  const { db } = shop.app
  await shop.receive({ [sku]: 1 })
  await rejects(db.run(sql`update ${db.schema}.stock set reserved = 2 where sku_id = ${sku}`), /stock_sound/)
})

test('every statement of the hot path goes by index', async () => {
  const { db } = shop.app
  await shop.receive(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`plan-${i}`, 1])))
  const { orderId } = await shop.reserve({ 'plan-1': 1 })
  const { lock, levels, holds } = openingStatements(db.schema, { skuIds: ['plan-1', 'plan-2'], orderIds: [orderId] })
  const due = sql`select order_id from ${db.schema}.hold where state = 'HELD' and check_at <= now() order by check_at limit 100`
  await db.tx(async (tx) => {
    // The tables of holds are small here; what matters is that an index can serve them.
    await tx.run(sql`set local enable_seqscan = off`)
    for (const statement of [lock, levels, holds, due]) {
      const plan = await tx.all<{ 'QUERY PLAN': string }>(sql`explain ${statement}`)
      const text = plan.map((row) => row['QUERY PLAN']).join('\n')
      doesNotMatch(text, /Seq Scan on (stock|sku|hold|hold_line)\b/)
    }
  })
})
