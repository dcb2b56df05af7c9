import type { Timer, TimerHandler } from '../context.ts'
import type { Db } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import { errorText, type Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'

export type TimerWorker = {
  /** A timer was scheduled: looks again at once unless it would have looked before `dueAt` anyway. */
  wake(dueAt: Date): void
  stop(): Promise<void>
  /** Fires what is due; with `all` whatever is scheduled. For tests and re-drive. Answers how many fired. */
  runDue(options?: { all?: boolean }): Promise<number>
}

type Options = {
  db: Db
  handlers: Record<string, TimerHandler>
  log: Log
  metrics: Metrics
  /** Milliseconds between looks; default 2,000. A known next due time or a wake makes it earlier. */
  pollMs?: number
}

type Row = {
  id: string
  kind: string
  aggregate_id: string
  payload: unknown
  attempts: number
  due_at: Date
  claim: string
}

const batch = 50
const width = 8
/** While it works on a timer, others leave it alone for so long. */
const lockSeconds = 60
const mostBackoffSeconds = 600

/**
 * Fires durable timers by the database's clock. A timer is claimed for a minute (several workers never fire it at
 * once while it runs), removed after its handler returned, and moved into the future when it threw.
 */
export const createTimerWorker = ({ db, handlers, log, metrics, pollMs = 2000 }: Options): TimerWorker => {
  const { schema } = db
  const kinds = Object.keys(handlers)
  let stopped = false
  let round: Promise<number> | undefined
  let again = false
  let sleep: NodeJS.Timeout | undefined
  let nextLook = 0

  const claim = (all: boolean): Promise<Row[]> =>
    db.all<Row>(sql`
      update ${schema}.timer set locked_until = now() + make_interval(secs => ${lockSeconds}), attempts = attempts + 1
      where id in (
        select id from ${schema}.timer
        where (due_at <= now() or ${all}) and kind = any(${kinds}) and coalesce(locked_until, '-infinity') < now()
        order by due_at limit ${batch} for update skip locked)
      returning id, kind, aggregate_id, payload, attempts, due_at, locked_until::text as claim`)

  /**
   * Until something is due, or until the claim ends of somebody who may have been killed with it: among those due longest,
   * for a backlog has no end, and what stands behind it is found by the next look.
   */
  const untilNext = async (): Promise<number> => {
    const row = await db.one<{ wait: number | null }>(sql`
      select (extract(epoch from least(
        (select min(due_at) from ${schema}.timer where locked_until is null),
        (select min(locked_until) from (select locked_until from ${schema}.timer where due_at <= now() order by due_at limit ${batch}) longest),
        now() + interval '1 hour') - now()) * 1000)::float8 as wait`)
    return row?.wait ?? pollMs
  }

  const fire = async (row: Row): Promise<void> => {
    const timer: Timer = {
      id: row.id,
      kind: row.kind,
      aggregateId: row.aggregate_id,
      payload: row.payload,
      attempts: row.attempts,
      dueAt: row.due_at,
    }
    try {
      await handlers[row.kind]?.(timer)
      // Only if the handler has not scheduled it anew.
      await db.run(sql`delete from ${schema}.timer where id = ${row.id} and locked_until = ${row.claim}::timestamptz`)
    } catch (error) {
      const wait = Math.min(2 ** Math.min(row.attempts, 12), mostBackoffSeconds)
      log.warn('timer will run again', {
        context: db.context,
        timer: row.kind,
        aggregateId: row.aggregate_id,
        attempts: row.attempts,
        error: errorText(error),
      })
      metrics.count('timer_failures', { kind: row.kind })
      await db.run(sql`update ${schema}.timer set locked_until = null, last_error = ${errorText(error)}, due_at = now() + make_interval(secs => ${wait})
        where id = ${row.id} and locked_until = ${row.claim}::timestamptz`)
    }
  }

  const runDue = async ({ all = false }: { all?: boolean } = {}): Promise<number> => {
    if (kinds.length === 0) return 0
    let fired = 0
    for (;;) {
      const rows = await claim(all)
      const waiting = [...rows]
      const worker = async () => {
        for (let row = waiting.shift(); row; row = waiting.shift()) await fire(row)
      }
      await Promise.all(Array.from({ length: Math.min(width, rows.length) }, worker))
      fired += rows.length
      if (rows.length < batch || all || stopped) return fired
    }
  }

  const run = (): Promise<number> => {
    if (round) {
      again = true
      return round
    }
    clearTimeout(sleep)
    let wait = pollMs
    round = (async () => {
      let fired = 0
      do {
        again = false
        wait = await untilNext()
        if (wait <= 0) {
          fired += await runDue()
          wait = await untilNext()
        }
        wait = Math.min(pollMs, Math.max(wait, 20))
      } while (again && !stopped)
      return fired
    })()
      .catch((error) => {
        log.warn('timers could not be read', { context: db.context, error: errorText(error) })
        return 0
      })
      .finally(() => {
        round = undefined
        nextLook = Date.now() + wait
        if (!stopped) sleep = setTimeout(run, wait)
      })
    return round
  }

  if (kinds.length > 0) sleep = setTimeout(run, 0)
  return {
    wake: (dueAt) => void (stopped || kinds.length === 0 || (!round && dueAt.getTime() >= nextLook) || run()),
    stop: async () => {
      stopped = true
      clearTimeout(sleep)
      await round
    },
    runDue,
  }
}
