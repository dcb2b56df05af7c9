import { commitOrder, meetDue, reserve } from '../../contexts/inventory/src/domain/holds.ts'
import { sumLines } from '../../contexts/inventory/src/domain/plan.ts'
import { decide } from '../../contexts/order/src/domain/moves.ts'
import type { Order } from '../../contexts/order/src/domain/order.ts'
import { mergeLines } from '../../contexts/order/src/domain/wish.ts'
import { decideAttempt } from '../../contexts/payment/src/domain/attempt.ts'
import { decideRefund } from '../../contexts/payment/src/domain/refund.ts'
import type { Fact } from './db.ts'
import { atOnce, type Service, type Spawn, type Steps } from './steps.ts'
import type { AttemptRow } from './tables.ts'

/**
 * Every place where a known mistake of our peers can be planted. The decisions are the contexts' own; the guards below
 * them stand in SQL statements there and are said again here in a line each; the rest is the order in which things
 * are done.
 */
export type Ports = {
  decide: typeof decide
  mergeLines: typeof mergeLines
  reserve: typeof reserve
  commitOrder: typeof commitOrder
  meetDue: typeof meetDue
  sumLines: typeof sumLines
  decideAttempt: typeof decideAttempt
  decideRefund: typeof decideRefund

  /** `require_live_hold` of the statement that writes an order; milliseconds. */
  holdIsLive(holdExpiresAt: number, now: number): boolean
  /** What an order tells payment to collect; `priceNow` is what the same lines would cost at this moment. */
  amountDue(order: Order, priceNow: () => number): number
  /** `where status = …` of every statement that moves an attempt or a refund. */
  unmoved(row: { status: string }, asRead: { status: string }): boolean
  /** `where refunded + refund_pending + amount <= captured`. */
  refundFits(payment: AttemptRow, amount: number): boolean
  /** What of a capture is neither back nor on its way back, and so has to go back when the order cannot use it. */
  unusable(payment: AttemptRow): number

  /** Reads what will be decided about; nothing changes it before the decision is written. */
  lockAndRead<T>(read: () => T): Steps<T>
  /** A hold first, then the order; `guess` is what the hold would be. */
  holdAndWrite<H, R>(hold: () => Steps<H>, write: (held: H) => Steps<R>, guess: () => H): Steps<R>
  /** The facts of a transaction are committed with it. */
  announce(context: Service, append: () => void, spawn: Spawn): void
  /** A callback is kept before its channel is answered. */
  keepCallback(keep: () => boolean, spawn: Spawn): boolean
  /** Which of the facts that wait for a consumer comes next: the first of its aggregate, whatever is wished. */
  nextFact(waiting: readonly Fact[], wish: number): number
  /** A fact is forgotten after its consumer took it. */
  hand(consumer: Service, handle: () => boolean, forget: () => void, spawn: Spawn): boolean
  /** What a crash takes with it besides the verbs on their way. */
  loseMemory(tables: { timers: Forgettable; keys: Forgettable }): void
}

type Forgettable = { clear(): void }

const firstOfItsAggregate = (waiting: readonly Fact[], wish: number): number => {
  const wished = waiting[wish % waiting.length]!
  return waiting.findIndex(({ aggregateId }) => aggregateId === wished.aggregateId)
}

export const sound: Ports = {
  decide,
  mergeLines,
  reserve,
  commitOrder,
  meetDue,
  sumLines,
  decideAttempt,
  decideRefund,
  holdIsLive: (holdExpiresAt, now) => holdExpiresAt > now,
  amountDue: (order) => order.total,
  unmoved: (row, asRead) => row.status === asRead.status,
  refundFits: ({ captured, refunded, refundPending }, amount) => refunded + refundPending + amount <= captured,
  unusable: ({ captured, refunded, refundPending }) => captured - refunded - refundPending,
  lockAndRead: atOnce,
  *holdAndWrite(hold, write) {
    return yield* write(yield* hold())
  },
  announce: (_context, append) => append(),
  keepCallback: (keep) => keep(),
  nextFact: firstOfItsAggregate,
  hand: (_consumer, handle, forget) => {
    const taken = handle()
    if (taken) forget()
    return taken
  },
  loseMemory: () => {},
}
