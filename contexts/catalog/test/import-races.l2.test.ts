import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from '@souk/platform'
import { heldUp } from '@souk/platform/testing'
import { file, simple } from './csv-lines.ts'
import { openShop } from './shop.ts'

describe('imports beside other writers', () => {
  let it: Awaited<ReturnType<typeof openShop>>
  before(async () => {
    it = await openShop()
  })
  after(() => it.close())

  const take = async (text: string): Promise<string> =>
    (await it.admin.importProducts(await it.upload(text), it.staff())).jobId

  const finish = async (id: string) => {
    const { state, done, failed, errors } = await it.finishImport(id)
    return { state, done, failed, errors: errors.map(({ message }) => message) }
  }

  const productsLike = async (slugs: string) =>
    (await it.app.db.one<{ count: number }>(
      sql`select count(*) as count from ${it.app.db.schema}.product where slug like ${slugs}`,
    ))!.count

  test('two imports of the same products at once end as one of them', async () => {
    const lines = Array.from({ length: 60 }, (_, n) => simple(`both-${n}`))
    const jobs = await Promise.all([file(...lines), file(...lines.toReversed())].map(take))
    deepEqual(
      [await finish(jobs[0]!), await finish(jobs[1]!)],
      Array(2).fill({ state: 'DONE', done: 60, failed: 0, errors: [] }),
    )
    equal(await productsLike('both-%'), 60)
  })

  for (const [moment, locked] of [
    ['after the codes were looked up', sql`product`],
    ['before anything was looked up', sql`sku`],
    ['after everything was looked up', undefined],
  ] as const)
    test(`a product that somebody else commits ${moment} is changed, not refused`, async () => {
      const { db } = it.app
      const slug = `late-${moment.replaceAll(' ', '-')}`
      const before = await finish(await take(file(simple(`${slug}-before`))))
      equal(before.done, 1)
      const job = await take(file(simple(slug, { 'Variant Price': '70' })))
      const written = Promise.withResolvers<void>()
      const commit = Promise.withResolvers<void>()
      const other = db.tx(async (tx) => {
        if (locked) await tx.run(sql`lock table ${db.schema}.${locked} in access exclusive mode`)
        await tx.run(sql`update ${db.schema}.product set slug = ${slug} where slug = ${`${slug}-before`}`)
        await tx.run(
          sql`update ${db.schema}.sku set code = ${slug.toUpperCase()} where code = ${`${slug}-before`.toUpperCase()}`,
        )
        written.resolve()
        await commit.promise
      })
      await written.promise
      const done = finish(job)
      const waited = await heldUp(db, done)
      commit.resolve()
      await other
      ok(waited, 'the import went past what was not committed yet')
      deepEqual(await done, { state: 'DONE', done: 1, failed: 0, errors: [] })
      const { skus } = await it.admin.getProductForStaff({ idOrSlug: slug }, it.staff())
      deepEqual(
        skus.map(({ code, price }) => [code, price?.amount]),
        [[slug.toUpperCase(), 7000]],
      )
    })
})
