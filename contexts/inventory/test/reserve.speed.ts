// Reservations per second on one hot SKU at the inventory port, by number of clients: `node contexts/inventory/test/reserve.speed.ts`.
// Prints, asserts nothing.
import { newId, systemClock } from '@souk/kernel'
import { type Call, createDb, createMetrics, createOutbox, createPool, silentLog, systemCall } from '@souk/platform'
import { createTestDatabase } from '@souk/platform/testing'
import { inventory } from '../src/index.ts'

const seconds = 5
const database = await createTestDatabase([inventory])
const pool = createPool({ url: database.url, max: 10, name: 'speed' })
const outbox = createOutbox(
  () => [],
  () => {},
)
const { services, prepare } = inventory.build({
  db: createDb({ pool, context: 'inventory', clock: systemClock, outbox }),
  clock: systemClock,
  clients: {},
  config: { lowStock: 5 },
  log: silentLog,
  metrics: createMetrics(),
  failpoint: async () => {},
})
const service = services['inventory.InventoryService']
const stock = services['inventory.StockService']
const as = (): Call => systemCall('order')
await prepare?.()
await stock?.receiveStock({ lines: [{ skuId: 'hot', quantity: 1e9 }], reference: 'first', reason: '' }, as())

const one = async (): Promise<number> => {
  const started = performance.now()
  await service?.reserveStock(
    {
      orderId: newId(),
      attempt: 1,
      lines: [{ skuId: 'hot', quantity: 1 }],
      expiresInSeconds: 300,
      replacesOrderId: undefined,
    },
    as(),
  )
  return performance.now() - started
}

for (const clients of [16, 64, 256, 512]) {
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) times.push(await one())
    }),
  )
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)]?.toFixed(1)
  console.log(`${clients} clients: ${Math.round(times.length / seconds)}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`)
}
await pool.end()
await database.drop()
