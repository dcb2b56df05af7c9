import { errors } from '@souk/contract/errors'
import { Fault, fault, faultOf, newId } from '@souk/kernel'
import { type Batcher, createBatcher } from '../batch/batch.ts'
import type { Call } from '../call.ts'
import type { Db, Tx } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

type KeyRow = { principal: string; route: string; key: string; requestHash: string; resourceId: string }
type Stored = { request_hash: string; resource_id: string; state: string; reply: unknown; locked: boolean }
type Refusal = { code: string; params: Record<string, unknown>; violations: Fault['violations'] }

/** How long a running request keeps its key to itself before a retry may take over. */
const lockSeconds = 30

const principalOf = (call: Call): string =>
  call.actor.kind === 'anonymous' ? 'anonymous' : `${call.actor.kind}:${call.actor.id}`

const rowOf = (call: Call): KeyRow | undefined =>
  call.idempotencyKey
    ? {
        principal: principalOf(call),
        route: call.method ?? '',
        key: call.idempotencyKey,
        requestHash: call.requestHash ?? '',
        resourceId: newId(),
      }
    : undefined

const where = ({ principal, route, key }: KeyRow): Sql =>
  sql`principal = ${principal} and route = ${route} and key = ${key}`

/** Business refusals are answers and are replayed; everything else may be tried again (SPEC section 2). */
const isAnswer = (error: unknown): Fault | undefined => {
  const found = faultOf(error)
  const status = found && errors[found.code as keyof typeof errors]?.status
  return found && (status === 409 || status === 422) && !['IN_PROGRESS', 'IDEMPOTENCY_KEY_REUSED'].includes(found.code)
    ? found
    : undefined
}

const asRefusal = (found: Fault): Refusal => ({ code: found.code, params: found.params, violations: found.violations })

/**
 * Idempotency keys of one context (RELIABILITY D4). A key belongs to the caller and the route; the same key with the
 * same body gets the first answer, with another body IDEMPOTENCY_KEY_REUSED, while running IN_PROGRESS (twins in this
 * process wait for the first and share its answer).
 */
export type Keys = {
  /** For a verb that is one transaction: key, effect and reply commit together. Without a key: a plain transaction. */
  once<Reply>(call: Call, work: (tx: Tx) => Promise<Reply>): Promise<Reply>
  /**
   * For a verb that spans contexts: the key and the id of what it will create are committed before anything else. A
   * crash of the server may lose a key behind which nothing was committed here: then a repeat gets another id, as if the
   * first try had never come, and what it left elsewhere runs out as if nobody had come back.
   * `work` must write the reply with `finish` (or `finishCte`) in the transaction of its effect. `resumed` tells that
   * an earlier try ended without an answer: look for its traces first.
   */
  first<Reply>(call: Call, work: (resourceId: string, resumed: boolean) => Promise<Reply>): Promise<Reply>
  /** Stores the reply inside the transaction of the effect. Nothing without a key. */
  finish(tx: Tx, call: Call, reply: unknown): Promise<void>
  /** The same as a CTE named `key_rows`, for many calls at once. */
  finishCte(replies: readonly { call: Call; reply: unknown }[]): Sql
}

export const createKeys = (db: Db): Keys => {
  const table = sql`${db.schema}.idempotency_key`
  const twins = new Map<string, { hash: string; answer: Promise<unknown> }>()

  const insert = (rows: readonly KeyRow[]): Sql => sql`
    insert into ${table} (principal, route, key, request_hash, resource_id, state, locked_until)
    select t.*, 'running', now() + make_interval(secs => ${lockSeconds}) from unnest(${rows.map((r) => r.principal)}::text[], ${rows.map((r) => r.route)}::text[],
      ${rows.map((r) => r.key)}::text[], ${rows.map((r) => r.requestHash)}::text[], ${rows.map((r) => r.resourceId)}::uuid[]) t
    on conflict do nothing returning resource_id`

  const starts: Batcher<KeyRow, boolean> = createBatcher({
    name: 'idempotency',
    max: 200,
    run: async (rows) => {
      const made = new Set((await db.unsynced.all<{ resource_id: string }>(insert(rows))).map((r) => r.resource_id))
      return rows.map((row) => made.has(row.resourceId))
    },
  })

  const find = (row: KeyRow) =>
    db.one<Stored>(
      sql`select request_hash, resource_id, state, reply, coalesce(locked_until > now(), false) as locked from ${table} where ${where(row)}`,
    )

  /** What is already known of a key: its answer, or the resource id to go on with. */
  const known = async (row: KeyRow): Promise<{ reply: unknown } | { resume: string }> => {
    const stored = await find(row)
    if (!stored) throw fault('IN_PROGRESS')
    if (stored.request_hash !== row.requestHash) throw fault('IDEMPOTENCY_KEY_REUSED')
    if (stored.state === 'done') return { reply: stored.reply }
    if (stored.state === 'refused') {
      const { code, params, violations } = stored.reply as Refusal
      throw new Fault(code, params, violations)
    }
    if (stored.locked) throw fault('IN_PROGRESS')
    const taken = await db.run(sql`update ${table} set locked_until = now() + make_interval(secs => ${lockSeconds})
      where ${where(row)} and state = 'running' and coalesce(locked_until, '-infinity') <= now()`)
    if (taken === 0) throw fault('IN_PROGRESS')
    return { resume: stored.resource_id }
  }

  const refuse = (row: KeyRow, found: Fault) =>
    db.run(sql`insert into ${table} (principal, route, key, request_hash, resource_id, state, reply)
      values (${row.principal}, ${row.route}, ${row.key}, ${row.requestHash}, ${row.resourceId}::uuid, 'refused', ${JSON.stringify(asRefusal(found))}::json)
      on conflict (principal, route, key) do update set state = 'refused', reply = excluded.reply, locked_until = null
        where idempotency_key.state = 'running'`)

  const shared = async <Reply>(row: KeyRow, work: () => Promise<Reply>): Promise<Reply> => {
    const name = JSON.stringify([row.principal, row.route, row.key])
    const twin = twins.get(name)
    if (twin) {
      if (twin.hash !== row.requestHash) throw fault('IDEMPOTENCY_KEY_REUSED')
      return twin.answer as Promise<Reply>
    }
    const answer = work().finally(() => twins.delete(name))
    twins.set(name, { hash: row.requestHash, answer })
    return answer
  }

  const onceKeyed = async <Reply>(row: KeyRow, work: (tx: Tx) => Promise<Reply>): Promise<Reply> => {
    const taken = Symbol('taken')
    const outcome = await db
      .tx(async (tx) => {
        if ((await tx.run(insert([row]))) === 0) return taken
        const reply = await work(tx)
        await tx.run(
          sql`update ${table} set state = 'done', locked_until = null, reply = ${JSON.stringify(reply)}::json where ${where(row)}`,
        )
        return reply
      })
      .catch(async (error: unknown) => {
        const found = isAnswer(error)
        if (found) await refuse(row, found)
        throw error
      })
    if (outcome !== taken) return outcome as Reply
    const old = await known(row)
    if ('reply' in old) return old.reply as Reply
    await db.run(sql`delete from ${table} where ${where(row)} and state = 'running'`)
    return onceKeyed(row, work)
  }

  const firstKeyed = async <Reply>(
    row: KeyRow,
    call: Call,
    work: (resourceId: string, resumed: boolean) => Promise<Reply>,
  ): Promise<Reply> => {
    let id = row.resourceId
    let resumed = false
    if (!(await starts.add(row, call.deadline))) {
      const old = await known(row)
      if ('reply' in old) return old.reply as Reply
      id = old.resume
      resumed = true
    }
    try {
      return await work(id, resumed)
    } catch (error) {
      const found = isAnswer(error)
      if (found) await refuse(row, found)
      else
        await db
          .run(sql`update ${table} set locked_until = null where ${where(row)} and state = 'running'`)
          .catch(() => 0)
      throw error
    }
  }

  return {
    once: (call, work) => {
      const row = rowOf(call)
      return row ? shared(row, () => onceKeyed(row, work)) : db.tx(work)
    },
    first: (call, work) => {
      const row = rowOf(call)
      return row ? shared(row, () => firstKeyed(row, call, work)) : work(newId(), false)
    },
    finish: async (tx, call, reply) => {
      const row = rowOf(call)
      if (row)
        await tx.run(
          sql`update ${table} set state = 'done', locked_until = null, reply = ${JSON.stringify(reply)}::json where ${where(row)}`,
        )
    },
    finishCte: (replies) => {
      const keyed = replies.flatMap(({ call, reply }) => {
        const row = rowOf(call)
        return row ? [{ ...row, reply: JSON.stringify(reply) }] : []
      })
      return sql`key_rows as (
        update ${table} k set state = 'done', locked_until = null, reply = t.reply::json
        from unnest(${keyed.map((r) => r.principal)}::text[], ${keyed.map((r) => r.route)}::text[], ${keyed.map((r) => r.key)}::text[], ${keyed.map((r) => r.reply)}::text[]) t(principal, route, key, reply)
        where k.principal = t.principal and k.route = t.route and k.key = t.key)`
    },
  }
}
