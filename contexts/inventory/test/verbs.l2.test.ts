import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { faultOf, newId } from '@souk/kernel'
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
const key = (idempotencyKey?: string, requestHash = 'same') =>
  shop.app.as({ apiKey: 'k-erp', scopes: ['inventory:operate'], key: idempotencyKey, requestHash })
const warehouseman = (change = {}) =>
  shop.app.as({ user: newId(), roles: ['warehouse'], key: newId(), steppedUp: true, ...change })
const admin = () => shop.app.services['inventory.InventoryAdminService']

test('a hold from beginning to end', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 10 })
  const held = await shop.reserve({ [sku]: 4 }, { expiresInSeconds: 60 })
  equal(held.state, 'HELD')
  const left = Date.parse(held.expiresAt ?? '') - Date.now()
  ok(left > 0 && left < 120_000)
  await shop.paid(held.orderId, { [sku]: 4 })
  deepEqual(await shop.stock(sku), [[10, 0, 4]])
  await shop.shipped(held.orderId, held.lines[0]?.warehouseId ?? '', { [sku]: 4 })
  deepEqual(await shop.stock(sku), [[6, 0, 0]])
  deepEqual(await shop.saidOf(held.orderId), ['StockReserved', 'StockCommitted'])
  const { movements } = await admin().listMovements({ skuId: sku, pageSize: 0, pageToken: '' }, warehouseman())
  deepEqual(
    movements.map(({ kind, quantity, actor }) => [kind, quantity, actor]),
    [
      ['SALE', -4, 'system:fulfillment'],
      ['RECEIPT', 10, 'system:catalog'],
    ],
  )
})

test('out of stock names the SKU and what is left', async () => {
  const [a, b] = [newId(), newId()]
  await shop.receive({ [a]: 5, [b]: 2 })
  await rejects(shop.reserve({ [a]: 1, [b]: 3 }), refused('OUT_OF_STOCK', { skuId: b, available: 2 }))
  deepEqual(await shop.stock(a), [[5, 0, 0]])
})

test('the same SKU twice is one line', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 3 })
  const lines = [
    { skuId: sku, quantity: 2 },
    { skuId: sku, quantity: 2 },
  ]
  await rejects(shop.reserve({}, { lines }), refused('OUT_OF_STOCK', { skuId: sku, available: 3 }))
})

test('500 lines in one order', async () => {
  const skus = Array.from({ length: 500 }, () => newId())
  await shop.receive(Object.fromEntries(skus.map((sku) => [sku, 1])))
  const { orderId, lines } = await shop.reserve(Object.fromEntries(skus.map((sku) => [sku, 1])))
  equal(lines.length, 500)
  await shop.release(orderId)
  deepEqual(await shop.stock(skus[499] ?? ''), [[1, 0, 0]])
})

test('release frees, also what is committed; repeating is harmless', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 3 })
  const { orderId } = await shop.reserve({ [sku]: 3 })
  await shop.commit(orderId)
  equal((await shop.commit(orderId)).state, 'COMMITTED')
  equal((await shop.release(orderId)).state, 'RELEASED')
  equal((await shop.release(orderId)).state, 'RELEASED')
  await rejects(shop.commit(orderId), refused('ILLEGAL_TRANSITION'))
  await rejects(shop.release(newId()), refused('NOT_FOUND'))
  await rejects(shop.release('no-uuid'), refused('NOT_FOUND'))
  deepEqual(await shop.stock(sku), [[3, 0, 0]])
})

test('an id written in capitals is the same order; what is no UUID is refused', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 3 })
  const { orderId } = await shop.reserve({ [sku]: 1 })
  equal((await shop.reserve({ [sku]: 1 }, { orderId: orderId.toUpperCase() })).orderId, orderId)
  await shop.reserve({ [sku]: 3 }, { replacesOrderId: orderId.toUpperCase() })
  equal((await shop.release(orderId.toUpperCase())).state, 'RELEASED')
  await rejects(shop.reserve({ [sku]: 1 }, { orderId: 'x' }), refused('VALIDATION_FAILED'))
})

test('a shipped hold cannot be released', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 1 })
  const { orderId, lines } = await shop.reserve({ [sku]: 1 })
  await shop.commit(orderId)
  await shop.shipped(orderId, lines[0]?.warehouseId ?? '', { [sku]: 1 })
  await rejects(shop.release(orderId), refused('ILLEGAL_TRANSITION'))
})

test('who may operate: services and API keys with the scope, not even administrators', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 9 })
  for (const [call, code] of [
    [shop.app.as({}), 'UNAUTHENTICATED'],
    [shop.app.as({ user: newId(), roles: ['admin', 'warehouse'] }), 'FORBIDDEN'],
    [shop.app.as({ apiKey: 'k', scopes: ['inventory:read'] }), 'FORBIDDEN'],
  ] as const) {
    await rejects(shop.reserve({ [sku]: 1 }, {}, call), refused(code))
    await rejects(shop.release(newId(), call), refused(code))
    await rejects(shop.commit(newId(), call), refused(code))
  }
  equal((await shop.reserve({ [sku]: 1 }, {}, key())).state, 'HELD')
})

test("an API key does not see an order's hold", async () => {
  const sku = newId()
  await shop.receive({ [sku]: 9 })
  const { orderId } = await shop.reserve({ [sku]: 1 })
  await rejects(shop.release(orderId, key()), refused('NOT_FOUND'))
  await rejects(shop.commit(orderId, key()), refused('NOT_FOUND'))
  await rejects(shop.reserve({ [sku]: 1 }, { orderId }, key()), refused('HOLD_CONFLICT'))
  const other = await shop.reserve({ [sku]: 1 }, { replacesOrderId: orderId }, key())
  equal(other.state, 'HELD')
  deepEqual(await shop.stock(sku), [[9, 2, 0]])
  await rejects(shop.reserve({ [sku]: 1 }, { orderId: sku }, key()), refused('VALIDATION_FAILED'))
})

test('an idempotency key: same answer, also of a refusal; another body is refused', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 2 })
  const [orderId, word] = [newId(), newId()]
  const first = await shop.reserve({ [sku]: 2 }, { orderId }, key(word))
  deepEqual(await shop.reserve({ [sku]: 2 }, { orderId }, key(word)), first)
  await rejects(shop.reserve({ [sku]: 1 }, { orderId }, key(word, 'other')), refused('IDEMPOTENCY_KEY_REUSED'))
  const second = newId()
  await rejects(shop.reserve({ [sku]: 1 }, {}, key(second)), refused('OUT_OF_STOCK'))
  await shop.release(orderId, key(newId()))
  await rejects(shop.reserve({ [sku]: 1 }, {}, key(second)), refused('OUT_OF_STOCK'))
  deepEqual(await shop.stock(sku), [[2, 0, 0]])
})

test('the public sees a word, staff see numbers', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 5 })
  deepEqual(await shop.app.services['inventory.InventoryService'].getAvailability({ skuId: sku }, shop.app.as()), {
    skuId: sku,
    availability: 'LOW',
  })
  const { warehouses } = await admin().getStock({ skuId: sku }, warehouseman())
  deepEqual(
    warehouses.map(({ warehouseId: _, ...numbers }) => numbers),
    [{ onHand: 5, reserved: 0, allocated: 0, available: 5, safetyStock: 0 }],
  )
  await rejects(admin().getStock({ skuId: 'nothing' }, warehouseman()), refused('NOT_FOUND'))
  await rejects(admin().getStock({ skuId: sku }, shop.app.as({ user: newId() })), refused('FORBIDDEN'))
})

test('safety stock is kept from buyers, and the public word follows at once', async () => {
  const sku = newId()
  await shop.receive({ [sku]: 9 })
  const keep = (safetyStock: number, change: { skuId?: string; warehouseId?: string } = {}, call = warehouseman()) =>
    admin().setSafetyStock({ skuId: sku, safetyStock, ...change }, call)
  const { warehouses } = await keep(7)
  deepEqual(
    warehouses.map(({ onHand, available, safetyStock }) => [onHand, available, safetyStock]),
    [[9, 2, 7]],
  )
  const publicWord = async () =>
    (await shop.app.services['inventory.InventoryService'].getAvailability({ skuId: sku }, shop.app.as())).availability
  equal(await publicWord(), 'LOW')
  await rejects(shop.reserve({ [sku]: 3 }), refused('OUT_OF_STOCK', { skuId: sku, available: 2 }))
  const held = await shop.reserve({ [sku]: 2 })
  deepEqual(await keep(100).then((answer) => answer.warehouses[0]?.reserved), 2)
  equal(await publicWord(), 'OUT_OF_STOCK')
  await shop.paid(held.orderId, { [sku]: 2 })
  await keep(0)
  equal(await publicWord(), 'IN_STOCK')
  deepEqual(await shop.saidOf(sku), Array(4).fill('AvailabilityChanged'))
  await rejects(keep(1, { skuId: 'nothing' }), refused('NOT_FOUND'))
  await rejects(keep(1, { warehouseId: newId() }), refused('NOT_FOUND'))
  await rejects(keep(1, {}, shop.app.as({ user: newId(), roles: ['catalog'] })), refused('FORBIDDEN'))
})

test('bulk availability leaves out what is unknown and answers each SKU once', async () => {
  const [a, b] = [newId(), newId()]
  await shop.receive({ [a]: 9, [b]: 0 })
  const stock = shop.app.services['inventory.StockService']
  const { skus } = await stock.listAvailability({ skuIds: [b, 'unknown', a, a] }, shop.order())
  deepEqual(skus, [
    { skuId: b, available: 0, band: 'OUT_OF_STOCK', version: 1 },
    { skuId: a, available: 9, band: 'IN_STOCK', version: 1 },
  ])
  deepEqual(await stock.listAvailability({ skuIds: [] }, shop.order()), { skus: [] })
  await rejects(
    stock.listAvailability({ skuIds: [a] }, shop.app.as({ user: newId(), roles: ['admin'] })),
    refused('FORBIDDEN'),
  )
})
