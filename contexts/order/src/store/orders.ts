import { isId } from '@souk/kernel'
import { currentTraceparent, type Db, type Query, type Sql, sql, type Tx, withTrace } from '@souk/platform'
import type { Move } from '../domain/moves.ts'
import type { Entry, Order } from '../domain/order.ts'
import { type LineJson, linesFromJson } from './lines.ts'

/** The timer that ends an unpaid order. */
export const paymentTimer = 'order.payment'

export type OrderRow = {
  id: string
  number: string
  buyer_id: string
  status: Order['status']
  version: number
  currency: string
  subtotal: number
  discount: number
  freight: number
  tax: number
  total: number
  lines: LineJson[]
  groups: Order['groups']
  address: Order['address']
  note: string
  pay_before: Date
  created_at: Date
  captured: number
  refunded: number
  paid: boolean
  on_delivery: boolean
  open_payment_id: string | null
  open_method: string | null
  cancel_reason: Order['cancelReason']
}

type EntryJson = Omit<Entry, 'at' | 'orderId'> & { order_id: string; at: string }

const entryFromJson = ({ order_id, at, ...rest }: EntryJson): Entry => ({
  ...rest,
  orderId: order_id,
  at: new Date(at),
})

const orderFromRow = (row: OrderRow): Order => ({
  id: row.id,
  number: row.number,
  buyerId: row.buyer_id,
  status: row.status,
  version: row.version,
  currency: row.currency,
  subtotal: row.subtotal,
  discount: row.discount,
  freight: row.freight,
  tax: row.tax,
  total: row.total,
  lines: linesFromJson(row.lines),
  groups: row.groups,
  address: row.address,
  note: row.note,
  payBefore: row.pay_before,
  createdAt: row.created_at,
  captured: row.captured,
  refunded: row.refunded,
  paid: row.paid,
  onDelivery: row.on_delivery,
  openPaymentId: row.open_payment_id,
  openMethod: row.open_method,
  cancelReason: row.cancel_reason,
})

/** A move and the trace that it belongs to, when that is not the current one. */
export type TracedMove = Move & { traceparent?: string }

/** An order with its history, oldest first. */
export type Story = { order: Order; entries: Entry[] }

export type OrderStore = ReturnType<typeof createOrderStore>

const ids = (list: readonly string[]): string[] => [...new Set(list)].filter(isId)

export const createOrderStore = (db: Db) => {
  const orders = sql`${db.schema}.orders`
  const timeline = sql`${db.schema}.timeline`

  const tell = async (query: Query, which: Sql): Promise<Story | undefined> => {
    const row = await query.one<OrderRow & { entries: EntryJson[] }>(sql`
      select o.*, (select json_agg(t order by t.version) from ${timeline} t where t.order_id = o.id) as entries
      from ${orders} o where ${which}`)
    return row && { order: orderFromRow(row), entries: row.entries.map(entryFromJson) }
  }

  return {
    /** Somebody's own order; a stranger's is not there. */
    findOwn: async (id: string, buyerId: string, query: Query = db): Promise<Story | undefined> =>
      isId(id) ? tell(query, sql`o.id = ${id}::uuid and o.buyer_id = ${buyerId}::uuid`) : undefined,

    /** Any order, for staff and other contexts. */
    find: async (id: string, query: Query = db): Promise<Story | undefined> =>
      isId(id) ? tell(query, sql`o.id = ${id}::uuid`) : undefined,

    /** Locks orders in the order of their ids. `now` is the database's clock. */
    lock: async (tx: Tx, orderIds: readonly string[]): Promise<{ orders: Order[]; now: Date }> => {
      const rows = await tx.all<OrderRow & { now: Date }>(sql`
        select o.*, clock_timestamp() as now from ${orders} o where o.id = any(${ids(orderIds)}::uuid[]) order by o.id for update`)
      return { orders: rows.map(orderFromRow), now: rows.at(-1)?.now ?? db.clock.now() }
    },

    /** Locks one order if it belongs to the buyer. */
    lockOwn: async (tx: Tx, id: string, buyerId: string): Promise<{ order: Order; now: Date } | undefined> => {
      if (!isId(id) || !isId(buyerId)) return undefined
      const row = await tx.one<OrderRow & { now: Date }>(sql`
        select o.*, clock_timestamp() as now from ${orders} o
        where o.id = ${id}::uuid and o.buyer_id = ${buyerId}::uuid for update`)
      return row && { order: orderFromRow(row), now: row.now }
    },

    /**
     * Writes moves of locked orders: last state, one history row each, no payment timer where nothing waits for money
     * any more; their facts go out with the transaction.
     */
    save: async (tx: Tx, moves: readonly TracedMove[]): Promise<void> => {
      if (moves.length === 0) return
      const last = [...new Map(moves.map(({ order }) => [order.id, order])).values()]
      const settled = last.filter(({ status, onDelivery }) => status !== 'AWAITING_PAYMENT' || onDelivery)
      const known = last.map(({ id }) => moves.find(({ order }) => order.id === id)!.order.version - 1)
      const saved = await tx.one<{ count: number }>(sql`
        with saved as (
          update ${orders} o set status = t.status, version = t.version, groups = t.groups, captured = t.captured, refunded = t.refunded,
            paid = t.paid, on_delivery = t.on_delivery, open_payment_id = t.open_payment_id, open_method = t.open_method, cancel_reason = t.cancel_reason
          from unnest(${last.map((o) => o.id)}::uuid[], ${known}::bigint[], ${last.map((o) => o.status)}::text[], ${last.map((o) => o.version)}::bigint[],
            ${last.map((o) => JSON.stringify(o.groups))}::jsonb[], ${last.map((o) => o.captured)}::bigint[], ${last.map((o) => o.refunded)}::bigint[],
            ${last.map((o) => o.paid)}::boolean[], ${last.map((o) => o.onDelivery)}::boolean[], ${last.map((o) => o.openPaymentId)}::text[],
            ${last.map((o) => o.openMethod)}::text[], ${last.map((o) => o.cancelReason)}::text[])
            t(id, known, status, version, groups, captured, refunded, paid, on_delivery, open_payment_id, open_method, cancel_reason)
          where o.id = t.id and o.version = t.known
          returning o.id),
        told as (${insertEntries(
          db.schema,
          moves.map(({ entry }) => entry),
        )}),
        calm as (delete from ${db.schema}.timer where kind = ${paymentTimer} and aggregate_id = any(${settled.map(({ id }) => id)}))
        select count(*) as count from saved`)
      if (saved?.count !== last.length) throw new Error('an order changed while it was locked')
      for (const { fact, traceparent } of moves)
        if (fact) withTrace(traceparent ?? currentTraceparent(), () => tx.publish(fact))
    },

    /** Of these ids, the ones that are orders whose stock is still needed. */
    needed: async (tx: Tx, orderIds: readonly string[]): Promise<Set<string>> => {
      const rows = await tx.all<{ id: string }>(
        sql`select id from ${orders} where id = any(${ids(orderIds)}::uuid[]) and status <> 'CANCELLED'`,
      )
      return new Set(rows.map(({ id }) => id))
    },

    /** Whether anybody has an order of this id. */
    exists: async (id: string): Promise<boolean> =>
      (await db.one(sql`select 1 from ${orders} where id = ${id}::uuid`)) !== undefined,
  }
}

/** History rows, as the body of a CTE. */
export const insertEntries = (schema: Sql, entries: readonly Entry[]): Sql => sql`
  insert into ${schema}.timeline (order_id, version, at, event, was, status, actor, detail)
  select * from unnest(${entries.map((e) => e.orderId)}::uuid[], ${entries.map((e) => e.version)}::bigint[], ${entries.map((e) => e.at.toISOString())}::timestamptz[],
    ${entries.map((e) => e.event)}::text[], ${entries.map((e) => e.was)}::text[], ${entries.map((e) => e.status)}::text[],
    ${entries.map((e) => e.actor)}::text[], ${entries.map((e) => e.detail)}::text[])`
