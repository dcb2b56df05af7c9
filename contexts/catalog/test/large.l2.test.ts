import { deepEqual, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ListProductsRequest } from '@souk/contract/catalog'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import pg from 'pg'
import { listStatement } from '../src/store/listing.ts'
import { writeLargeFile } from './large-file.ts'
import { openShop } from './shop.ts'

describe('a catalog of thousands', () => {
  let it: Awaited<ReturnType<typeof openShop>>
  let products = 0
  before(async () => {
    it = await openShop()
    const path = join(it.dataDir, 'large.csv')
    products = (await writeLargeFile(path, 5000)).products
    const { jobId } = await it.admin.importProducts(
      { upload: { path, size: 0, contentType: 'text/csv', filename: 'large.csv' } },
      it.staff(),
    )
    const job = await it.finishImport(jobId)
    deepEqual([job.state, job.rows, job.done, job.failed, job.errors], ['DONE', 5000, products, 0, []])
    const client = new pg.Client(it.app.url)
    await client.connect()
    await client.query('analyze')
    await client.end()
  })
  after(() => it.close())

  test('every product of the file is in the shop once, whatever the order', async () => {
    const seen: string[] = []
    for (let pageToken = ''; ; ) {
      const page = await it.shop.listProducts(
        ListProductsRequest.fromPartial({ sort: 'price', pageSize: 100, pageToken }),
        it.app.as({}),
      )
      seen.push(...page.products.map(({ id }) => id))
      pageToken = page.nextPageToken
      if (pageToken === '') break
    }
    deepEqual([seen.length, new Set(seen).size], [products, products])
  })

  test('plans: a page of any order walks one index of its shelf, and words are found by theirs', async () => {
    const { db } = it.app
    const none = {
      category: '',
      brand: '',
      patterns: [],
      minPrice: undefined,
      maxPrice: undefined,
      sort: 'newest' as const,
      after: undefined,
      limit: 21,
    }
    const plan = async (more: object) =>
      (await db.all<{ 'QUERY PLAN': string }>(sql`explain ${listStatement(db.schema, { ...none, ...more })}`))
        .map((row) => row['QUERY PLAN'])
        .join('\n')
    const after = [1_900_000_000_000_000, newId()]
    for (const [more, index] of [
      [{}, 'listing_newest'],
      [{ after }, 'listing_newest'],
      [{ sort: 'price', after: [500, newId()] }, 'listing_price'],
      [{ sort: '-price' }, 'listing_price'],
      [{ sort: 'price', minPrice: 1000, maxPrice: 2000 }, 'listing_price'],
      [{ sort: 'name' }, 'listing_name'],
      [{ category: 'type-1' }, 'listing_newest'],
      [{ brand: 'Brand 3', sort: 'price' }, 'listing_price'],
    ] as const) {
      const text = await plan(more)
      ok(text.includes(index) && !/Seq Scan on (listing|product)/.test(text) && !/^\s*(->\s*)?Sort/m.test(text), text)
    }
    const found = await plan({ patterns: ['%thing 1234%'] })
    ok(found.includes('product_search') && !/Seq Scan on (listing|product)/.test(found), found)
  })
})
