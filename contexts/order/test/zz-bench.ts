import { createMetrics, silentLog, createPool, createDb, createOutbox, sql } from '@souk/platform'
import { newId, systemClock } from '@souk/kernel'
import { PlaceOrderRequest } from '@souk/contract/order'
import { createTestDatabase } from '@souk/platform/testing'
import { order } from '../src/index.ts'
import { createNeighbours } from './shop.ts'
import { address as a } from './given.ts'
const { id: _i, ...address } = a
const database = await createTestDatabase([order])
const pool = createPool({ url: database.url, max: 12, name: 'bench' })
const outbox = createOutbox(() => ['cart', 'inventory', 'payment'], () => {})
const db = createDb({ pool, context: 'order', clock: systemClock, outbox })
const n = createNeighbours()
n.prices.set('tea', 100); n.stock.set('tea', 1e9)
const built = order.build({ db, clock: systemClock, clients: n.clients as never, config: { paymentWindowMs: 9e5, preparationWindowMs: 3e5, timeZone: 'UTC' }, log: silentLog, metrics: createMetrics(), failpoint: async () => {} })
const service = built.services['order.OrderService']!
const buyers = Array.from({ length: 1000 }, newId)
const req = PlaceOrderRequest.fromPartial({ lines: [{ skuId: 'tea', quantity: 2 }], address })
const call = (user: string) => ({ actor: { kind: 'user' as const, id: user, roles: [], sessionId: '' }, deadline: Date.now() + 5000, traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01', idempotencyKey: newId(), requestHash: 'x', method: 'order.OrderService/PlaceOrder', locale: 'en' as const, address: '' })
const run = async (clients: number, ms: number) => {
  const end = Date.now() + ms
  let done = 0
  const lat: number[] = []
  const cpu = process.cpuUsage()
  await Promise.all(Array.from({ length: clients }, async () => { while (Date.now() < end) { const t = performance.now(); await service.placeOrder(req, call(buyers[done % 1000]!)); done++; lat.push(performance.now() - t) } }))
  const used = process.cpuUsage(cpu)
  lat.sort((x, y) => x - y)
  console.log(clients, 'clients', Math.round(done / ms * 1000), '/s p50', lat[lat.length >> 1]!.toFixed(1), 'p99', lat[Math.floor(lat.length * .99)]!.toFixed(1), 'node cpu', ((used.user + used.system) / 1e3 / ms).toFixed(2))
  return done
}
await run(64, 2000)
const before = await db.one<{ w: number }>(sql`select pg_current_wal_lsn() - '0/0' as w`)
const d = await run(64, 5000)
const after = await db.one<{ w: number }>(sql`select pg_current_wal_lsn() - '0/0' as w`)
console.log('wal bytes/order', Math.round((after!.w - before!.w) / d))
await run(256, 5000)
const [o] = await db.all<{ id: string; buyer_id: string }>(sql`select id, buyer_id from ${db.schema}.orders limit 1`)
{ const t = performance.now(); for (let i = 0; i < 300; i++) await service.getOrder({ id: o!.id }, call(o!.buyer_id)); console.log('get ms', (performance.now() - t) / 300) }
{ const t = performance.now(); for (let i = 0; i < 100; i++) await service.listOrders({ pageSize: 20, pageToken: '', status: 'UNSPECIFIED' }, call(o!.buyer_id)); console.log('list ms', (performance.now() - t) / 100) }
await pool.end()
await database.drop()
