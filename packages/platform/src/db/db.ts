import { AsyncLocalStorage } from 'node:async_hooks'
import type { Socket } from 'node:net'
import type { Clock } from '@souk/kernel'
import type pg from 'pg'
import type { AuditRow } from '../audit/audit.ts'
import { auditStatement } from '../audit/audit.ts'
import { type Outbox, type OutboxFact, type Publish, publishStatement } from '../outbox/outbox.ts'
import { scheduleStatement, type TimerRequest, unscheduleStatement } from '../timers/schedule.ts'
import { toWire } from './arrays.ts'
import { asFault, CommitUnknown, isConnectionError, isVerdict, mayRetry } from './errors.ts'
import type { Connections } from './pool.ts'
import { raw, type Sql, statementName } from './sql.ts'

export type Query = {
  /** The first row, or undefined. */
  one<R>(statement: Sql): Promise<R | undefined>
  all<R>(statement: Sql): Promise<R[]>
  /** Rows affected. */
  run(statement: Sql): Promise<number>
}

/** An open transaction. Facts and audit rows are gathered and written right before COMMIT, in one statement each. */
export type Tx = Query & {
  publish(...facts: Publish[]): void
  /** One timer per (kind, aggregate): a second schedule moves the first. Several at once must be of different ones. */
  schedule(...timers: TimerRequest[]): Promise<void>
  unschedule(kind: string, aggregateId: string): Promise<void>
  /**
   * Written right before COMMIT, in the same round trip. Nothing comes back, so it has to fail by itself when something
   * is wrong: `require_rows(touched, wanted)` of every schema does.
   */
  last(statement: Sql): void
  /** One row of who did what to what; the action word comes from the contract's `audit` annotation. */
  audit(row: AuditRow): void
}

/**
 * One context's door to the database: its role, its schema, nobody else's. `one`, `all` and `run` are single statements
 * in a transaction of their own, sent in one round trip.
 */
export type Db = Query & {
  /**
   * The same without waiting for the disk: a crash of the server may lose it, unless something was committed after it in
   * this database that did wait.
   */
  unsynced: Query
  /** The schema's name, quoted for SQL. */
  schema: Sql
  context: string
  clock: Clock
  outbox: Outbox
  /** Runs `work` in one READ COMMITTED transaction; repeated up to twice after a deadlock or serialization failure. */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

const open = new AsyncLocalStorage<true>()
/** Whether a transaction is open in this asynchronous context; typed clients refuse to call out then. */
export const inTransaction = (): boolean => open.getStore() === true

const writes = /\b(insert|update|delete)\b/i

const prepared = (statement: Sql) => {
  const text = statement.text
  const name = statementName(text)
  const values = toWire(statement)
  return name ? { name, text, values } : { text, values }
}

/** A transaction that is over: its result, whether facts went out, the earliest timer. */
type Done<T> = { result: T; published: boolean; timed: Date | undefined }

type Client = pg.PoolClient
const quiet = () => {}

/** What `send` writes leaves in one packet: a pipelined connection would otherwise write each message on its own. */
const together = <T>(client: Client, send: () => T): T => {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}

const facing = (client: Client) => {
  const query = <R>(statement: Sql) =>
    client.query(prepared(statement)) as unknown as Promise<pg.QueryResult<R & pg.QueryResultRow>>
  return {
    one: async <R>(statement: Sql) => (await query<R>(statement)).rows[0] as R | undefined,
    all: async <R>(statement: Sql) => (await query<R>(statement)).rows as R[],
    run: async (statement: Sql) => (await query(statement)).rowCount ?? 0,
  }
}

export type DbOptions = {
  pool: Connections
  context: string
  clock: Clock
  outbox: Outbox
  /** Timers were committed; the earliest may be due before the worker's next look. */
  scheduled?: (earliest: Date) => void
}

/** The schema and role of a context: `souk_order`. */
export const schemaName = (context: string): string => `souk_${context}`

/** Opens a context's door; `begin` folds the role into the first round trip. */
export const createDb = ({ pool, context, clock, outbox, scheduled = () => {} }: DbOptions): Db => {
  const schema = raw(schemaName(context))
  const begin = `BEGIN; SET LOCAL ROLE ${schemaName(context)}`
  const beginUnsynced = `${begin}; SET LOCAL synchronous_commit = off`

  const single = async <R>(statement: Sql, start: string): Promise<pg.QueryResult<R & pg.QueryResultRow>> => {
    const client = await pool.connect()
    let broken: unknown
    try {
      const [started, result, ended] = together(
        client,
        () =>
          [
            client.query(start),
            client.query(prepared(statement)) as unknown as Promise<pg.QueryResult<R & pg.QueryResultRow>>,
            client.query('COMMIT'),
          ] as const,
      )
      started.catch(quiet)
      ended.catch(quiet)
      try {
        await started
        await result
        await ended
      } catch (error) {
        result.catch(quiet)
        throw error
      }
      return await result
    } catch (error) {
      if (!isConnectionError(error)) throw error
      broken = error
      // Its COMMIT was already on the way: a write may have happened.
      throw writes.test(statement.text) ? new CommitUnknown(error) : error
    } finally {
      client.release(broken !== undefined)
    }
  }
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw asFault(error)
    }
  }

  const singles = (start: string): Query => ({
    one: (statement) => translated(async () => (await single(statement, start)).rows[0] as never),
    all: (statement) => translated(async () => (await single(statement, start)).rows as never),
    run: (statement) => translated(async () => (await single(statement, start)).rowCount ?? 0),
  })

  /** What was gathered and COMMIT, in one round trip. */
  const close = async (client: Client, gathered: readonly Sql[]): Promise<void> => {
    const [written, ended] = together(
      client,
      () => [gathered.map((statement) => client.query(prepared(statement))), client.query('COMMIT')] as const,
    )
    for (const writing of written) writing.catch(quiet)
    ended.catch(quiet)
    const { command } = await Promise.all(written)
      .then(() => ended)
      .catch((error: unknown) => {
        throw isVerdict(error) ? error : new CommitUnknown(error)
      })
    if (command !== 'COMMIT') throw new Error('the transaction was already aborted')
  }

  const attempt = async <T>(work: (tx: Tx) => Promise<T>): Promise<Done<T>> => {
    const client = await pool.connect()
    let broken = false
    try {
      const [started, working] = together(client, () => [client.query(begin), runWork(client, work)] as const)
      const [begun, worked] = await Promise.allSettled([started, working])
      // What is wrong with BEGIN says more than what it spoils afterwards.
      if (begun.status === 'rejected') throw begun.reason
      if (worked.status === 'rejected') throw worked.reason
      const { gathered, ...done } = worked.value
      await close(client, gathered)
      return done
    } catch (error) {
      broken = error instanceof CommitUnknown || isConnectionError(error)
      if (!broken)
        await client.query('ROLLBACK').catch(() => {
          broken = true
        })
      throw error
    } finally {
      client.release(broken)
    }
  }

  const runWork = async <T>(
    client: Client,
    work: (tx: Tx) => Promise<T>,
  ): Promise<Done<T> & { gathered: readonly Sql[] }> => {
    const facts: OutboxFact[] = []
    const audits: AuditRow[] = []
    const gathered: Sql[] = []
    const query = facing(client)
    let timed: Date | undefined
    const tx: Tx = {
      ...query,
      publish: (...list) => void facts.push(...list.map(outbox.toRow)),
      schedule: async (...timers) => {
        for (const { dueAt } of timers) if (!timed || dueAt < timed) timed = dueAt
        await query.run(scheduleStatement(schema, timers))
      },
      unschedule: async (kind, aggregateId) => void (await query.run(unscheduleStatement(schema, kind, [aggregateId]))),
      last: (statement) => void gathered.push(statement),
      audit: (row) => void audits.push(row),
    }
    const result = await open.run(true, () => work(tx))
    if (facts.length > 0) gathered.push(publishStatement(schema, facts))
    if (audits.length > 0) gathered.push(auditStatement(schema, audits))
    return { result, gathered, published: facts.length > 0, timed }
  }

  const repeated = async <T>(work: (tx: Tx) => Promise<T>) => {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(work)
      } catch (error) {
        if (!mayRetry(error) || tries === 3) throw error
        await new Promise((wake) => setTimeout(wake, Math.random() * 20 * tries))
      }
    }
  }

  return {
    schema,
    context,
    clock,
    outbox,
    ...singles(begin),
    unsynced: singles(beginUnsynced),
    tx: (work) =>
      translated(async () => {
        const { result, published, timed } = await repeated(work)
        if (published) outbox.wake()
        if (timed) scheduled(timed)
        return result
      }),
  }
}
