import type { Order as OrderMessage } from '@souk/contract/order'
import {
  type Batcher,
  type Call,
  createBatcher,
  type Db,
  type Keys,
  type OutboxFact,
  publishCtes,
  type Sql,
  scheduleStatement,
  sql,
  violated,
} from '@souk/platform'
import type { Placed } from '../domain/place.ts'
import { linesToJson } from './lines.ts'
import { insertEntries, paymentTimer } from './orders.ts'

/** One order to be written, with everything that must be committed together with it. */
export type Placing = Placed & {
  call: Call
  /** The answer that the idempotency key keeps. */
  reply: OrderMessage
  holdExpiresAt: Date
  /** Whether it is made from the preparation of the same id, which must still be the buyer's. */
  prepared: boolean
  /** A preparation whose hold was freed for this order. */
  replaces: string | undefined
}

/**
 * `exists`: an order of this id is already there. `holdGone`: the hold has ended or the preparation is no longer the
 * buyer's; nothing was written.
 */
export type Verdict = 'placed' | 'exists' | 'holdGone'

/** A placing with its facts as rows, made while its own trace is the current one. */
type Member = Placing & { rows: OutboxFact[] }

export type OrderWriter = { place(placing: Placing, deadline: number): Promise<Verdict> }

// The statement reads `order_rows`, so the orders are written first: what is wrong with a member shows by their
// constraints, not by those of the rows that belong to them.
const insertStatement = (db: Db, keys: Keys, batch: readonly Member[]): Sql => {
  const { schema } = db
  const orders = batch.map(({ order }) => order)
  return sql`
    with input as materialized (
      select * from unnest(${orders.map((o) => o.id)}::uuid[], ${orders.map((o) => o.number)}::text[], ${orders.map((o) => o.buyerId)}::uuid[],
        ${orders.map((o) => o.version)}::bigint[], ${orders.map((o) => o.currency)}::text[], ${orders.map((o) => o.subtotal)}::bigint[],
        ${orders.map((o) => o.discount)}::bigint[], ${orders.map((o) => o.freight)}::bigint[], ${orders.map((o) => o.tax)}::bigint[],
        ${orders.map((o) => o.total)}::bigint[], ${orders.map((o) => o.lines.reduce((sum, { quantity }) => sum + quantity, 0))}::bigint[],
        ${orders.map((o) => linesToJson(o.lines))}::jsonb[], ${orders.map((o) => JSON.stringify(o.groups))}::jsonb[],
        ${orders.map((o) => JSON.stringify(o.address))}::jsonb[], ${orders.map((o) => o.note)}::text[], ${orders.map((o) => o.payBefore.toISOString())}::timestamptz[],
        ${orders.map((o) => o.createdAt.toISOString())}::timestamptz[], ${batch.map((p) => p.holdExpiresAt.toISOString())}::timestamptz[],
        ${batch.map((p) => p.prepared)}::boolean[])
      as t(id, number, buyer_id, version, currency, subtotal, discount, freight, tax, total, quantity, lines, groups, address, note, pay_before, created_at,
        hold_expires_at, prepared)),
    taken as (
      delete from ${schema}.preparation p using input i
      where p.id = i.id and i.prepared and p.buyer_id = i.buyer_id and p.replaced_by is null returning p.id),
    freed as (delete from ${schema}.preparation where id = any(${batch.flatMap((p) => p.replaces ?? [])}::uuid[])),
    order_rows as (
      insert into ${schema}.orders (id, number, buyer_id, status, version, currency, subtotal, discount, freight, tax, total, quantity, lines, groups,
        address, note, pay_before, created_at)
      select id, number, buyer_id, 'AWAITING_PAYMENT', version, currency, subtotal, discount, freight, tax, total, quantity, lines, groups,
        address, note, pay_before, created_at
      from input i
      where ${schema}.require_live_hold(hold_expires_at > clock_timestamp() and (not prepared or id in (select id from taken)))
      returning id),
    told as (${insertEntries(
      schema,
      batch.flatMap(({ entries }) => entries),
    )}),
    deadlines as (${scheduleStatement(
      schema,
      orders.map((o) => ({ kind: paymentTimer, aggregateId: o.id, dueAt: o.payBefore })),
    )}),
    ${publishCtes(
      schema,
      batch.flatMap(({ rows }) => rows),
    )},
    ${keys.finishCte(batch)}
    select count(*) from order_rows`
}

/** Rough size of one order's parameters. */
const bytesOf = ({ order }: Placing): number => 4096 + order.lines.length * 2048

/**
 * Writes many orders in one statement, all that belongs to them in the same transaction. A member whose hold has ended
 * or whose id is taken aborts the statement; the batcher then halves the batch until that member stands alone.
 */
export const createOrderWriter = (db: Db, keys: Keys, failpoint: (name: string) => Promise<void>): OrderWriter => {
  const run = async (batch: Member[]): Promise<true[]> => {
    await failpoint('order.place.beforeCommit')
    await db.run(insertStatement(db, keys, batch))
    db.outbox.wake()
    return batch.map(() => true)
  }
  const batcher: Batcher<Member, true> = createBatcher({ name: 'order.place', run, bytesOf })
  return {
    place: async (placing, deadline) => {
      try {
        await batcher.add({ ...placing, rows: placing.facts.map(db.outbox.toRow) }, deadline)
        return 'placed'
      } catch (error) {
        const constraint = violated(error)
        if (constraint === 'orders_pkey') return 'exists'
        if (constraint === 'live_hold') return 'holdGone'
        throw error
      }
    },
  }
}
