import type { RefundStatus } from '@souk/contract/payment'
import type { Money } from '@souk/kernel'
import { type Query, type Sql, sql } from '@souk/platform'
import type { LineQuantity } from '../domain/refund-lines.ts'

export type RefundPurpose = 'refund' | 'suspense'

export type RefundRow = {
  id: string
  payment_id: string
  order_id: string
  purpose: RefundPurpose
  currency: string
  amount: number
  status: RefundStatus
  reason: string
  automatic: boolean
  created_at: Date
}

export type NewRefund = {
  id: string
  paymentId: string
  orderId: string
  purpose: RefundPurpose
  money: Money
  reason: string
  automatic: boolean
}

const columns = sql`id, payment_id, order_id, purpose, currency, amount, status, reason, automatic, created_at`

export const createRefunds = (schema: Sql) => ({
  find: (db: Query, id: string) =>
    db.one<RefundRow>(sql`select ${columns} from ${schema}.refund where id = ${id}::uuid`),

  lock: (tx: Query, id: string) =>
    tx.one<RefundRow>(sql`select ${columns} from ${schema}.refund where id = ${id}::uuid for update`),

  /** Sent to the channel at least once and not known to have succeeded. */
  sentOf: (db: Query, paymentId: string) =>
    db.all<RefundRow>(sql`
      select ${columns} from ${schema}.refund
      where payment_id = ${paymentId}::uuid and status in ('SENT', 'UNKNOWN', 'FAILED') order by id`),

  insert: async (tx: Query, refund: NewRefund, lines: readonly LineQuantity[]): Promise<void> => {
    await tx.run(sql`
      insert into ${schema}.refund (id, payment_id, order_id, purpose, currency, amount, status, reason, automatic)
      values (${refund.id}::uuid, ${refund.paymentId}::uuid, ${refund.orderId}::uuid, ${refund.purpose},
        ${refund.money.currency}, ${refund.money.amount}, 'APPROVED', ${refund.reason}, ${refund.automatic})`)
    if (lines.length > 0)
      await tx.run(sql`
        insert into ${schema}.refund_line (refund_id, sku_id, quantity)
        select ${refund.id}::uuid, t.* from unnest(${lines.map((l) => l.skuId)}::text[], ${lines.map((l) => l.quantity)}::bigint[]) t`)
  },

  move: (tx: Query, from: RefundRow, to: RefundStatus, reference = '') =>
    tx.one<RefundRow>(sql`
      update ${schema}.refund set status = ${to}, changed_at = now(),
        channel_reference = coalesce(nullif(${reference}, ''), channel_reference)
      where id = ${from.id}::uuid and status = ${from.status} returning ${columns}`),

  /** Units per SKU that went back or are on their way back. */
  refundedUnits: async (tx: Query, paymentId: string): Promise<Map<string, number>> => {
    const rows = await tx.all<{ sku_id: string; units: number }>(sql`
      select l.sku_id, sum(l.quantity)::bigint as units from ${schema}.refund_line l join ${schema}.refund r on r.id = l.refund_id
      where r.payment_id = ${paymentId}::uuid and r.status not in ('FAILED', 'REJECTED') group by l.sku_id`)
    return new Map(rows.map((row) => [row.sku_id, row.units]))
  },

  /** Given up: a failed automatic refund whose money went back otherwise. */
  abandon: (tx: Query, id: string) =>
    tx.run(sql`update ${schema}.refund set automatic = false where id = ${id}::uuid and status = 'FAILED'`),

  /** An automatic refund of captured money that failed for now: its own timer tries it again. */
  awaitsRetry: async (tx: Query, paymentId: string): Promise<boolean> => {
    const row = await tx.one(sql`
      select 1 from ${schema}.refund
      where payment_id = ${paymentId}::uuid and purpose = 'refund' and automatic and status = 'FAILED' limit 1`)
    return row !== undefined
  },

  /** Refunds of an order that may still move money. */
  unresolved: async (tx: Query, orderId: string): Promise<number> => {
    const row = await tx.one<{ count: number }>(sql`
      select count(*) as count from ${schema}.refund
      where order_id = ${orderId}::uuid and (status in ('REQUESTED', 'APPROVED', 'SENT', 'UNKNOWN') or (status = 'FAILED' and automatic))`)
    return row?.count ?? 0
  },
})

export type Refunds = ReturnType<typeof createRefunds>
