import type { BookEntry, ChannelRefund, Charge, ChargeStatus } from '@souk/contract/sandbox'
import type { Money } from '@souk/kernel'
import { empty, type Query, type Sql, sql } from '@souk/platform'
import type { Outcome } from './domain.ts'

export type ChargeRow = {
  payment_id: string
  channel_reference: string
  token: string
  currency: string
  amount: number
  description: string
  callback_url: string
  return_url: string
  status: ChargeStatus
  outcome: Outcome | null
  seconds: number
  refund_outcome: Outcome
  captured_currency: string | null
  captured_amount: number | null
}

export type RefundRow = {
  refund_id: string
  payment_id: string
  channel_reference: string
  currency: string
  amount: number
  status: Extract<ChargeStatus, 'PENDING' | 'SUCCEEDED' | 'FAILED'>
}

export type CallbackRow = { id: string; url: string; body: string; attempts: number; created_at: Date }
export type NewCallback = { id: string; body: string }
export type NewCharge = Pick<
  ChargeRow,
  'payment_id' | 'channel_reference' | 'token' | 'currency' | 'amount' | 'description' | 'callback_url' | 'return_url'
>
type BookRow = {
  id: string
  kind: string
  payment_id: string
  refund_id: string | null
  currency: string
  amount: number
  at: Date
}

const chargeColumns = sql`payment_id, channel_reference, token, currency, amount, description, callback_url, return_url,
  status, outcome, seconds, refund_outcome, captured_currency, captured_amount`
const refundColumns = sql`refund_id, payment_id, channel_reference, currency, amount, status`

/** `pageUrl` makes the page's address from its token. */
export const toCharge = (row: ChargeRow, pageUrl: (token: string) => string): Charge => ({
  paymentId: row.payment_id,
  channelReference: row.channel_reference,
  status: row.status,
  amount: { currency: row.currency, amount: row.amount },
  captured: { currency: row.captured_currency ?? row.currency, amount: row.captured_amount ?? 0 },
  pageUrl: pageUrl(row.token),
})

export const toRefund = (row: RefundRow): ChannelRefund => ({
  refundId: row.refund_id,
  paymentId: row.payment_id,
  channelReference: row.channel_reference,
  status: row.status,
  amount: { currency: row.currency, amount: row.amount },
})

const toBookEntry = (row: BookRow): BookEntry => ({
  id: row.id,
  kind: row.kind,
  paymentId: row.payment_id,
  refundId: row.refund_id ?? '',
  amount: { currency: row.currency, amount: row.amount },
  at: row.at.toISOString(),
})

/** SQL of this context; `schema` is its qualified name. */
export const createStore = (schema: Sql) => ({
  charge: (db: Query, paymentId: string) =>
    db.one<ChargeRow>(sql`select ${chargeColumns} from ${schema}.charge where payment_id = ${paymentId}`),

  chargeByToken: (db: Query, token: string) =>
    db.one<ChargeRow>(sql`select ${chargeColumns} from ${schema}.charge where token = ${token}`),

  lockCharge: (tx: Query, paymentId: string) =>
    tx.one<ChargeRow>(sql`select ${chargeColumns} from ${schema}.charge where payment_id = ${paymentId} for update`),

  insertCharge: (db: Query, charge: NewCharge) =>
    db.run(sql`
      insert into ${schema}.charge (payment_id, channel_reference, token, currency, amount, description, callback_url, return_url)
      values (${charge.payment_id}, ${charge.channel_reference}, ${charge.token}, ${charge.currency}, ${charge.amount},
        ${charge.description}, ${charge.callback_url}, ${charge.return_url})
      on conflict (payment_id) do nothing`),

  /** The buyer's choice, before or together with its decision. */
  choose: (tx: Query, paymentId: string, outcome: Outcome, seconds: number) =>
    tx.run(sql`
      update ${schema}.charge set outcome = ${outcome}, seconds = ${seconds}, status = 'PENDING'
      where payment_id = ${paymentId} and status in ('OPEN', 'PENDING')`),

  chooseRefunds: (tx: Query, paymentId: string, outcome: Outcome) =>
    tx.run(sql`update ${schema}.charge set refund_outcome = ${outcome} where payment_id = ${paymentId}`),

  decideCharge: (tx: Query, paymentId: string, status: ChargeStatus, captured: Money | undefined) =>
    tx.one<ChargeRow>(sql`
      update ${schema}.charge set status = ${status}, captured_currency = ${captured?.currency ?? null},
        captured_amount = ${captured?.amount ?? null}, decided_at = case when ${status} = 'PENDING' then null else now() end
      where payment_id = ${paymentId} and status in ('OPEN', 'PENDING') returning ${chargeColumns}`),

  refund: (db: Query, refundId: string) =>
    db.one<RefundRow>(sql`select ${refundColumns} from ${schema}.refund where refund_id = ${refundId}`),

  /** What went back or is on its way back. */
  refundedAmount: async (tx: Query, paymentId: string): Promise<number> => {
    const row = await tx.one<{ sum: number }>(sql`
      select coalesce(sum(amount), 0)::bigint as sum from ${schema}.refund where payment_id = ${paymentId} and status <> 'FAILED'`)
    return row?.sum ?? 0
  },

  /** Writes the verdict on a refund; a failed one may be tried again, a pending one decided. */
  putRefund: (tx: Query, refund: RefundRow) =>
    tx.one<RefundRow>(sql`
      insert into ${schema}.refund as r (refund_id, payment_id, channel_reference, currency, amount, status, decided_at)
      values (${refund.refund_id}, ${refund.payment_id}, ${refund.channel_reference}, ${refund.currency}, ${refund.amount},
        ${refund.status}, case when ${refund.status} = 'PENDING' then null else now() end)
      on conflict (refund_id) do update set status = excluded.status, decided_at = excluded.decided_at
        where r.status in ('FAILED', 'PENDING')
      returning ${refundColumns}`),

  book: (tx: Query, id: string, kind: 'charge' | 'refund', paymentId: string, refundId: string | null, moved: Money) =>
    tx.run(sql`
      insert into ${schema}.book (id, kind, payment_id, refund_id, currency, amount)
      values (${id}::uuid, ${kind}, ${paymentId}, ${refundId}, ${moved.currency}, ${moved.amount})`),

  /** Oldest first, one row more than asked. */
  listBook: async (db: Query, size: number, after: readonly [string, string] | undefined): Promise<BookEntry[]> => {
    const rows = await db.all<BookRow>(sql`
      select id, kind, payment_id, refund_id, currency, amount, at from ${schema}.book
      ${after ? sql`where (at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : empty}
      order by at, id limit ${size + 1}`)
    return rows.map(toBookEntry)
  },

  insertCallbacks: (tx: Query, paymentId: string, url: string, callbacks: readonly NewCallback[]) =>
    tx.run(sql`
      insert into ${schema}.callback (id, body, payment_id, url)
      select t.*, ${paymentId}, ${url}
      from unnest(${callbacks.map((c) => c.id)}::uuid[], ${callbacks.map((c) => c.body)}::text[]) t`),

  /** Counts a try before it is made; nothing when there is nothing left to send. */
  beginTry: (tx: Query, id: string) =>
    tx.one<CallbackRow>(sql`
      update ${schema}.callback set attempts = attempts + 1
      where id = ${id}::uuid and delivered_at is null and given_up_at is null
      returning id, url, body, attempts, created_at`),

  endTry: (tx: Query, id: string, result: string, end: 'delivered' | 'failed' | 'givenUp') =>
    tx.run(sql`
      update ${schema}.callback set last_result = ${result},
        delivered_at = case when ${end} = 'delivered' then now() else delivered_at end,
        given_up_at = case when ${end} = 'givenUp' then now() else given_up_at end
      where id = ${id}::uuid`),
})

export type Store = ReturnType<typeof createStore>
