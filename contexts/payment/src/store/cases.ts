import type { PaymentCase } from '@souk/contract/payment'
import { type Money, newId } from '@souk/kernel'
import { empty, type Query, type Sql, sql } from '@souk/platform'

export type CaseKind =
  | 'AMOUNT_MISMATCH'
  | 'STRAY_MONEY'
  | 'REFUND_MISMATCH'
  | 'REFUND_UNRESOLVED'
  | 'PAYMENT_UNRESOLVED'
  | 'CALLBACK_UNKNOWN_PAYMENT'

export type Finding = { kind: CaseKind; subject: string; orderId: string; money?: Money; detail?: string }

/** Figures of the background gauges. */
export type Figures = { unknown_age: number; refund_age: number; imbalance: number; cases: number }

type CaseRow = {
  id: string
  kind: string
  subject: string
  order_id: string
  currency: string
  amount: number
  detail: string
  opened_at: Date
  closed_at: Date | null
  resolution: string
}

const toCase = ({ currency, amount, ...row }: CaseRow): PaymentCase => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  orderId: row.order_id,
  amount: currency === '' ? undefined : { currency, amount },
  detail: row.detail,
  openedAt: row.opened_at.toISOString(),
  closedAt: row.closed_at?.toISOString(),
  resolution: row.resolution,
})

export type CaseFilter = { orderId: string; closed: boolean }

export const createCases = (schema: Sql) => ({
  /** Opens a finding; the same one is never opened twice. */
  open: (tx: Query, { kind, subject, orderId, money, detail = '' }: Finding) =>
    tx.run(sql`
      insert into ${schema}.payment_case (id, kind, subject, order_id, currency, amount, detail)
      values (${newId()}::uuid, ${kind}, ${subject}, ${orderId}, ${money?.currency ?? ''}, ${money?.amount ?? 0}, ${detail})
      on conflict (kind, subject) do nothing`),

  close: (tx: Query, kinds: readonly CaseKind[], subject: string, resolution: string) =>
    tx.run(sql`
      update ${schema}.payment_case set closed_at = now(), resolution = ${resolution}
      where kind = any(${kinds}) and subject = ${subject} and closed_at is null`),

  /** Newest first, one more than asked; `before` is the id of the last case of the page before. */
  list: async (
    db: Query,
    { orderId, closed }: CaseFilter,
    size: number,
    before: string | undefined,
  ): Promise<PaymentCase[]> => {
    const rows = await db.all<CaseRow>(sql`
      select id, kind, subject, order_id, currency, amount, detail, opened_at, closed_at, resolution from ${schema}.payment_case
      where true ${closed ? empty : sql`and closed_at is null`} ${orderId ? sql`and order_id = ${orderId}` : empty}
        ${before ? sql`and id < ${before}::uuid` : empty}
      order by id desc limit ${size + 1}`)
    return rows.map(toCase)
  },

  /**
   * Ages in seconds of the oldest attempt in UNKNOWN and the oldest refund under way; entries of the
   * last hour that do not balance; open cases.
   */
  figures: (db: Query) =>
    db.one<Figures>(sql`
      select
        coalesce((select extract(epoch from now() - min(changed_at)) from ${schema}.payment where status = 'UNKNOWN'), 0)::float8
          as unknown_age,
        coalesce((select extract(epoch from now() - min(created_at)) from ${schema}.refund
          where status in ('REQUESTED', 'APPROVED', 'SENT', 'UNKNOWN', 'FAILED') and (status <> 'FAILED' or automatic)), 0)::float8
          as refund_age,
        (select count(*) from (
          select from ${schema}.posting p join ${schema}.journal_entry e on e.id = p.entry_id
          where e.at > now() - interval '1 hour' group by p.entry_id, p.currency having sum(p.amount) <> 0) unbalanced) as imbalance,
        (select count(*) from ${schema}.payment_case where closed_at is null) as cases`),
})

export type Cases = ReturnType<typeof createCases>
