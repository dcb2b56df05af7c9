import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId, systemClock } from '@souk/kernel'
import type pg from 'pg'
import { createDb, type Db } from '../src/db/db.ts'
import { createPool } from '../src/db/pool.ts'
import { sql } from '../src/db/sql.ts'
import { createOutbox } from '../src/outbox/outbox.ts'
import { silentLog } from '../src/telemetry/log.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { createTimerWorker } from '../src/timers/worker.ts'

describe('durable timers', () => {
  let database: TestDatabase
  let pool: pg.Pool
  let db: Db
  const metrics = createMetrics()

  before(async () => {
    database = await createTestDatabase([{ name: 'source', migrations: new URL('fixture/bus/', import.meta.url) }])
    pool = createPool({ url: database.url, max: 20, name: 'timers test' })
    const outbox = createOutbox(
      () => [],
      () => {},
    )
    db = createDb({ pool, context: 'source', clock: systemClock, outbox })
  })
  after(async () => {
    await pool.end()
    await database.drop()
  })

  const idle = async (handlers: Parameters<typeof createTimerWorker>[0]['handlers']) => {
    const worker = createTimerWorker({ db, handlers, log: silentLog, metrics, pollMs: 3_600_000 })
    await worker.stop()
    return worker
  }
  const at = (ms: number) => new Date(Date.now() + ms)
  const schedule = (kind: string, dueAt: Date, aggregateId = newId()) =>
    db.tx((tx) => tx.schedule({ kind, aggregateId, dueAt, payload: { n: 1 } })).then(() => aggregateId)
  const left = async (kind: string) =>
    (await db.one<{ n: number }>(sql`select count(*)::int as n from ${db.schema}.timer where kind = ${kind}`))!.n

  test('what is due fires once over three workers, what is not due stays', async () => {
    const fired: string[] = []
    const handlers = { a: async ({ aggregateId }: { aggregateId: string }) => void fired.push(aggregateId) }
    const due = Array.from({ length: 120 }, newId)
    await db.tx((tx) => tx.schedule(...due.map((aggregateId) => ({ kind: 'a', aggregateId, dueAt: at(-1000) }))))
    await schedule('a', at(3_600_000))
    const workers = await Promise.all([idle(handlers), idle(handlers), idle(handlers)])
    await Promise.all(workers.map((worker) => worker.runDue()))
    for (const worker of workers) await worker.runDue()
    assert.deepEqual(fired.toSorted(), due.toSorted())
    assert.equal(await left('a'), 1)
  })

  test('a handler that throws is tried again later; one that schedules itself anew is kept', async () => {
    let broken = true
    let runs = 0
    const worker = await idle({
      b: async () => {
        runs++
        if (broken) throw new Error('not now')
      },
      c: async ({ aggregateId }) => db.tx((tx) => tx.schedule({ kind: 'c', aggregateId, dueAt: at(60_000) })),
    })
    await schedule('b', at(-1))
    await schedule('c', at(-1))
    await worker.runDue()
    assert.deepEqual([await left('b'), await left('c'), runs], [1, 1, 1])
    await worker.runDue()
    assert.equal(runs, 1, 'backs off')
    broken = false
    await db.run(sql`update ${db.schema}.timer set due_at = now() where kind = 'b'`)
    await worker.runDue()
    assert.deepEqual([await left('b'), await left('c'), runs], [0, 1, 2])
  })

  test('a later schedule moves the timer, unschedule removes it, a rolled back one never was', async () => {
    const id = await schedule('d', at(-1))
    await schedule('d', at(60_000), id)
    let fired = 0
    const worker = await idle({ d: async () => void fired++ })
    await worker.runDue()
    assert.equal(fired, 0)
    await db.tx((tx) => tx.unschedule('d', id))
    await assert.rejects(
      db.tx(async (tx) => {
        await tx.schedule({ kind: 'd', aggregateId: newId(), dueAt: at(-1) })
        throw new Error('rolled back')
      }),
    )
    assert.equal(await left('d'), 0)
  })

  test('a worker that was killed while firing is followed by another after its lock', async () => {
    const id = await schedule('e', at(-1))
    await db.run(
      sql`update ${db.schema}.timer set locked_until = now() + interval '1 minute' where aggregate_id = ${id}`,
    )
    let fired = 0
    const worker = await idle({ e: async () => void fired++ })
    await worker.runDue()
    assert.equal(fired, 0)
    await db.run(
      sql`update ${db.schema}.timer set locked_until = now() - interval '1 second' where aggregate_id = ${id}`,
    )
    await worker.runDue()
    assert.equal(fired, 1)
  })

  test('what a killed worker had claimed is all that is left: a running worker finds it by itself', async () => {
    const fired = Promise.withResolvers<void>()
    await db.run(sql`delete from ${db.schema}.timer`)
    const id = await schedule('g', at(-1))
    await db.run(
      sql`update ${db.schema}.timer set locked_until = now() + interval '300 milliseconds' where aggregate_id = ${id}`,
    )
    const handlers = { g: async () => fired.resolve() }
    const worker = createTimerWorker({ db, handlers, log: silentLog, metrics, pollMs: 50 })
    await fired.promise
    await worker.stop()
  })

  test('a running worker wakes for a timer that is due before its next look', async () => {
    const fired = Promise.withResolvers<void>()
    const worker = createTimerWorker({
      db,
      handlers: { f: async () => fired.resolve() },
      log: silentLog,
      metrics,
      pollMs: 3_600_000,
    })
    const dueAt = at(50)
    await schedule('f', dueAt)
    worker.wake(dueAt)
    await fired.promise
    await worker.stop()
  })
})
