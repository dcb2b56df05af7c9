import type { AttemptStatus } from '@souk/contract/payment'
import { newId } from '@souk/kernel'
import { type Sql, scheduleStatement, sql, type TimerRequest, type Tx, unscheduleStatement } from '@souk/platform'
import type { Entry } from '../domain/ledger.ts'
import { callbackTimerId, timerKinds } from '../domain/timer-kinds.ts'
import type { AttemptRow } from './attempts.ts'

/** One attempt's way on, as it is written: it concerns nothing but this attempt. */
export type Change = {
  from: AttemptRow
  /** States passed through; the last is where it is now. */
  path: readonly AttemptStatus[]
  cause: string
  /** Facts said about it. */
  facts: number
  redirectUrl: string
  reference: string
  entry: Entry | undefined
}

/** A kept event that needs no more work, and what came of it. */
export type FinishedEvent = { channel: string; eventId: string; outcome: string }

export type Settlement = {
  /** Of locked attempts, one each. */
  changes: readonly Change[]
  events: readonly FinishedEvent[]
  /** When attempts are asked about next. */
  schedule: readonly TimerRequest[]
  /** Ids of attempts that need not be asked about any more. */
  calm: readonly string[]
  /** The CTE that keeps replies with their idempotency keys. */
  replies: Sql
}

const attemptCtes = (schema: Sql, changes: readonly Change[]): Sql => {
  const steps = changes.flatMap(({ from, path, cause }) =>
    path.map((to, place) => ({ id: from.id, cause, from: path[place - 1] ?? from.status, to })),
  )
  const captured = changes.flatMap(({ from, path }) => (path.at(-1) === 'CAPTURED' ? from.id : []))
  return sql`
  moved as (
    update ${schema}.payment p set status = t.status, version = p.version + t.facts, changed_at = now(),
      captured = case when t.status = 'CAPTURED' then p.amount else p.captured end,
      redirect_url = coalesce(nullif(t.redirect_url, ''), p.redirect_url),
      channel_reference = coalesce(nullif(t.reference, ''), p.channel_reference)
    from unnest(${changes.map(({ from }) => from.id)}::uuid[], ${changes.map(({ from }) => from.status)}::text[],
      ${changes.map(({ path }) => path.at(-1))}::text[], ${changes.map(({ facts }) => facts)}::bigint[],
      ${changes.map(({ redirectUrl }) => redirectUrl)}::text[], ${changes.map(({ reference }) => reference)}::text[])
      t(id, was, status, facts, redirect_url, reference)
    where p.id = t.id and p.status = t.was returning p.id),
  steps as (
    insert into ${schema}.move (subject_id, cause, from_status, to_status)
    select * from unnest(${steps.map(({ id }) => id)}::uuid[], ${steps.map(({ cause }) => cause)}::text[], ${steps.map(({ from }) => from)}::text[],
      ${steps.map(({ to }) => to)}::text[])),
  resolved as (
    update ${schema}.payment_case set closed_at = now(), resolution = 'CAPTURED'
    where kind = 'PAYMENT_UNRESOLVED' and subject = any(${captured}) and closed_at is null)`
}

const ledgerCtes = (schema: Sql, changes: readonly Change[]): Sql => {
  const entries = changes.flatMap(({ entry }) => (entry ? { id: newId(), ...entry } : []))
  const postings = entries.flatMap(({ id, postings }) =>
    postings.map((posting, at) => ({ id, place: at + 1, ...posting })),
  )
  return sql`
  entries as (
    insert into ${schema}.journal_entry (id, kind, source_type, source_id)
    select * from unnest(${entries.map(({ id }) => id)}::uuid[], ${entries.map(({ kind }) => kind)}::text[], ${entries.map((e) => e.sourceType)}::text[],
      ${entries.map(({ sourceId }) => sourceId)}::uuid[])
    on conflict on constraint journal_entry_once do nothing returning id),
  postings as (
    insert into ${schema}.posting (entry_id, place, account, currency, amount)
    select t.* from unnest(${postings.map(({ id }) => id)}::uuid[], ${postings.map(({ place }) => place)}::smallint[],
      ${postings.map(({ account }) => account)}::text[], ${postings.map(({ currency }) => currency)}::text[],
      ${postings.map(({ amount }) => amount)}::bigint[]) t(entry_id, place, account, currency, amount)
    where t.entry_id in (select id from entries))`
}

const eventCtes = (schema: Sql, events: readonly FinishedEvent[]): Sql => sql`
  finished as (
    update ${schema}.callback_event e set processed_at = now(), outcome = t.outcome
    from unnest(${events.map(({ channel }) => channel)}::text[], ${events.map(({ eventId }) => eventId)}::text[],
      ${events.map(({ outcome }) => outcome)}::text[]) t(channel, event_id, outcome)
    where e.channel = t.channel and e.event_id = t.event_id and e.processed_at is null),
  done as (${unscheduleStatement(
    schema,
    timerKinds.callback,
    events.map(({ channel, eventId }) => callbackTimerId(channel, eventId)),
  )})`

/** Everything that a batch of settled attempts leaves behind, in one statement when the transaction ends. */
export const createSettling = (schema: Sql) => ({
  write: (tx: Tx, { changes, events, schedule, calm, replies }: Settlement): void =>
    tx.last(sql`
      with ${attemptCtes(schema, changes)}, ${ledgerCtes(schema, changes)}, ${eventCtes(schema, events)},
      asked as (${scheduleStatement(schema, schedule)}),
      calm as (${unscheduleStatement(schema, timerKinds.query, calm)}),
      ${replies}
      select ${schema}.require_rows((select count(*) from moved), ${changes.length})`),
})

export type SettlingStore = ReturnType<typeof createSettling>
