import type { BeginPaymentAnswer, BeginPaymentRequest } from '@souk/contract/order'
import { Fault } from '@souk/kernel'
import { type Call, createBatcher, type Db, type Tx } from '@souk/platform'
import { decide, type Move } from '../domain/moves.ts'
import { orderNotFound } from '../faults.ts'
import type { OrderStore, TracedMove } from '../store/orders.ts'

type Deps = { db: Db; orders: OrderStore }

type Asked = BeginPaymentRequest & { traceparent: string }

/** A move, or the refusal of this one request; anything else is everybody's trouble. */
const judged = (judge: () => Move | undefined): Move | Fault | undefined => {
  try {
    return judge()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

/** One request after the other, on orders that are locked; all moves in one statement. */
const beginAll = async (
  orders: OrderStore,
  tx: Tx,
  asked: readonly Asked[],
): Promise<(BeginPaymentAnswer | Fault)[]> => {
  const locked = await orders.lock(
    tx,
    asked.map(({ orderId }) => orderId),
  )
  const current = new Map(locked.orders.map((order) => [order.id, order]))
  const moves: TracedMove[] = []
  const answers = asked.map(({ orderId, buyerId, paymentId, method, traceparent }) => {
    const order = current.get(orderId)
    if (order?.buyerId !== buyerId) return orderNotFound()
    const move = judged(() => decide(order, { kind: 'openPayment', paymentId, method }, locked.now))
    if (move instanceof Fault) return move
    if (move) {
      current.set(orderId, move.order)
      moves.push({ ...move, traceparent })
    }
    const { currency, total: amount, number, payBefore } = order
    return { amount: { currency, amount }, number, payBefore: payBefore.toISOString() }
  })
  await orders.save(tx, moves)
  return answers
}

/**
 * Payment asks before it opens an attempt: whose order, what is due, until when. From here a cancel waits for payment's
 * word. The same attempt may ask again; another one takes its place. Requests at the same time share a transaction.
 */
export const beginPayment = ({ db, orders }: Deps) => {
  const begins = createBatcher<Asked, BeginPaymentAnswer>({
    name: 'order.beginPayment',
    run: (asked) => db.tx((tx) => beginAll(orders, tx, asked)),
  })
  return (request: BeginPaymentRequest, { deadline, traceparent }: Call): Promise<BeginPaymentAnswer> =>
    begins.add({ ...request, traceparent }, deadline)
}
