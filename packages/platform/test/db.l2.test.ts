import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { newId, systemClock } from '@souk/kernel'
import pg from 'pg'
import { readBroadcast } from '../src/bus/broadcast.ts'
import { createDb, type Db } from '../src/db/db.ts'
import { CommitUnknown } from '../src/db/errors.ts'
import { migrate } from '../src/db/migrate.ts'
import { createPool, shareOf } from '../src/db/pool.ts'
import { sql } from '../src/db/sql.ts'
import { keepHouse } from '../src/lifecycle/housekeeping.ts'
import { createOutbox } from '../src/outbox/outbox.ts'
import { createClient } from '../src/rpc/clients.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { callAs } from '../src/testing/index.ts'

const fixture = new URL('fixture/bus/', import.meta.url)

describe('a context and its database', () => {
  let database: TestDatabase
  let pool: pg.Pool
  let db: Db
  let admin: pg.Client

  before(async () => {
    database = await createTestDatabase([
      { name: 'source', migrations: fixture },
      { name: 'sink', migrations: fixture },
    ])
    pool = createPool({ url: database.url, max: 10, name: 'db test' })
    const outbox = createOutbox(
      () => [],
      () => {},
    )
    db = createDb({ pool, context: 'source', clock: systemClock, outbox })
    admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
  })
  after(async () => {
    await admin.end()
    await pool.end()
    await database.drop()
  })

  const counters = async () =>
    (await db.one<{ n: number }>(sql`select count(*)::int as n from ${db.schema}.counter`))!.n
  const insert = (id = newId()) => sql`insert into ${db.schema}.counter (id, version) values (${id}, 1)`

  test("the role sees its own schema and no other's", async () => {
    assert.equal((await db.one<{ role: string }>(sql`select current_user as role`))!.role, 'souk_source')
    await assert.rejects(db.all(sql`select * from souk_sink.counter`), /permission denied/)
    await assert.rejects(
      db.tx((tx) => tx.all(sql`select * from souk_sink.counter`)),
      /permission denied/,
    )
    await assert.rejects(db.run(sql`create table souk_source.mine (id int)`), /permission denied/)
  })

  test('a statement that fails, and a transaction that throws, leave nothing; the connection stays good', async () => {
    const before = await counters()
    const id = newId()
    await assert.rejects(db.run(sql`with a as (${insert(id)}) select 1 / 0`))
    await assert.rejects(
      db.tx(async (tx) => {
        await tx.run(insert())
        throw new Error('changed my mind')
      }),
    )
    await assert.rejects(
      db.tx(async (tx) => {
        await tx.run(insert(id))
        await tx.run(insert(id)).catch(() => 0)
        return 'aborted'
      }),
    )
    await db.run(insert())
    assert.equal(await counters(), before + 1)
  })

  test('unsynced statements do not wait for the disk, under the same role; those after them do', async () => {
    const asked = sql`select current_setting('synchronous_commit') as sync, current_user as role`
    assert.deepEqual(await db.unsynced.one(asked), { sync: 'off', role: 'souk_source' })
    for (let n = 0; n < 20; n++) assert.deepEqual(await db.one(asked), { sync: 'on', role: 'souk_source' })
  })

  test('what is written last is committed with the rest, and takes the rest with it when it fails', async () => {
    const before = await counters()
    const required = (wanted: number) => sql`
      with made as (${insert()} returning id)
      select ${db.schema}.require_rows((select count(*) from made), ${wanted})`
    await db.tx(async (tx) => {
      tx.last(required(1))
      await tx.run(insert())
    })
    assert.equal(await counters(), before + 2)
    const twoWanted = db.tx(async (tx) => {
      await tx.run(insert())
      tx.last(required(2))
    })
    await assert.rejects(twoWanted, /1 rows instead of 2/)
    assert.equal(await counters(), before + 2)
  })

  test('int8 beyond the safe integers is an error, never a rounded value', async () => {
    assert.deepEqual(await db.one(sql`select ${Number.MAX_SAFE_INTEGER}::bigint as n`), { n: Number.MAX_SAFE_INTEGER })
    await assert.rejects(db.one(sql`select 9007199254740993::bigint as n`), /safe integers/)
  })

  test('deadlock: one of the two is run again, both effects are there', async () => {
    const [a, b] = [newId(), newId()]
    await db.run(insert(a))
    await db.run(insert(b))
    const both = (first: string, second: string) =>
      db.tx(async (tx) => {
        for (const id of [first, second]) {
          await tx.run(sql`update ${db.schema}.counter set version = version + 1 where id = ${id}`)
          await tx.run(sql`select pg_sleep(0.1)`)
        }
      })
    await admin.query("alter role souk_source set lock_timeout = '10s'")
    const outcomes = await Promise.allSettled([both(a, b), both(b, a)])
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'OVERLOADED')
    const done = outcomes.filter(({ status }) => status === 'fulfilled').length
    const rows = await db.all<{ version: number }>(
      sql`select version from ${db.schema}.counter where id in (${a}, ${b})`,
    )
    assert.deepEqual(
      rows.map(({ version }) => version),
      [1 + done, 1 + done],
    )
  })

  test('a terminated back end ends one request, not the process; a write in doubt says so', async () => {
    const killing = setInterval(
      () =>
        void admin
          .query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'db test'")
          .catch(() => {}),
      20,
    )
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, () => db.run(sql`with a as (${insert()}) select pg_sleep(0.02)`)),
    )
    clearInterval(killing)
    assert.ok(outcomes.some(({ status }) => status === 'rejected'))
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        assert.ok(
          outcome.reason instanceof CommitUnknown || ['UNAVAILABLE', 'OVERLOADED'].includes(outcome.reason.code),
          String(outcome.reason),
        )
    await new Promise((wake) => setTimeout(wake, 100))
    await db.run(insert())
  })

  test('waiting for a connection ends: 503, not a queue without end', async () => {
    const small = createPool({ url: database.url, max: 1, name: 'small' })
    const narrow = createDb({ pool: small, context: 'source', clock: systemClock, outbox: db.outbox })
    const slow = narrow.run(sql`select pg_sleep(1.5)`)
    await assert.rejects(narrow.one(sql`select 1`), { code: 'OVERLOADED' })
    await slow
    await small.end()
  })

  test('a context that hangs with all of its share leaves the others theirs', async () => {
    const pool = createPool({ url: database.url, max: 3, name: 'shared' })
    const [hung, other] = [shareOf(pool, 2), shareOf(pool, 2)]
    const held = [await hung.connect(), await hung.connect()]
    const third = hung.connect()
    const free = await other.connect()
    assert.equal((await free.query('select 1 as n')).rows[0].n, 1)
    free.release()
    await assert.rejects(third, /timeout exceeded/)
    const waits = hung.connect()
    for (const client of held) client.release()
    const last = await waits
    last.release(true)
    const again = await Promise.all([hung.connect(), hung.connect()])
    for (const client of again) client.release()
    await assert.rejects(shareOf(createPool({ url: 'postgres://x@127.0.0.1:1/x', max: 1, name: 'gone' }), 1).connect())
    await pool.end()
  })

  test('no call leaves while a transaction is open', async () => {
    const client = createClient(() => async () => 'never', 'order.OrderService', 'cart')
    await assert.rejects(
      db.tx(async () => client.getOrder!({ id: 'a' }, callAs({ service: 'cart' }))),
      /while a transaction was open/,
    )
  })

  test('broadcast: what commits late is not lost behind a cursor', async () => {
    const publish = (tx: Parameters<Parameters<Db['tx']>[0]>[0], id: string) =>
      tx.publish({
        type: 'catalog.ProductPublished',
        aggregateId: id,
        aggregateVersion: 1,
        payload: { productId: id, version: 1 },
      })
    const start = (await readBroadcast(db, '')).cursor
    const [early, late] = [newId(), newId()]
    const release = Promise.withResolvers<void>()
    const slow = db.tx(async (tx) => {
      await tx.run(insert())
      publish(tx, late)
      await release.promise
    })
    await new Promise((wake) => setTimeout(wake, 50))
    await db.tx(async (tx) => publish(tx, early))
    const first = await readBroadcast(db, start)
    assert.deepEqual(
      first.facts.map(({ aggregateId }) => aggregateId),
      [early],
    )
    release.resolve()
    await slow
    const second = await readBroadcast(db, first.cursor)
    assert.ok(second.facts.some(({ aggregateId }) => aggregateId === late))
    assert.equal((await readBroadcast(db, 'not a cursor')).facts.length, 0)
  })

  test('housekeeping removes what has served its time and nothing else', async () => {
    await db.run(sql`insert into ${db.schema}.idempotency_key (principal, route, key, request_hash, resource_id, state, created_at)
      values ('p', 'r', 'old', '', ${newId()}, 'running', now() - interval '73 hours'), ('p', 'r', 'new', '', ${newId()}, 'running', now() - interval '71 hours')`)
    await keepHouse(db)
    assert.deepEqual(await db.all(sql`select key from ${db.schema}.idempotency_key where principal = 'p'`), [
      { key: 'new' },
    ])
  })

  test('migrations: many starts at once apply each file once; a changed file is refused; a broken one leaves nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'souk-migrations-'))
    const migrations = pathToFileURL(`${folder}/`)
    const fresh = await createTestDatabase([{ name: 'other', migrations: fixture }])
    try {
      await writeFile(join(folder, '0001_a.sql'), 'create table a (id int)')
      const applied = await Promise.all(
        Array.from({ length: 5 }, () => migrate(fresh.url, [{ name: 'gift', migrations }])),
      )
      const platform = (await readdir(new URL('../migrations/', import.meta.url))).length
      assert.deepEqual(applied.toSorted(), [0, 0, 0, 0, platform + 1])
      await writeFile(join(folder, '0002_b.sql'), 'create table b (id int); create table a (id int)')
      await assert.rejects(migrate(fresh.url, [{ name: 'gift', migrations }]), /gift\/0002_b.sql failed/)
      await writeFile(join(folder, '0002_b.sql'), 'create table b (id int)')
      assert.equal(await migrate(fresh.url, [{ name: 'gift', migrations }]), 1)
      await writeFile(join(folder, '0001_a.sql'), 'create table a (id bigint)')
      await assert.rejects(migrate(fresh.url, [{ name: 'gift', migrations }]), /was changed after/)
    } finally {
      await fresh.drop()
      await rm(folder, { recursive: true })
    }
  })
})
