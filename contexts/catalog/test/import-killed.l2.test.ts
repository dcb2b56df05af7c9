import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { file, simple } from './csv-lines.ts'
import { openShop } from './shop.ts'

describe('an import that is killed', () => {
  const text = file(
    ...Array.from({ length: 250 }, (_, n) => simple(`killed-${n}`)),
    simple('killed-3', { Title: 'Later' }),
  )

  for (const point of [
    'catalog.runImport.afterWrite',
    'catalog.finishProducts.afterReceive',
    'catalog.runImport.afterCheckpoint',
  ])
    test(`at ${point}, in the second batch: it ends as if nothing had happened`, async () => {
      let passed = 0
      const it = await openShop({
        failpoint: async (name) => {
          if (name === point && ++passed === 2) throw new Error('killed')
        },
      })
      try {
        const { jobId } = await it.admin.importProducts(await it.upload(text), it.staff())
        await it.app.runTimers({ all: true })
        equal((await it.job(jobId)).state, 'RUNNING')
        const job = await it.finishImport(jobId)
        deepEqual([job.state, job.rows, job.done, job.failed], ['DONE', 251, 251, 0])
        deepEqual(
          job.warnings.map(({ row }) => row),
          [252],
        )
        const facts = (await it.app.said()).map(({ type, aggregateId }) => `${type} ${aggregateId}`)
        equal(new Set(facts).size, facts.length)
        deepEqual([...it.inventory.stock.values()], Array<number>(250).fill(7))
      } finally {
        await it.close()
      }
    })
})
