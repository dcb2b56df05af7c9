import type { AttemptStatus } from '@souk/contract/payment'
import type { Money } from '@souk/kernel'
import { type Query, type Sql, scheduleStatement, sql, type TimerRequest } from '@souk/platform'

export type Standing = 'OPEN' | 'CANCELLING' | 'CANCELLED'
export type OrderRow = { order_id: string; standing: Standing; settled: boolean; version: number }

export type AttemptRow = {
  id: string
  order_id: string
  order_number: string
  buyer_id: string
  method: string
  status: AttemptStatus
  currency: string
  amount: number
  captured: number
  refunded: number
  refund_pending: number
  version: number
  created_at: Date
}

export type NewAttempt = {
  id: string
  orderId: string
  orderNumber: string
  buyerId: string
  method: string
  amount: Money
}

const orderColumns = sql`order_id, standing, settled, version`
export const attemptColumns = sql`id, order_id, order_number, buyer_id, method, status, currency, amount, captured, refunded,
  refund_pending, version, created_at`
const openStatus = sql`status in ('INITIATED', 'PROCESSING', 'UNKNOWN', 'AUTHORISED')`

/** What of a capture is neither back nor on its way back. */
export const kept = (row: AttemptRow): number => row.captured - row.refunded - row.refund_pending

export const moneyOf = ({ currency, amount }: { currency: string; amount: number }): Money => ({ currency, amount })

export type Locked = { orders: OrderRow[]; attempts: AttemptRow[] }

/** Takes the locks of orders, also of those that payment meets for the first time, in one order for everybody. */
const lockOrders = (tx: Query, schema: Sql, orderIds: readonly string[]) =>
  tx.all<OrderRow>(sql`
    insert into ${schema}.order_standing as o (order_id) select t.id from unnest(${orderIds}::uuid[]) t(id) order by t.id
    on conflict (order_id) do update set standing = o.standing
    returning ${orderColumns}`)

/** Orders and attempts. A transaction takes the order's lock before it touches attempts or refunds of the order. */
export const createAttempts = (schema: Sql) => ({
  lockOrder: async (tx: Query, orderId: string): Promise<OrderRow> => {
    const [row] = await lockOrders(tx, schema, [orderId])
    if (!row) throw new Error('an upsert returned nothing')
    return row
  },

  /** Orders and all their attempts. */
  lockOrders: async (tx: Query, orderIds: readonly string[]): Promise<Locked> => {
    const ids = [...new Set(orderIds)]
    const [orders, attempts] = await Promise.all([
      lockOrders(tx, schema, ids),
      tx.all<AttemptRow>(
        sql`select ${attemptColumns} from ${schema}.payment where order_id = any(${ids}::uuid[]) order by id for update`,
      ),
    ])
    return { orders, attempts }
  },

  /** The orders of these payments and all their attempts. */
  lockOrdersOf: async (tx: Query, ids: readonly string[]): Promise<Locked> => {
    const concerned = sql`order_id = any(array(select order_id from ${schema}.payment where id = any(${ids}::uuid[])))`
    // The second statement begins when the first has its locks, so it sees what they waited for.
    const [orders, attempts] = await Promise.all([
      tx.all<OrderRow>(
        sql`select ${orderColumns} from ${schema}.order_standing where ${concerned} order by order_id for update`,
      ),
      tx.all<AttemptRow>(
        sql`select ${attemptColumns} from ${schema}.payment where ${concerned} order by id for update`,
      ),
    ])
    return { orders, attempts }
  },

  /** Standing only ever worsens: a cancelled order does not go back to being cancelled. */
  close: (tx: Query, orderId: string, standing: 'CANCELLING' | 'CANCELLED') =>
    tx.run(sql`
      insert into ${schema}.order_standing as o (order_id, standing) values (${orderId}::uuid, ${standing})
      on conflict (order_id) do update set standing = excluded.standing where o.standing <> 'CANCELLED'`),

  settle: (tx: Query, orderId: string) =>
    tx.one<{ version: number }>(sql`
      update ${schema}.order_standing set settled = true, version = version + 1
      where order_id = ${orderId}::uuid and standing = 'CANCELLING' and not settled returning version`),

  find: (db: Query, id: string) =>
    db.one<AttemptRow>(sql`select ${attemptColumns} from ${schema}.payment where id = ${id}::uuid`),

  findOwned: (db: Query, id: string, buyerId: string) =>
    db.one<AttemptRow>(
      sql`select ${attemptColumns} from ${schema}.payment where id = ${id}::uuid and buyer_id = ${buyerId}`,
    ),

  openOfOrders: (db: Query, orderIds: readonly string[]) =>
    db.all<AttemptRow>(
      sql`select ${attemptColumns} from ${schema}.payment where order_id = any(${orderIds}::uuid[]) and ${openStatus}`,
    ),

  openOfOrder: (db: Query, orderId: string) =>
    db.all<AttemptRow>(
      sql`select ${attemptColumns} from ${schema}.payment where order_id = ${orderId}::uuid and ${openStatus}`,
    ),

  lock: (tx: Query, id: string) =>
    tx.one<AttemptRow>(sql`select ${attemptColumns} from ${schema}.payment where id = ${id}::uuid for update`),

  lockOfOrder: (tx: Query, orderId: string) =>
    tx.all<AttemptRow>(
      sql`select ${attemptColumns} from ${schema}.payment where order_id = ${orderId}::uuid order by id for update`,
    ),

  insert: (tx: Query, attempt: NewAttempt) =>
    tx.one<AttemptRow>(sql`
      insert into ${schema}.payment (id, order_id, order_number, buyer_id, method, currency, amount)
      values (${attempt.id}::uuid, ${attempt.orderId}::uuid, ${attempt.orderNumber}, ${attempt.buyerId}, ${attempt.method},
        ${attempt.amount.currency}, ${attempt.amount.amount})
      on conflict do nothing returning ${attemptColumns}`),

  /** Opens attempts of different orders, each with the timer that asks about it; answers those it wrote. */
  insertAll: (tx: Query, attempts: readonly NewAttempt[], timers: readonly TimerRequest[]) =>
    tx.all<AttemptRow>(sql`
      with timers as (${scheduleStatement(schema, timers)})
      insert into ${schema}.payment (id, order_id, order_number, buyer_id, method, currency, amount)
      select * from unnest(${attempts.map((a) => a.id)}::uuid[], ${attempts.map((a) => a.orderId)}::uuid[], ${attempts.map((a) => a.orderNumber)}::text[],
        ${attempts.map((a) => a.buyerId)}::text[], ${attempts.map((a) => a.method)}::text[], ${attempts.map((a) => a.amount.currency)}::text[],
        ${attempts.map((a) => a.amount.amount)}::bigint[])
      on conflict do nothing returning ${attemptColumns}`),

  /** To a state that is still open; `facts` more facts are said about it. */
  proceed: (
    tx: Query,
    from: AttemptRow,
    to: AttemptStatus,
    facts: number,
    page?: { redirectUrl: string; reference: string },
  ) =>
    tx.one<AttemptRow>(sql`
      update ${schema}.payment set status = ${to}, version = version + ${facts}, changed_at = now(),
        redirect_url = coalesce(nullif(${page?.redirectUrl ?? ''}, ''), redirect_url),
        channel_reference = coalesce(nullif(${page?.reference ?? ''}, ''), channel_reference)
      where id = ${from.id}::uuid and status = ${from.status} returning ${attemptColumns}`),

  capture: (tx: Query, from: AttemptRow, reference: string) =>
    tx.one<AttemptRow>(sql`
      update ${schema}.payment set status = 'CAPTURED', captured = amount, version = version + 1, changed_at = now(),
        channel_reference = coalesce(nullif(${reference}, ''), channel_reference)
      where id = ${from.id}::uuid and status = ${from.status} and ${openStatus} returning ${attemptColumns}`),

  /** Over without captured money. */
  end: (tx: Query, from: AttemptRow, to: AttemptStatus, failure: string) =>
    tx.one<AttemptRow>(sql`
      update ${schema}.payment set status = ${to}, failure = ${failure}, version = version + 1, changed_at = now()
      where id = ${from.id}::uuid and status = ${from.status} and ${openStatus} returning ${attemptColumns}`),

  /** Sets money aside for a refund; nothing when less than that is left. */
  reserveRefund: (tx: Query, id: string, amount: number) =>
    tx.one<AttemptRow>(sql`
      update ${schema}.payment set refund_pending = refund_pending + ${amount}, changed_at = now()
      where id = ${id}::uuid and refunded + refund_pending + ${amount} <= captured returning ${attemptColumns}`),

  releaseRefund: (tx: Query, id: string, amount: number) =>
    tx.run(sql`
      update ${schema}.payment set refund_pending = refund_pending - ${amount}, changed_at = now() where id = ${id}::uuid`),

  completeRefund: (tx: Query, id: string, amount: number) =>
    tx.one<AttemptRow>(sql`
      update ${schema}.payment set refund_pending = refund_pending - ${amount}, refunded = refunded + ${amount},
        version = version + 1, changed_at = now()
      where id = ${id}::uuid returning ${attemptColumns}`),

  /** The path of an attempt or a refund, for whoever asks how it got there. */
  remember: (tx: Query, subjectId: string, from: string, path: readonly string[], cause: string) =>
    tx.run(sql`
      insert into ${schema}.move (subject_id, cause, from_status, to_status)
      select ${subjectId}::uuid, ${cause}, t.* from unnest(${[from, ...path.slice(0, -1)]}::text[], ${path}::text[]) t`),
})

export type Attempts = ReturnType<typeof createAttempts>
