import type { Db } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { Envelope } from '../inbox/inbox.ts'
import { errorText, type Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'

/** Hands facts to one consumer; answers the event ids that it has taken. */
export type Deliver = (consumer: string, facts: Envelope[]) => Promise<string[]>

export type Relay = {
  /** Facts may have been committed: look now. */
  wake(): void
  /** Finishes the batch under way and gives the lease back. */
  stop(): Promise<void>
  /** Resolves when everything committed before the call is taken, or cannot be for now. */
  drain(): Promise<void>
}

type Options = {
  db: Db
  /** Unique per process. */
  owner: string
  deliver: Deliver
  log: Log
  metrics: Metrics
  /** Milliseconds between looks when nobody wakes it; default 1,000. */
  pollMs?: number
}

/** Facts at a time: a look, a delivery and a mark cost the same for one as for many. */
const mostFacts = 500
/** Of their payloads, in characters; a single larger fact still travels. */
const mostCharacters = 4 << 20
const leaseSeconds = 10
const renewAfterMs = 3000
const shard = 0

type Row = {
  id: number
  event_id: string
  type: string
  aggregate_id: string
  aggregate_version: number
  payload: string
  traceparent: string
  created_at: Date
}

const toEnvelope = (row: Row): Envelope => ({
  eventId: row.event_id,
  type: row.type,
  aggregateId: row.aggregate_id,
  aggregateVersion: row.aggregate_version,
  payload: row.payload,
  traceparent: row.traceparent,
  at: row.created_at.toISOString(),
})

/**
 * Moves one context's facts to their consumers: at least once, in order per aggregate, each consumer at its own pace.
 * What is still to be taken is a row per (consumer, fact), removed only after the consumer answered and only while the
 * lease's epoch is ours; there is no cursor that a slow commit could slip behind (RELIABILITY M2, D2, ADR 0004).
 */
export const createRelay = ({ db, owner, deliver, log, metrics, pollMs = 1000 }: Options): Relay => {
  const { schema } = db
  let epoch: number | undefined
  let renewedAt = 0
  let stopped = false
  let again = false
  /** The last look failed. */
  let blind = false
  let round: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  const resting = new Map<string, { until: number; failures: number }>()

  const waiting = sql`(select array_agg(distinct consumer) from ${schema}.outbox_todo) as consumers`

  /** Renews or takes the lease and finds who has facts waiting, in one statement. */
  const lease = async (): Promise<string[]> => {
    const asked = performance.now()
    const row = await db.one<{ epoch: number | null; consumers: string[] | null }>(sql`
      with lease as (
        insert into ${schema}.outbox_lease as l (shard, owner, epoch, expires_at)
        values (${shard}, ${owner}, 1, now() + make_interval(secs => ${leaseSeconds}))
        on conflict (shard) do update set
          owner = excluded.owner, expires_at = excluded.expires_at,
          epoch = case when l.owner = excluded.owner then l.epoch else l.epoch + 1 end
        where l.owner = excluded.owner or l.expires_at < now()
        returning l.epoch)
      select (select epoch from lease) as epoch, ${waiting}`)
    epoch = row?.epoch ?? undefined
    renewedAt = asked
    return epoch === undefined ? [] : (row?.consumers ?? [])
  }

  /** Who has facts waiting; nobody while the lease is another's. A young lease is not renewed: a look costs no commit. */
  const look = async (): Promise<string[]> => {
    if (epoch === undefined || performance.now() - renewedAt > renewAfterMs) return lease()
    return (await db.one<{ consumers: string[] | null }>(sql`select ${waiting}`))?.consumers ?? []
  }

  const read = (consumer: string): Promise<Row[]> =>
    db.all<Row>(sql`
      select id, event_id, type, aggregate_id, aggregate_version, payload, traceparent, created_at from (
        select f.*, sum(length(payload)) over (order by id) - length(payload) as before from (
          select o.id, o.event_id, o.type, o.aggregate_id, o.aggregate_version, o.payload::text as payload, o.traceparent, o.created_at
          from ${schema}.outbox_todo t join ${schema}.outbox o on o.id = t.id
          where t.consumer = ${consumer} order by t.id limit ${mostFacts}) f) g
      where before < ${mostCharacters} order by id`)

  /** Whether there may be more than these. */
  const isFull = (rows: readonly Row[]): boolean =>
    rows.length === mostFacts || rows.reduce((size, { payload }) => size + payload.length, 0) >= mostCharacters

  const forget = (consumer: string, ids: number[]): Promise<number> =>
    db.run(sql`delete from ${schema}.outbox_todo where consumer = ${consumer} and id = any(${ids})
      and exists (select from ${schema}.outbox_lease where shard = ${shard} and owner = ${owner} and epoch = ${epoch})`)

  /** Serves one consumer until it has everything; a failing one rests and holds up nobody else. */
  const serve = async (consumer: string): Promise<void> => {
    const rest = resting.get(consumer)
    if (rest && rest.until > Date.now()) return
    try {
      for (;;) {
        const rows = await read(consumer)
        if (rows.length === 0 || stopped) break
        const taken = new Set(await deliver(consumer, rows.map(toEnvelope)))
        const ids = rows.filter((row) => taken.has(row.event_id)).map((row) => row.id)
        if (ids.length > 0 && (await forget(consumer, ids)) === 0) {
          epoch = undefined
          break
        }
        if (ids.length < rows.length) throw new Error(`${rows.length - ids.length} facts have to come again`)
        metrics.count('facts_relayed', { context: db.context, consumer }, ids.length)
        // What was committed since has woken us: another look follows.
        if (!isFull(rows)) break
      }
      resting.delete(consumer)
    } catch (error) {
      const failures = (rest?.failures ?? 0) + 1
      resting.set(consumer, { until: Date.now() + Math.min(50 * 2 ** failures, 5000), failures })
      if (failures > 2) log.warn('facts wait', { context: db.context, consumer, failures, error: errorText(error) })
    }
  }

  const once = async (): Promise<void> => {
    try {
      const consumers = await look()
      await Promise.all(consumers.map(serve))
      blind = false
    } catch (error) {
      blind = true
      log.warn('relay could not look', { context: db.context, error: errorText(error) })
    }
  }

  /** Nobody's rest is over sooner than the outage is. */
  const nextLook = (): number =>
    blind ? pollMs : Math.min(pollMs, ...[...resting.values()].map(({ until }) => Math.max(until - Date.now(), 10)))

  const run = (): Promise<void> => {
    if (round) {
      again = true
      return round
    }
    clearTimeout(timer)
    round = (async () => {
      do {
        again = false
        await once()
      } while (again && !stopped)
    })().finally(() => {
      round = undefined
      if (!stopped) timer = setTimeout(run, nextLook())
    })
    return round
  }

  timer = setTimeout(run, 0)
  return {
    wake: () => void (stopped || run()),
    drain: async () => {
      await run()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await round
      await db
        .run(sql`update ${schema}.outbox_lease set expires_at = now() where shard = ${shard} and owner = ${owner}`)
        .catch(() => 0)
    },
  }
}
