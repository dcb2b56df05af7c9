import { newId } from '@souk/kernel'
import { actorName, type Call, traceId } from '../call.ts'
import { type Sql, sql } from '../db/sql.ts'

/** One privileged command: who, what, to what, before and after, why. Append-only; sealed into a chain later. */
export type AuditRow = {
  actor: string
  action: string
  target: string
  before?: unknown
  after?: unknown
  reason?: string
  traceId: string
}

/** An audit row of the present call. `before` and `after` hold only what changed, never secrets. */
export const audited = (
  call: Call,
  action: string,
  target: string,
  change: { before?: unknown; after?: unknown; reason?: string } = {},
): AuditRow => ({ actor: actorName(call.actor), action, target, traceId: traceId(call.traceparent), ...change })

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))

/** Writes the rows of one transaction. */
export const auditStatement = (schema: Sql, rows: readonly AuditRow[]): Sql => sql`
  insert into ${schema}.audit (id, actor, action, target, before, after, reason, trace_id)
  select * from unnest(${rows.map(() => newId())}::uuid[], ${rows.map((r) => r.actor)}::text[], ${rows.map((r) => r.action)}::text[],
    ${rows.map((r) => r.target)}::text[], ${rows.map((r) => json(r.before))}::jsonb[], ${rows.map((r) => json(r.after))}::jsonb[],
    ${rows.map((r) => r.reason ?? '')}::text[], ${rows.map((r) => r.traceId)}::text[])`
