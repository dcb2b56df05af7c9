import { newId } from '@souk/kernel'
import { startContext } from '@souk/platform/testing'
import { inventory } from '../src/index.ts'
import { callAs } from '@souk/platform/testing'

const app = await startContext(inventory)
const stock = app.services['inventory.StockService']
const service = app.services['inventory.InventoryService']
const as = () => app.as({ service: 'order', deadlineMs: 60_000 })
await stock.receiveStock({ lines: [{ skuId: 'hot', quantity: 100_000_000 }], reference: 'r', reason: '' }, as())
for (const clients of [64, 256, 512]) {
  let done = 0
  const until = Date.now() + 4000
  const started = Date.now()
  const lat: number[] = []
  await Promise.all(Array.from({ length: clients }, async () => {
    while (Date.now() < until) {
      const t = performance.now()
      await service.reserveStock({ orderId: newId(), lines: [{ skuId: 'hot', quantity: 1 }], attempt: 1, expiresInSeconds: 300, replacesOrderId: undefined }, as())
      lat.push(performance.now() - t)
      done++
    }
  }))
  lat.sort((a, b) => a - b)
  console.log(clients, Math.round(done / ((Date.now() - started) / 1000)), 'per second; p50', lat[lat.length >> 1]?.toFixed(1), 'p99', lat[Math.floor(lat.length * .99)]?.toFixed(1))
}
await app.close()

