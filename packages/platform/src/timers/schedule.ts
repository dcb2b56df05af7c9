import { newId } from '@souk/kernel'
import { type Sql, sql } from '../db/sql.ts'

/** A durable timer: what should happen to which aggregate, and when (by the database's clock). */
export type TimerRequest = {
  kind: string
  aggregateId: string
  dueAt: Date
  payload?: unknown
}

/** The CTE body that writes timers; one per (kind, aggregate), a later request moves the earlier. */
export const scheduleStatement = (schema: Sql, timers: readonly TimerRequest[]): Sql => sql`
  insert into ${schema}.timer (id, kind, aggregate_id, due_at, payload)
  select * from unnest(${timers.map(() => newId())}::uuid[], ${timers.map((t) => t.kind)}::text[], ${timers.map((t) => t.aggregateId)}::text[],
    ${timers.map((t) => t.dueAt.toISOString())}::timestamptz[], ${timers.map((t) => JSON.stringify(t.payload ?? null))}::jsonb[])
  on conflict (kind, aggregate_id) do update set due_at = excluded.due_at, payload = excluded.payload, attempts = 0, locked_until = null`

export const unscheduleStatement = (schema: Sql, kind: string, aggregateId: string): Sql =>
  sql`delete from ${schema}.timer where kind = ${kind} and aggregate_id = ${aggregateId}`
