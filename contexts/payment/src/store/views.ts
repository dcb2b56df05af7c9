import type { AttemptStatus, AttemptStatus_Value, Payment, Refund, RefundStatus } from '@souk/contract/payment'
import { empty, type Query, type Sql, sql } from '@souk/platform'
import type { RefundRow } from './refunds.ts'

type RefundJson = { id: string; amount: number; status: RefundStatus; reason: string; created_at: string }

type ViewRow = {
  id: string
  order_id: string
  method: string
  status: AttemptStatus
  currency: string
  amount: number
  captured: number
  refunded: number
  redirect_url: string
  failure: string
  created_at: Date
  refunds: RefundJson[]
}

/** States in which there is still something to open. */
const openable: readonly AttemptStatus[] = ['PROCESSING', 'UNKNOWN', 'AUTHORISED']

export const toPayment = (row: ViewRow): Payment => ({
  id: row.id,
  orderId: row.order_id,
  status: row.status,
  amount: { currency: row.currency, amount: row.amount },
  captured: { currency: row.currency, amount: row.captured },
  refunded: { currency: row.currency, amount: row.refunded },
  refunds: row.refunds.map(({ id, amount, status, reason, created_at }) => ({
    id,
    amount: { currency: row.currency, amount },
    status,
    reason,
    createdAt: new Date(created_at).toISOString(),
    paymentId: row.id,
  })),
  method: row.method,
  redirectUrl: openable.includes(row.status) ? row.redirect_url : '',
  createdAt: row.created_at.toISOString(),
  failure: row.failure,
})

export const toRefund = (row: RefundRow): Refund => ({
  id: row.id,
  amount: { currency: row.currency, amount: row.amount },
  status: row.status,
  reason: row.reason,
  createdAt: row.created_at.toISOString(),
  paymentId: row.payment_id,
})

export type ListFilter = { orderId: string; status: AttemptStatus_Value }

/** Reads: SQL to reply. Returned suspense money is no refund of the order's money and stays out of these lists. */
export const createViews = (schema: Sql) => {
  const columns = sql`p.id, p.order_id, p.method, p.status, p.currency, p.amount, p.captured, p.refunded, p.redirect_url,
    p.failure, p.created_at,
    (select coalesce(json_agg(json_build_object('id', r.id, 'amount', r.amount, 'status', r.status, 'reason', r.reason,
        'created_at', r.created_at) order by r.id), '[]')
     from ${schema}.refund r where r.payment_id = p.id and r.purpose = 'refund') as refunds`
  const one = async (db: Query, where: Sql): Promise<Payment | undefined> => {
    const row = await db.one<ViewRow>(sql`select ${columns} from ${schema}.payment p where ${where}`)
    return row && toPayment(row)
  }
  return {
    payment: (db: Query, id: string) => one(db, sql`p.id = ${id}::uuid`),

    owned: (db: Query, id: string, buyerId: string) => one(db, sql`p.id = ${id}::uuid and p.buyer_id = ${buyerId}`),

    /** Oldest first. */
    ofOrder: async (db: Query, orderId: string, buyerId: string): Promise<Payment[]> => {
      const rows = await db.all<ViewRow>(sql`
        select ${columns} from ${schema}.payment p where p.order_id = ${orderId}::uuid and p.buyer_id = ${buyerId} order by p.id`)
      return rows.map(toPayment)
    },

    /** Newest first, one more than asked; `before` is the id of the last payment of the page before. */
    list: async (
      db: Query,
      { orderId, status }: ListFilter,
      size: number,
      before: string | undefined,
    ): Promise<Payment[]> => {
      const rows = await db.all<ViewRow>(sql`
        select ${columns} from ${schema}.payment p
        where true ${orderId ? sql`and p.order_id = ${orderId}::uuid` : empty}
          ${status !== 'UNSPECIFIED' ? sql`and p.status = ${status}` : empty}
          ${before ? sql`and p.id < ${before}::uuid` : empty}
        order by p.id desc limit ${size + 1}`)
      return rows.map(toPayment)
    },
  }
}

export type Views = ReturnType<typeof createViews>
