import { faultOf } from '@souk/kernel'
import type { Fact, FactHandler, FactType } from '../context.ts'
import type { Db, Tx } from '../db/db.ts'
import { isConnectionError, isPassing } from '../db/errors.ts'
import { type Sql, sql } from '../db/sql.ts'
import { errorText, type Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { withTrace } from '../telemetry/trace.ts'

/** A fact on its way, payload still as JSON text. */
export type Envelope = {
  eventId: string
  type: string
  aggregateId: string
  aggregateVersion: number
  payload: string
  traceparent: string
  at: string
}

export type Inbox = {
  /** Applies facts of one source in order per aggregate; answers the event ids that need not come again. */
  deliver(facts: readonly Envelope[]): Promise<string[]>
  /** Tries parked facts of an aggregate again, in order; answers how many were applied. */
  replay(aggregateId: string): Promise<number>
}

type Options = {
  db: Db
  handlers: { [K in FactType]?: FactHandler<K> }
  log: Log
  metrics: Metrics
}

/** After this many failed tries a fact is parked, and its aggregate's later facts queue up behind it. */
const mostTries = 5
/** Aggregates worked on at once, and facts per transaction of a batch handler. */
const width = 8
const batchSize = 250

const sourceOf = (fact: Envelope): string => fact.type.slice(0, fact.type.indexOf('.'))
const streamOf = (fact: Envelope): string => `${sourceOf(fact)}/${fact.aggregateId}`

const toFact = (envelope: Envelope): Fact => ({
  eventId: envelope.eventId,
  type: envelope.type as FactType,
  aggregateId: envelope.aggregateId,
  aggregateVersion: envelope.aggregateVersion,
  payload: JSON.parse(envelope.payload),
  traceparent: envelope.traceparent,
  at: new Date(envelope.at),
})

/**
 * The consumer's side: an inbox row and the effect in one transaction, so each fact counts once (RELIABILITY D3).
 * A fact not newer than what its aggregate has seen is dropped.
 */
export const createInbox = ({ db, handlers, log, metrics }: Options): Inbox => {
  const tries = new Map<string, number>()
  const table = sql`${db.schema}.inbox`
  const parked = sql`${db.schema}.parked`

  const remember = (facts: readonly Envelope[]): Sql => sql`
    insert into ${table} as i (source, aggregate_id, aggregate_version, event_id, type)
    select t.* from unnest(${facts.map(sourceOf)}::text[], ${facts.map((f) => f.aggregateId)}::text[], ${facts.map((f) => f.aggregateVersion)}::bigint[],
      ${facts.map((f) => f.eventId)}::uuid[], ${facts.map((f) => f.type)}::text[]) t(source, aggregate_id, aggregate_version, event_id, type)
    where not exists (select from ${table} n where n.source = t.source and n.aggregate_id = t.aggregate_id and n.aggregate_version > t.aggregate_version)
    on conflict do nothing returning event_id`

  const fresh = async (tx: Tx, facts: readonly Envelope[]): Promise<Envelope[]> => {
    const made = new Set((await tx.all<{ event_id: string }>(remember(facts))).map((row) => row.event_id))
    return facts.filter((fact) => made.has(fact.eventId))
  }

  /** How old facts are when their effect is committed. */
  const timed = (facts: readonly Envelope[]): void => {
    for (const { at } of facts)
      metrics.observe('fact_seconds', Math.max(Date.now() - Date.parse(at), 0) / 1000, { consumer: db.context })
  }

  const applyOne = async (fact: Envelope): Promise<void> => {
    const applied = await withTrace(fact.traceparent, () =>
      db.tx(async (tx) => {
        const news = await fresh(tx, [fact])
        if (news.length === 0) return news
        const handler = handlers[fact.type as FactType] as FactHandler<FactType> | undefined
        if (typeof handler === 'function') await handler(toFact(fact), tx)
        else await handler?.batch([toFact(fact)], tx)
        return news
      }),
    )
    timed(applied)
  }

  const park = async (fact: Envelope, error: string): Promise<void> => {
    await db.run(sql`insert into ${parked} (event_id, source, aggregate_id, aggregate_version, type, payload, traceparent, published_at, error)
      values (${fact.eventId}, ${sourceOf(fact)}, ${fact.aggregateId}, ${fact.aggregateVersion}, ${fact.type}, ${fact.payload}::jsonb, ${fact.traceparent}, ${fact.at}, ${error})
      on conflict do nothing`)
    metrics.count('inbox_parked', { consumer: db.context, type: fact.type })
    log.error('fact parked', {
      kind: 'error',
      consumer: db.context,
      type: fact.type,
      aggregateId: fact.aggregateId,
      error,
    })
  }

  /** One aggregate's facts in order; stops at the first that must come again. */
  const applyStream = async (stream: readonly Envelope[], taken: string[]): Promise<void> => {
    for (const fact of stream) {
      try {
        await applyOne(fact)
        tries.delete(fact.eventId)
        taken.push(fact.eventId)
      } catch (error) {
        if (isConnectionError(faultOf(error)?.cause ?? error)) throw error
        // However long the trouble lasts, nothing is parked for it.
        if (isPassing(error)) return
        const count = (tries.get(fact.eventId) ?? 0) + 1
        tries.set(fact.eventId, count)
        log.warn('fact not applied', {
          consumer: db.context,
          type: fact.type,
          aggregateId: fact.aggregateId,
          tries: count,
          error: errorText(error),
        })
        if (count < mostTries) return
        await park(fact, errorText(error))
        tries.delete(fact.eventId)
        taken.push(fact.eventId)
        return
      }
    }
  }

  /** Facts of different aggregates together; false when they must be tried one by one. */
  const applyTogether = async (facts: readonly Envelope[], taken: string[]): Promise<boolean> => {
    const handler = handlers[facts[0]!.type as FactType] as FactHandler<FactType> | undefined
    if (typeof handler !== 'object') return false
    try {
      const applied = await withTrace(facts[0]!.traceparent, () =>
        db.tx(async (tx) => {
          const news = await fresh(tx, facts)
          if (news.length > 0) await handler.batch(news.map(toFact), tx)
          return news
        }),
      )
      timed(applied)
    } catch (error) {
      if (isConnectionError(faultOf(error)?.cause ?? error)) throw error
      return false
    }
    taken.push(...facts.map((fact) => fact.eventId))
    return true
  }

  const queued = async (facts: readonly Envelope[]): Promise<Set<string>> => {
    const rows = await db.all<{ source: string; aggregate_id: string }>(
      sql`select distinct source, aggregate_id from ${parked} where aggregate_id = any(${[...new Set(facts.map((f) => f.aggregateId))]})`,
    )
    return new Set(rows.map((row) => `${row.source}/${row.aggregate_id}`))
  }

  const deliver = async (facts: readonly Envelope[]): Promise<string[]> => {
    const taken: string[] = []
    const streams = Map.groupBy(facts, streamOf)
    for (const blocked of await queued(facts)) {
      for (const fact of streams.get(blocked) ?? []) {
        await park(fact, 'behind a parked fact')
        taken.push(fact.eventId)
      }
      streams.delete(blocked)
    }
    for (const group of firstsByType(streams)) {
      const alone = [...group]
      while (alone.length > 0) {
        const chunk = alone.splice(0, batchSize)
        if (chunk.length > 1 && (await applyTogether(chunk, taken)))
          for (const fact of chunk) streams.get(streamOf(fact))?.shift()
      }
    }
    await eachLimited([...streams.values()], width, (stream) => applyStream(stream, taken))
    return taken
  }

  const replay = async (aggregateId: string): Promise<number> => {
    const rows = await db.all<{
      event_id: string
      type: string
      aggregate_id: string
      aggregate_version: number
      payload: unknown
      traceparent: string
      published_at: Date
    }>(sql`select * from ${parked} where aggregate_id = ${aggregateId} order by source, aggregate_version`)
    let applied = 0
    for (const row of rows) {
      await applyOne({
        eventId: row.event_id,
        type: row.type,
        aggregateId: row.aggregate_id,
        aggregateVersion: row.aggregate_version,
        payload: JSON.stringify(row.payload),
        traceparent: row.traceparent,
        at: row.published_at.toISOString(),
      })
      await db.run(sql`delete from ${parked} where event_id = ${row.event_id}`)
      applied++
    }
    return applied
  }

  return { deliver, replay }
}

/** The first waiting fact of each aggregate, grouped by type: these are independent of each other. */
const firstsByType = (streams: ReadonlyMap<string, readonly Envelope[]>): Envelope[][] => {
  const firsts = [...streams.values()].map(([first]) => first!)
  return [...Map.groupBy(firsts, ({ type }) => type).values()]
}

const eachLimited = async <T>(list: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> => {
  let next = 0
  const worker = async () => {
    while (next < list.length) await work(list[next++]!)
  }
  await Promise.all(Array.from({ length: Math.min(limit, list.length) }, worker))
}
