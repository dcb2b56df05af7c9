import type { Tx } from '@souk/platform'
import { decide, type OrderEvent } from '../domain/moves.ts'
import type { OrderStore, TracedMove } from '../store/orders.ts'

/** `traceparent`: of the fact that tells it, since many are judged together. */
export type Told = { orderId: string; event: OrderEvent; traceparent?: string }

/**
 * What to do about an order that is not there: `drop` when the teller also speaks of things that are no orders of ours
 * (holds of integrators), `fail` when an order must exist, so that the teller tries again and somebody sees it.
 */
export type Missing = 'drop' | 'fail'

/** Locks the orders, judges their events one after another, writes all moves in one statement. */
export const applyEvents = async (
  orders: OrderStore,
  tx: Tx,
  told: readonly Told[],
  missing: Missing,
): Promise<void> => {
  const locked = await orders.lock(
    tx,
    told.map(({ orderId }) => orderId),
  )
  const current = new Map(locked.orders.map((order) => [order.id, order]))
  const moves: TracedMove[] = []
  for (const { orderId, event, traceparent } of told) {
    const order = current.get(orderId)
    if (!order && missing === 'fail') throw new Error(`${event.kind} for an order that does not exist`)
    const move = order && decide(order, event, locked.now)
    if (!move) continue
    current.set(orderId, move.order)
    moves.push(traceparent ? { ...move, traceparent } : move)
  }
  await orders.save(tx, moves)
}
