import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { UpdateProductRequest } from '@souk/contract/catalog'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { cny, productInput } from './products.ts'
import { codeOf, openShop } from './shop.ts'

describe('a create that is killed', () => {
  for (const point of ['catalog.createProduct.afterInsert', 'catalog.finishProducts.afterReceive'])
    test(`at ${point}: the timer makes the product whole, its stock arrives once`, async () => {
      let killed = false
      const it = await openShop({
        failpoint: async (name) => {
          if (name !== point || killed) return
          killed = true
          throw new Error('killed')
        },
      })
      try {
        const call = () => it.staff({ user: '00000000-0000-7000-8000-000000000009', key: 'k' })
        const input = productInput({ name: 'Half made', publish: true })
        equal(await codeOf(it.admin.createProduct(input, call())), 'INTERNAL')
        equal((await it.admin.getProductForStaff({ idOrSlug: 'half-made' }, it.staff())).state, 'DRAFT')
        await it.app.runTimers({ all: true })
        const made = await it.shop.getProduct({ idOrSlug: 'half-made' }, it.app.as({}))
        deepEqual([...it.inventory.stock.values()], [10])
        equal((await it.admin.createProduct(input, call())).id, made.id)
        deepEqual(await it.factsOf(made), ['ProductPublished'])
      } finally {
        await it.close()
      }
    })

  test('an edit with a new SKU while inventory is down: the edit stands, the timer receives the stock', async () => {
    const it = await openShop()
    try {
      const product = await it.admin.createProduct(
        productInput({
          publish: true,
          skus: [{ code: newId(), options: { Size: 'S' }, price: cny(1), initialStock: 9 }],
        }),
        it.staff(),
      )
      it.inventory.state.down = true
      const skus = [{ code: newId(), options: { Size: 'M' }, price: cny(2), initialStock: 9 }]
      const edited = await it.admin.updateProduct(
        UpdateProductRequest.fromPartial({ id: product.id, version: 1, skus }),
        it.staff(),
      )
      deepEqual(
        edited.skus.map(({ availability }) => availability),
        ['IN_STOCK', 'OUT_OF_STOCK'],
      )
      it.inventory.state.down = false
      await it.app.runTimers({ all: true })
      const seen = await it.shop.getProduct({ idOrSlug: product.id }, it.app.as({}))
      deepEqual(
        seen.skus.map(({ availability }) => availability),
        ['IN_STOCK', 'IN_STOCK'],
      )
      deepEqual(await it.factsOf(product), ['ProductPublished', 'ProductChanged', 'ShownAvailabilityChanged'])
    } finally {
      await it.close()
    }
  })

  test('prices in another currency than the shop has cannot be published', async () => {
    const it = await openShop()
    try {
      const { id } = await it.admin.createProduct(productInput(), it.staff())
      await it.app.db.run(sql`update ${it.app.db.schema}.product set currency = 'USD' where id = ${id}::uuid`)
      equal(await codeOf(it.admin.publishProduct({ id }, it.staff())), 'NOT_PUBLISHABLE')
    } finally {
      await it.close()
    }
  })
})
