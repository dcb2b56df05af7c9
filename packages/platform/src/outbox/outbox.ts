import { type FactPayloads, facts } from '@souk/contract/facts'
import { newId } from '@souk/kernel'
import { type Sql, sql } from '../db/sql.ts'
import { currentTraceparent } from '../telemetry/trace.ts'

/** A fact about to be published: its aggregate's new version was taken under the aggregate's row lock. */
export type Publish<K extends keyof FactPayloads = keyof FactPayloads> = {
  [T in K]: { type: T; aggregateId: string; aggregateVersion: number; payload: FactPayloads[T] }
}[K]

/** A fact as the outbox stores it. */
export type OutboxFact = {
  eventId: string
  type: string
  aggregateId: string
  aggregateVersion: number
  payload: string
  traceparent: string
  /** Contexts that must take it; empty when nobody hears it. */
  consumers: readonly string[]
  broadcast: boolean
}

/** How one context's facts are turned into rows, and whom to wake when they are committed. */
export type Outbox = {
  toRow(fact: Publish): OutboxFact
  /** Facts were committed: the relay looks now instead of at its next poll. */
  wake(): void
}

/** `consumersOf` is the static table of who hears what, made from all front doors. */
export const createOutbox = (consumersOf: (type: string) => readonly string[], wake: () => void): Outbox => ({
  toRow: (fact) => ({
    eventId: newId(),
    type: fact.type,
    aggregateId: fact.aggregateId,
    aggregateVersion: fact.aggregateVersion,
    payload: JSON.stringify(fact.payload),
    traceparent: currentTraceparent(),
    consumers: consumersOf(fact.type),
    broadcast: facts[fact.type].broadcast,
  }),
  wake,
})

/**
 * The CTEs `outbox_rows` and `outbox_todo_rows`, to be put behind `with` in a statement that also does the business
 * change. The fact is one immutable row; a row per consumer says that this consumer has not taken it yet (ADR 0004).
 */
export const publishCtes = (schema: Sql, rows: readonly OutboxFact[]): Sql => {
  const todo = rows.flatMap((row) => row.consumers.map((consumer) => [row.eventId, consumer] as const))
  return sql`
  outbox_rows as (
    insert into ${schema}.outbox (event_id, type, aggregate_id, aggregate_version, payload, traceparent, broadcast)
    select * from unnest(${rows.map((r) => r.eventId)}::uuid[], ${rows.map((r) => r.type)}::text[], ${rows.map((r) => r.aggregateId)}::text[],
      ${rows.map((r) => r.aggregateVersion)}::bigint[], ${rows.map((r) => r.payload)}::jsonb[], ${rows.map((r) => r.traceparent)}::text[], ${rows.map((r) => r.broadcast)}::boolean[])
    returning id, event_id),
  outbox_todo_rows as (
    insert into ${schema}.outbox_todo (consumer, id)
    select t.consumer, o.id from outbox_rows o join unnest(${todo.map(([id]) => id)}::uuid[], ${todo.map(([, c]) => c)}::text[]) t(event_id, consumer)
      on t.event_id = o.event_id)`
}

export const publishStatement = (schema: Sql, rows: readonly OutboxFact[]): Sql =>
  sql`with ${publishCtes(schema, rows)} select 1`
