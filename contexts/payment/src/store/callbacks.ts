import { isId } from '@souk/kernel'
import { type Query, type Sql, scheduleStatement, sql, type TimerRequest } from '@souk/platform'
import type { CallbackEvent } from '../domain/callback.ts'
import { type AttemptRow, attemptColumns } from './attempts.ts'

export type CallbackRow = {
  channel: string
  event_id: string
  payment_id: string
  type: string
  received_at: Date
  processed_at: Date | null
}

/** A verified event, as it came, and the timer that is its net. */
export type Arrived = { channel: string; event: CallbackEvent; raw: Uint8Array; timer: TimerRequest }

export const createCallbacks = (schema: Sql) => ({
  /**
   * Keeps events as they came, each with the timer that applies it; answers those whose id was not known, with the
   * payment they speak of.
   */
  keep: (db: Query, arrived: readonly Arrived[]) =>
    db.all<CallbackRow & (AttemptRow | { id: null })>(sql`
      with input as (
        select * from unnest(${arrived.map(({ channel }) => channel)}::text[], ${arrived.map(({ event }) => event.eventId)}::text[],
          ${arrived.map(({ event }) => event.paymentId)}::text[], ${arrived.map(({ event }) => (isId(event.paymentId) ? event.paymentId : null))}::uuid[],
          ${arrived.map(({ event }) => event.type)}::text[], ${arrived.map(({ raw }) => Buffer.from(raw))}::bytea[],
          ${arrived.map(({ timer }) => timer.aggregateId)}::text[])
        t(channel, event_id, payment_id, payment, type, raw, timer)),
      kept as (
        insert into ${schema}.callback_event (channel, event_id, payment_id, type, raw)
        select channel, event_id, payment_id, type, raw from input order by channel, event_id
        on conflict (channel, event_id) do nothing
        returning channel, event_id, payment_id, type, received_at, processed_at),
      timers as (${scheduleStatement(
        schema,
        arrived.map(({ timer }) => timer),
        sql`where t.aggregate_id in (select timer from input join kept using (channel, event_id))`,
      )})
      select k.*, ${attemptColumns} from kept k join (select channel, event_id, payment from input) i using (channel, event_id)
      left join (select ${attemptColumns} from ${schema}.payment) p on p.id = i.payment`),

  find: (db: Query, channel: string, eventId: string) =>
    db.one<CallbackRow>(sql`
      select channel, event_id, payment_id, type, received_at, processed_at from ${schema}.callback_event
      where channel = ${channel} and event_id = ${eventId}`),

  finish: (db: Query, channel: string, eventId: string, outcome: string) =>
    db.run(sql`
      update ${schema}.callback_event set processed_at = now(), outcome = ${outcome}
      where channel = ${channel} and event_id = ${eventId} and processed_at is null`),
})

export type Callbacks = ReturnType<typeof createCallbacks>
