import { newId } from '@souk/kernel'
import { empty, type Sql, sql } from '../db/sql.ts'

/** A durable timer: what should happen to which aggregate, and when (by the database's clock). */
export type TimerRequest = {
  kind: string
  aggregateId: string
  dueAt: Date
  payload?: unknown
}

/**
 * The CTE body that writes timers; one per (kind, aggregate), a later request moves the earlier. `only` is a where
 * clause over `t` for those that shall be written.
 */
export const scheduleStatement = (schema: Sql, timers: readonly TimerRequest[], only: Sql = empty): Sql => sql`
  insert into ${schema}.timer (id, kind, aggregate_id, due_at, payload)
  select * from unnest(${timers.map(() => newId())}::uuid[], ${timers.map((t) => t.kind)}::text[], ${timers.map((t) => t.aggregateId)}::text[],
    ${timers.map((t) => t.dueAt.toISOString())}::timestamptz[], ${timers.map((t) => JSON.stringify(t.payload ?? null))}::jsonb[])
    t(id, kind, aggregate_id, due_at, payload) ${only}
  on conflict (kind, aggregate_id) do update set due_at = excluded.due_at, payload = excluded.payload, attempts = 0, locked_until = null`

/** The CTE body that removes timers of a kind. */
export const unscheduleStatement = (schema: Sql, kind: string, aggregateIds: readonly string[]): Sql =>
  sql`delete from ${schema}.timer where kind = ${kind} and aggregate_id = any(${aggregateIds})`
