import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId, systemClock } from '@souk/kernel'
import type pg from 'pg'
import type { Fact, FactHandler } from '../src/context.ts'
import { createDb, type Db } from '../src/db/db.ts'
import { createPool } from '../src/db/pool.ts'
import { sql } from '../src/db/sql.ts'
import { createInbox, type Envelope } from '../src/inbox/inbox.ts'
import { createOutbox } from '../src/outbox/outbox.ts'
import { createRelay, type Relay } from '../src/outbox/relay.ts'
import { silentLog } from '../src/telemetry/log.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'

const contexts = ['source', 'sink'].map((name) => ({ name, migrations: new URL('fixture/bus/', import.meta.url) }))
const metrics = createMetrics()

describe('outbox, relay and inbox', () => {
  let database: TestDatabase
  let pool: pg.Pool
  let source: Db
  let sink: Db

  before(async () => {
    database = await createTestDatabase(contexts)
    pool = createPool({ url: database.url, max: 30, name: 'bus test' })
    const outbox = createOutbox(
      () => ['sink'],
      () => {},
    )
    source = createDb({ pool, context: 'source', clock: systemClock, outbox })
    sink = createDb({ pool, context: 'sink', clock: systemClock, outbox })
  })
  after(async () => {
    await pool.end()
    await database.drop()
  })

  /** One move of one counter: version bump under the row lock, then the fact. */
  const move = (id: string) =>
    source.tx(async (tx) => {
      const row = await tx.one<{ version: number }>(sql`
        insert into ${source.schema}.counter (id, version) values (${id}, 1)
        on conflict (id) do update set version = counter.version + 1 returning version`)
      if (Math.random() < 0.3) await tx.run(sql`select pg_sleep(${Math.random() * 0.01})`)
      tx.publish({
        type: 'order.OrderShipped',
        aggregateId: id,
        aggregateVersion: row!.version,
        payload: { orderId: id },
      })
    })

  const applied = async () =>
    new Map(
      (
        await sink.all<{ id: string; versions: number[] }>(
          sql`select id, array_agg(version order by seq) as versions from ${sink.schema}.applied group by id`,
        )
      ).map((row) => [row.id, row.versions.map(Number)]),
    )

  const effect = async (fact: Fact<'order.OrderShipped'>, tx: Parameters<Parameters<Db['tx']>[0]>[0]) => {
    await tx.run(
      sql`insert into ${sink.schema}.applied (id, version) values (${fact.aggregateId}, ${fact.aggregateVersion})`,
    )
  }

  test('16 writers, relays killed at random, duplicates injected: nothing lost, nothing twice, order kept', async () => {
    const ids = Array.from({ length: 40 }, newId)
    const inbox = createInbox({ db: sink, handlers: { 'order.OrderShipped': effect }, log: silentLog, metrics })
    const relays = new Set<Relay>()
    let seen: Envelope[] = []
    const start = (owner: string, fails: () => boolean) => {
      const relay = createRelay({
        db: source,
        owner,
        log: silentLog,
        metrics,
        pollMs: 20,
        deliver: async (_, facts) => {
          if (fails()) throw new Error('killed before delivery')
          const taken = await inbox.deliver(facts)
          seen = [...seen.slice(-200), ...facts]
          if (fails()) throw new Error('killed after delivery, before it was noted')
          return taken
        },
      })
      relays.add(relay)
      return relay
    }
    let flaky = true
    const fails = () => flaky && Math.random() < 0.3
    start('one', fails)
    start('two', fails)
    const writers = Array.from({ length: 16 }, async () => {
      for (let i = 0; i < 25; i++) await move(ids[Math.floor(Math.random() * ids.length)]!)
    })
    const again = (async () => {
      for (let i = 0; i < 10; i++) {
        await inbox.deliver(seen.toSorted(() => Math.random() - 0.5))
        await new Promise((wake) => setTimeout(wake, 30))
      }
    })()
    await Promise.all([...writers, again])
    flaky = false
    for (let i = 0; i < 200; i++) {
      const left = await source.one<{ n: number }>(sql`select count(*)::int as n from ${source.schema}.outbox_todo`)
      if (left!.n === 0) break
      for (const relay of relays) relay.wake()
      await new Promise((wake) => setTimeout(wake, 50))
    }
    for (const relay of relays) await relay.stop()
    const counters = await source.all<{ id: string; version: number }>(
      sql`select id, version from ${source.schema}.counter`,
    )
    const got = await applied()
    assert.equal(
      counters.reduce((sum, row) => sum + row.version, 0),
      400,
    )
    for (const { id, version } of counters)
      assert.deepEqual(
        got.get(id),
        Array.from({ length: version }, (_, i) => i + 1),
      )
  })

  test('large facts travel a few at a time, one that is larger than all that alone, each in its turn', async () => {
    await source.run(sql`delete from ${source.schema}.outbox_todo`)
    const id = newId()
    const sizes = [1, 1, 1, 1, 1, 9, 1, 1].map((mb) => mb << 20)
    for (const [n, size] of sizes.entries())
      await source.tx(async (tx) => {
        const payload = { orderId: '.'.repeat(size) }
        tx.publish({ type: 'order.OrderShipped', aggregateId: id, aggregateVersion: n + 1, payload })
      })
    const portions: number[][] = []
    const deliver = async (_: string, facts: Envelope[]) => {
      portions.push(facts.map(({ aggregateVersion }) => aggregateVersion))
      return facts.map(({ eventId }) => eventId)
    }
    const relay = createRelay({ db: source, owner: 'large', log: silentLog, metrics, deliver, pollMs: 10_000 })
    await relay.drain()
    await relay.stop()
    assert.deepEqual(portions, [
      [1, 2, 3, 4],
      [5, 6],
      [7, 8],
    ])
  })

  test('how old a fact was when it was applied is measured, alone or together, a repeat is not', async () => {
    const metrics = createMetrics()
    const together: FactHandler<'order.OrderShipped'> = {
      batch: async (facts, tx) => {
        for (const fact of facts) await effect(fact, tx)
      },
    }
    for (const handler of [effect, together]) {
      const inbox = createInbox({ db: sink, handlers: { 'order.OrderShipped': handler }, log: silentLog, metrics })
      const ids = [newId(), newId()]
      for (const id of ids) await move(id)
      const rows = await source.all<Envelope>(sql`
        select event_id as "eventId", type, aggregate_id as "aggregateId", aggregate_version as "aggregateVersion",
          payload::text, traceparent from ${source.schema}.outbox where aggregate_id = any(${ids})`)
      const facts = rows.map((row) => ({ ...row, at: new Date(Date.now() - 3000).toISOString() }))
      for (let n = 0; n < 2; n++) assert.equal((await inbox.deliver(facts)).length, 2)
    }
    const text = await metrics.text()
    assert.match(text, /^souk_fact_seconds_count\{consumer="sink"\} 4$/m)
    assert.match(text, /^souk_fact_seconds_bucket\{le="2.5",consumer="sink"\} 0$/m)
  })

  test('a fact that cannot be applied is parked after five tries; other aggregates go on; replay finishes it in order', async () => {
    let broken = true
    const bad = newId()
    const good = newId()
    const inbox = createInbox({
      db: sink,
      log: silentLog,
      metrics,
      handlers: {
        'order.OrderShipped': async (fact, tx) => {
          if (broken && fact.aggregateId === bad) throw new Error('poison')
          await effect(fact, tx)
        },
      },
    })
    const fact = (aggregateId: string, aggregateVersion: number): Envelope => ({
      eventId: newId(),
      type: 'order.OrderShipped',
      aggregateId,
      aggregateVersion,
      payload: JSON.stringify({ orderId: aggregateId }),
      traceparent: '00-00000000000000000000000000000001-0000000000000001-01',
      at: new Date().toISOString(),
    })
    let waiting = [fact(bad, 1), fact(bad, 2), fact(good, 1)]
    let rounds = 0
    while (waiting.length > 0) {
      const taken = new Set(await inbox.deliver(waiting))
      waiting = waiting.filter(({ eventId }) => !taken.has(eventId))
      rounds++
    }
    assert.equal(rounds > 4, true)
    assert.deepEqual((await applied()).get(good), [1])
    assert.equal((await applied()).get(bad), undefined)
    broken = false
    assert.equal(await inbox.replay(bad), 2)
    assert.deepEqual((await applied()).get(bad), [1, 2])
  })

  for (const code of ['53100', '53300', '55P03', '57P01'])
    test(`${code} is not the fact's fault: however long it lasts, nothing is parked`, async () => {
      let trouble = true
      const inbox = createInbox({
        db: sink,
        log: silentLog,
        metrics,
        handlers: {
          'order.OrderShipped': async (fact, tx) => {
            if (trouble) throw Object.assign(new Error('in trouble'), { code })
            await effect(fact, tx)
          },
        },
      })
      const id = newId()
      const fact: Envelope = {
        eventId: newId(),
        type: 'order.OrderShipped',
        aggregateId: id,
        aggregateVersion: 1,
        payload: JSON.stringify({ orderId: id }),
        traceparent: '',
        at: new Date().toISOString(),
      }
      for (let round = 0; round < 12; round++) assert.deepEqual(await inbox.deliver([fact]).catch(() => []), [])
      trouble = false
      assert.deepEqual(await inbox.deliver([fact]), [fact.eventId])
      assert.deepEqual((await applied()).get(id), [1])
    })

  test('batch handlers: one hostile fact among 63 good ones harms nobody', async () => {
    const ids = Array.from({ length: 64 }, newId)
    const hostile = ids[31]!
    const inbox = createInbox({
      db: sink,
      log: silentLog,
      metrics,
      handlers: {
        'order.OrderShipped': {
          batch: async (facts, tx) => {
            if (facts.some((fact) => fact.aggregateId === hostile)) throw new Error('hostile')
            for (const fact of facts) await effect(fact, tx)
          },
        },
      },
    })
    const taken = await inbox.deliver(
      ids.map((aggregateId) => ({
        eventId: newId(),
        type: 'order.OrderShipped',
        aggregateId,
        aggregateVersion: 1,
        payload: JSON.stringify({ orderId: aggregateId }),
        traceparent: '',
        at: new Date().toISOString(),
      })),
    )
    assert.equal(taken.length, 63)
    const got = await applied()
    for (const id of ids) assert.deepEqual(got.get(id), id === hostile ? undefined : [1])
  })
})
