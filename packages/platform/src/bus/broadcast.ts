import type { Db } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { Envelope } from '../inbox/inbox.ts'

export type BroadcastPage = { facts: Envelope[]; cursor: string }

type Row = {
  event_id: string
  type: string
  aggregate_id: string
  aggregate_version: number
  payload: string
  traceparent: string
  created_at: Date
}

const most = 1000

/**
 * Broadcast facts of one context since a cursor, at least once. The cursor is the snapshot's xmin: every transaction
 * below it had ended when the page was read, so a slow commit cannot slip behind it as it would behind an id. Readers
 * drop the repeats that this costs. An empty cursor starts now.
 */
export const readBroadcast = async (db: Db, cursor: string): Promise<BroadcastPage> => {
  if (!/^\d*$/.test(cursor)) return readBroadcast(db, '')
  const rows = await db.all<Row & { xmin: string }>(sql`
    select s.xmin, o.event_id, o.type, o.aggregate_id, o.aggregate_version, o.payload::text as payload, o.traceparent, o.created_at
    from (select pg_snapshot_xmin(pg_current_snapshot())::text as xmin) s
    left join lateral (
      select * from ${db.schema}.outbox where broadcast and ${cursor} <> '' and xid >= ${cursor || '0'}::xid8 order by xid limit ${most}
    ) o on true`)
  const facts = rows.filter((row) => row.event_id !== null)
  // A full page ends before the snapshot does: go on where it stopped.
  const last = facts.length === most ? await lastXid(db, facts.at(-1)!.event_id) : rows[0]!.xmin
  return {
    cursor: last,
    facts: facts.map((row) => ({
      eventId: row.event_id,
      type: row.type,
      aggregateId: row.aggregate_id,
      aggregateVersion: row.aggregate_version,
      payload: row.payload,
      traceparent: row.traceparent,
      at: row.created_at.toISOString(),
    })),
  }
}

const lastXid = async (db: Db, eventId: string): Promise<string> =>
  (await db.one<{ xid: string }>(sql`select xid::text from ${db.schema}.outbox where event_id = ${eventId}`))?.xid ?? ''

/** Forgets which facts were already handed on after so many; enough for the repeats of a few polls. */
const remembered = 20_000

export type BroadcastReader = {
  /** Resolves when every context has answered once: facts from here on are heard. */
  listening: Promise<void>
  stop(): Promise<void>
}

/**
 * Follows the broadcast facts of several contexts and hands each to `listener` once per process. `poll` is held by the
 * other side for up to a second when there is nothing.
 */
export const followBroadcast = (
  contexts: readonly string[],
  poll: (context: string, cursor: string) => Promise<BroadcastPage>,
  listener: (fact: Envelope) => void,
  onError: (context: string, error: unknown) => void,
): BroadcastReader => {
  let stopped = false
  const seen = new Set<string>()
  const follow = async (context: string, heard: () => void): Promise<void> => {
    let cursor = ''
    while (!stopped) {
      try {
        const page = await poll(context, cursor)
        cursor = page.cursor
        heard()
        for (const fact of page.facts) {
          if (seen.has(fact.eventId)) continue
          seen.add(fact.eventId)
          listener(fact)
        }
        if (seen.size > remembered) for (const id of [...seen].slice(0, remembered / 2)) seen.delete(id)
      } catch (error) {
        if (stopped) return
        onError(context, error)
        await new Promise((wake) => setTimeout(wake, 500))
      }
    }
  }
  const first = contexts.map((context) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    return { promise, loop: follow(context, resolve) }
  })
  const loops = first.map(({ loop }) => loop)
  return {
    listening: Promise.all(first.map(({ promise }) => promise)).then(() => undefined),
    stop: async () => {
      stopped = true
      await Promise.race([Promise.all(loops), new Promise((wake) => setTimeout(wake, 1500))])
    },
  }
}
