/**
 * How fast and in how much memory a large product file is imported, and how many quotes a second are served:
 * `node contexts/catalog/test/import.speed.ts [rows]`.
 */
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { describe, test } from 'node:test'
import { ListAllProductsRequest } from '@souk/contract/catalog'
import { writeLargeFile } from './large-file.ts'
import { openShop } from './shop.ts'

const rows = Number(process.argv[2] ?? 50_000)
const say = (text: string) => process.stderr.write(`${text}\n`)
const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`

describe('speed', () => {
  test('a large import, then quotes', async () => {
    const it = await openShop()
    const path = join(it.dataDir, 'large.csv')
    const { products } = await writeLargeFile(path, rows)
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 50)
    const idle = process.memoryUsage().rss
    const started = performance.now()
    const { jobId } = await it.admin.importProducts(
      { upload: { path, size: 0, contentType: 'text/csv', filename: 'large.csv' } },
      it.staff(),
    )
    const job = await it.finishImport(jobId)
    const seconds = (performance.now() - started) / 1000
    clearInterval(watch)
    say(
      `${job.state}: ${rows} rows, ${products} products in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s; memory ${megabytes(idle)} → ${megabytes(peak)}`,
    )

    const page = await it.admin.listAllProducts(ListAllProductsRequest.fromPartial({ pageSize: 100 }), it.staff())
    const ids = page.products.flatMap(({ skus }) => skus.map(({ id }) => id))
    for (const clients of [1, 64, 256]) {
      const until = performance.now() + 4000
      let served = 0
      await Promise.all(
        Array.from({ length: clients }, async (_, client) => {
          for (let n = client; performance.now() < until; n++, served++)
            await it.prices.quoteSkus(
              { skuIds: [ids[n % ids.length]!, ids[(n * 7) % ids.length]!], locale: 'en' },
              it.app.as({ service: 'order' }),
            )
        }),
      )
      say(`quotes of two SKUs, ${clients} clients: ${Math.round(served / 4)}/s`)
    }
    await it.close()
  })
})
