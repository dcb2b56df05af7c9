import { type Query, type Sql, sql } from '@souk/platform'
import type { CallbackEvent } from '../domain/callback.ts'

export type CallbackRow = {
  channel: string
  event_id: string
  payment_id: string
  type: string
  received_at: Date
  processed_at: Date | null
}

export const createCallbacks = (schema: Sql) => ({
  /** Keeps an event as it came; false when its id is known. */
  insert: async (tx: Query, channel: string, event: CallbackEvent, raw: Uint8Array): Promise<boolean> => {
    const made = await tx.run(sql`
      insert into ${schema}.callback_event (channel, event_id, payment_id, type, raw)
      values (${channel}, ${event.eventId}, ${event.paymentId}, ${event.type}, ${Buffer.from(raw)})
      on conflict (channel, event_id) do nothing`)
    return made === 1
  },

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
