import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Fault, newId, systemClock } from '@souk/kernel'
import type pg from 'pg'
import { createDb, type Db, type Tx } from '../src/db/db.ts'
import { createPool } from '../src/db/pool.ts'
import { sql } from '../src/db/sql.ts'
import { createKeys, type Keys } from '../src/idempotency/keys.ts'
import { createOutbox } from '../src/outbox/outbox.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { callAs } from '../src/testing/index.ts'

describe('idempotency keys', () => {
  let database: TestDatabase
  let pool: pg.Pool
  let db: Db
  let keys: Keys
  /** A second process on the same database: shares no memory with the first. */
  let other: Keys
  const user = newId()

  before(async () => {
    database = await createTestDatabase([{ name: 'source', migrations: new URL('fixture/bus/', import.meta.url) }])
    pool = createPool({ url: database.url, max: 30, name: 'keys test' })
    const outbox = createOutbox(
      () => [],
      () => {},
    )
    db = createDb({ pool, context: 'source', clock: systemClock, outbox })
  })
  beforeEach(() => {
    keys = createKeys(db)
    other = createKeys(db)
  })
  after(async () => {
    await pool.end()
    await database.drop()
  })

  const call = (key: string, requestHash = 'same', as = user) => ({
    ...callAs({ user: as, key, requestHash }),
    method: 'x.Y/Z',
  })
  const make = async (tx: Tx) => {
    const id = newId()
    await tx.run(sql`insert into ${db.schema}.counter (id, version) values (${id}, 1)`)
    return { id, empty: [], nothing: '' }
  }
  const count = async () => (await db.one<{ n: number }>(sql`select count(*)::int as n from ${db.schema}.counter`))!.n

  test('50 parallel equal keys: one effect, equal replies', async () => {
    const before = await count()
    const key = newId()
    const replies = await Promise.all(Array.from({ length: 50 }, () => keys.once(call(key), make)))
    assert.equal(new Set(replies.map((reply) => JSON.stringify(reply))).size, 1)
    assert.equal((await count()) - before, 1)
    assert.equal(JSON.stringify(await other.once(call(key), make)), JSON.stringify(replies[0]))
  })

  test('a reply of 100,000 characters is replayed as given; one of an order is kept as it is, not compressed', async () => {
    const sizes = [1900, 3000, 100_000]
    const replies = await Promise.all(
      sizes.map((size) => keys.once(call(`reply-${size}`), async () => ({ text: 'souk '.repeat(size / 5) }))),
    )
    const again = sizes.map((size) => other.once(call(`reply-${size}`), async () => assert.fail('done before')))
    assert.deepEqual(await Promise.all(again), replies)
    const kept = await db.all<{ key: string; how: string | null }>(
      sql`select key, pg_column_compression(reply) as how from ${db.schema}.idempotency_key where key like 'reply-%' order by length(reply::text)`,
    )
    assert.deepEqual(
      kept.map(({ how }) => how),
      [null, null, 'pglz'],
    )
  })

  test('two processes at once: one effect; the loser replays or is told to wait', async () => {
    const before = await count()
    const key = newId()
    const outcomes = await Promise.allSettled(
      [keys, other].flatMap((side) => Array.from({ length: 10 }, () => side.once(call(key), make))),
    )
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.match(outcome.reason.code, /IN_PROGRESS|OVERLOADED/)
    assert.equal((await count()) - before, 1)
  })

  test('the same key with another body is refused; another user or none is somebody else', async () => {
    const key = newId()
    const first = await keys.once(call(key), make)
    await assert.rejects(keys.once(call(key, 'other'), make), { code: 'IDEMPOTENCY_KEY_REUSED' })
    const second = await keys.once(call(key, 'same', newId()), make)
    assert.notEqual(first.id, second.id)
  })

  test('a business refusal leaves no effect and is replayed as given, with its details', async () => {
    const before = await count()
    const key = newId()
    const refuse = async (tx: Tx) => {
      await make(tx)
      throw new Fault('OUT_OF_STOCK', { skuId: 's1' })
    }
    await assert.rejects(keys.once(call(key), refuse), { code: 'OUT_OF_STOCK' })
    await assert.rejects(
      other.once(call(key), make),
      (error: Fault) => error.code === 'OUT_OF_STOCK' && error.params.skuId === 's1',
    )
    assert.equal(await count(), before)
  })

  test('an outage is never stored: the retry does the work', async () => {
    const key = newId()
    await assert.rejects(
      keys.once(call(key), async () => Promise.reject(new Fault('UNAVAILABLE'))),
      { code: 'UNAVAILABLE' },
    )
    await assert.rejects(
      keys.once(call(key), async () => Promise.reject(new Fault('NOT_FOUND'))),
      { code: 'NOT_FOUND' },
    )
    assert.ok((await keys.once(call(key), make)).id)
  })

  test('key first: the retry of an unfinished try goes on under the same id', async () => {
    const key = newId()
    const ids: string[] = []
    await assert.rejects(
      keys.first(call(key), async (id) => {
        ids.push(id)
        throw new Fault('UNAVAILABLE')
      }),
    )
    const reply = await other.first(call(key), async (id, resumed) => {
      ids.push(id)
      assert.equal(resumed, true)
      const answer = { id }
      await db.tx((tx) => other.finish(tx, call(key), answer))
      return answer
    })
    assert.equal(ids[0], ids[1])
    assert.deepEqual(await keys.first(call(key), async () => assert.fail('done before')), reply)
  })

  test('key first: while it runs elsewhere, others are told to wait; a crashed holder is taken over after its lock', async () => {
    const key = newId()
    const started = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const running = keys.first(call(key), async (id) => {
      started.resolve()
      await release.promise
      await db.tx((tx) => keys.finish(tx, call(key), { id }))
      return { id }
    })
    await started.promise
    await assert.rejects(
      other.first(call(key), async () => assert.fail('twice')),
      { code: 'IN_PROGRESS' },
    )
    await db.run(
      sql`update ${db.schema}.idempotency_key set locked_until = now() - interval '1 second' where key = ${key}`,
    )
    const takers = await Promise.allSettled(
      [other, createKeys(db), createKeys(db)].map((side) =>
        side.first(call(key), async (id, resumed) => ({ id, resumed })),
      ),
    )
    assert.equal(takers.filter((taker) => taker.status === 'fulfilled').length, 1)
    release.resolve()
    await running
  })
})
