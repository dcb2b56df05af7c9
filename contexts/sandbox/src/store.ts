import type { BookEntry, ChannelRefund, Charge, ChargeStatus } from '@souk/contract/sandbox'
import { type Money, newId } from '@souk/kernel'
import { empty, type Query, type Sql, scheduleStatement, sql } from '@souk/platform'
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

/** A message to be written, with its tries so far and when its timer tries next. */
export type NewCallback = CallbackRow & { payment_id: string; dueAt: Date }

/** A charge as a decision leaves it, with everything that is written beside it. */
export type Decision = {
  charge: ChargeRow
  /** What really moves. */
  moved?: Money | undefined
  callbacks: readonly NewCallback[]
}

/** How a try ended. */
export type TryEnd = { id: string; result: string; end: 'delivered' | 'failed' | 'givenUp' }
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

/** How a timer names the message it sends. */
export const callbackTimer = 'sandbox.callback'

/** SQL of this context; `schema` is its qualified name. */
export const createStore = (schema: Sql) => ({
  charges: (db: Query, paymentIds: readonly string[]) =>
    db.all<ChargeRow>(sql`select ${chargeColumns} from ${schema}.charge where payment_id = any(${paymentIds})`),

  chargeByToken: (db: Query, token: string) =>
    db.one<ChargeRow>(sql`select ${chargeColumns} from ${schema}.charge where token = ${token}`),

  lockCharge: (tx: Query, paymentId: string) =>
    tx.one<ChargeRow>(sql`select ${chargeColumns} from ${schema}.charge where payment_id = ${paymentId} for update`),

  /** Locks charges by the tokens of their pages, in one order for everybody. */
  lockByToken: (tx: Query, tokens: readonly string[]) =>
    tx.all<ChargeRow>(
      sql`select ${chargeColumns} from ${schema}.charge where token = any(${tokens}) order by payment_id for update`,
    ),

  /** Writes charges whose payment id is new and answers those it wrote. */
  insertCharges: (db: Query, charges: readonly NewCharge[]) =>
    db.all<ChargeRow>(sql`
      insert into ${schema}.charge (payment_id, channel_reference, token, currency, amount, description, callback_url, return_url)
      select t.* from unnest(${charges.map((c) => c.payment_id)}::text[], ${charges.map((c) => c.channel_reference)}::text[],
        ${charges.map((c) => c.token)}::text[], ${charges.map((c) => c.currency)}::text[], ${charges.map((c) => c.amount)}::bigint[],
        ${charges.map((c) => c.description)}::text[], ${charges.map((c) => c.callback_url)}::text[], ${charges.map((c) => c.return_url)}::text[])
        t(payment_id, channel_reference, token, currency, amount, description, callback_url, return_url)
      order by t.payment_id
      on conflict (payment_id) do nothing returning ${chargeColumns}`),

  chooseRefunds: (tx: Query, paymentId: string, outcome: Outcome) =>
    tx.run(sql`update ${schema}.charge set refund_outcome = ${outcome} where payment_id = ${paymentId}`),

  /** Writes decisions on charges that are locked and undecided, with their money, messages and resends. */
  decideCharges: async (tx: Query, decisions: readonly Decision[]): Promise<void> => {
    const charges = decisions.map(({ charge }) => charge)
    const moved = decisions.flatMap(({ charge, moved }) =>
      moved ? { id: newId(), of: charge.payment_id, ...moved } : [],
    )
    const decided = await tx.one<{ count: number }>(sql`
      with decided as (
        update ${schema}.charge c set status = t.status, outcome = t.outcome, seconds = t.seconds, captured_currency = t.captured_currency,
          captured_amount = t.captured_amount, decided_at = case when t.status = 'PENDING' then null else now() end
        from unnest(${charges.map((c) => c.payment_id)}::text[], ${charges.map((c) => c.status)}::text[], ${charges.map((c) => c.outcome)}::text[],
          ${charges.map((c) => c.seconds)}::integer[], ${charges.map((c) => c.captured_currency)}::text[],
          ${charges.map((c) => c.captured_amount)}::bigint[])
          t(payment_id, status, outcome, seconds, captured_currency, captured_amount)
        where c.payment_id = t.payment_id and c.status in ('OPEN', 'PENDING') returning c.payment_id),
      booked as (
        insert into ${schema}.book (id, kind, payment_id, currency, amount)
        select t.id, 'charge', t.payment_id, t.currency, t.amount from unnest(${moved.map((m) => m.id)}::uuid[], ${moved.map((m) => m.of)}::text[],
          ${moved.map((m) => m.currency)}::text[], ${moved.map((m) => m.amount)}::bigint[]) t(id, payment_id, currency, amount)),
      ${callbackCtes(
        schema,
        decisions.flatMap(({ callbacks }) => callbacks),
      )}
      select count(*) as count from decided`)
    if (decided?.count !== decisions.length) throw new Error('a charge was decided while it was locked')
  },

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

  insertCallbacks: (tx: Query, callbacks: readonly NewCallback[]) =>
    tx.run(sql`with ${callbackCtes(schema, callbacks)} select 1`),

  /** Counts a try before it is made; nothing when there is nothing left to send. */
  beginTry: (tx: Query, id: string) =>
    tx.one<CallbackRow>(sql`
      update ${schema}.callback set attempts = attempts + 1
      where id = ${id}::uuid and delivered_at is null and given_up_at is null
      returning id, url, body, attempts, created_at`),

  /** Notes how tries ended; what is not to be sent again loses its timer. */
  endTries: (tx: Query, tries: readonly TryEnd[]) =>
    tx.run(sql`
      with calm as (
        delete from ${schema}.timer where kind = ${callbackTimer} and aggregate_id = any(${tries.filter(({ end }) => end !== 'failed').map(({ id }) => id)}))
      update ${schema}.callback c set last_result = t.result,
        delivered_at = case when t.ending = 'delivered' then now() else c.delivered_at end,
        given_up_at = case when t.ending = 'givenUp' then now() else c.given_up_at end
      from unnest(${tries.map(({ id }) => id)}::uuid[], ${tries.map(({ result }) => result)}::text[], ${tries.map(({ end }) => end)}::text[])
        t(id, result, ending)
      where c.id = t.id`),
})

/** Messages and the timers that send them (again), as CTEs. */
const callbackCtes = (schema: Sql, callbacks: readonly NewCallback[]): Sql => sql`
  messages as (
    insert into ${schema}.callback (id, payment_id, url, body, attempts)
    select t.* from unnest(${callbacks.map((c) => c.id)}::uuid[], ${callbacks.map((c) => c.payment_id)}::text[], ${callbacks.map((c) => c.url)}::text[],
      ${callbacks.map((c) => c.body)}::text[], ${callbacks.map((c) => c.attempts)}::integer[]) t),
  resends as (${scheduleStatement(
    schema,
    callbacks.map(({ id, dueAt }) => ({ kind: callbackTimer, aggregateId: id, dueAt })),
  )})`

export type Store = ReturnType<typeof createStore>
