// Additions to carts per second, neighbours answering at once: `node contexts/cart/test/add.speed.ts`. Prints only.
import { newId, systemClock } from '@souk/kernel'
import { createDb, createOutbox, createPool, silentLog } from '@souk/platform'
import { callAs, createTestDatabase } from '@souk/platform/testing'
import { createDeps } from '../src/deps.ts'
import { cart } from '../src/index.ts'
import { addItem } from '../src/service/add-item.ts'

const seconds = 5
const database = await createTestDatabase([cart])
const pool = createPool({ url: database.url, max: 10, name: 'speed' })
const outbox = createOutbox(
  () => [],
  () => {},
)
const price = { currency: 'CNY', amount: 100 }
const about = {
  productId: 'p',
  code: 'c',
  productSlug: 's',
  name: 'n',
  options: {},
  image: '',
  merchantId: 'm',
  hue: 210,
  weight: 0,
}
const add = addItem(
  createDeps({
    db: createDb({ pool, context: 'cart', clock: systemClock, outbox }),
    clock: systemClock,
    clients: {
      'catalog.CatalogPriceService': {
        quoteSkus: async ({ skuIds }) => ({
          quotes: skuIds.map((skuId) => ({ skuId, price, buyable: true, availability: 'IN_STOCK', ...about })),
        }),
      },
      'inventory.StockService': {
        listAvailability: async ({ skuIds }) => ({
          skus: skuIds.map((skuId) => ({ skuId, available: 9, band: 'IN_STOCK', version: 1 })),
        }),
        receiveStock: async () => ({ skus: [] }),
      },
    },
    log: silentLog,
    failpoint: async () => {},
    currency: 'CNY',
  }),
)
const skus = Array.from({ length: 20 }, () => newId())

const one = async (user: string): Promise<number> => {
  const started = performance.now()
  const skuId = skus[Math.floor(Math.random() * skus.length)] ?? ''
  await add({ skuId, quantity: 1, cartToken: '' }, callAs({ user }))
  return performance.now() - started
}

for (const clients of [16, 64, 256]) {
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const user = newId()
        for (let i = 0; i < 3; i++) times.push(await one(user))
      }
    }),
  )
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)]?.toFixed(1)
  console.log(`${clients} clients: ${Math.round(times.length / seconds)}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`)
}
await pool.end()
await database.drop()
