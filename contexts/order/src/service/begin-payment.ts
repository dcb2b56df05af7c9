import type { BeginPaymentAnswer, BeginPaymentRequest } from '@souk/contract/order'
import type { Db } from '@souk/platform'
import { decide } from '../domain/moves.ts'
import { orderNotFound } from '../faults.ts'
import type { OrderStore } from '../store/orders.ts'

type Deps = { db: Db; orders: OrderStore }

/**
 * Payment asks before it opens an attempt: whose order, what is due, until when. From here a cancel waits for payment's
 * word. The same attempt may ask again; another one takes its place.
 */
export const beginPayment =
  ({ db, orders }: Deps) =>
  ({ orderId, buyerId, paymentId, method }: BeginPaymentRequest): Promise<BeginPaymentAnswer> =>
    db.tx(async (tx) => {
      const locked = await orders.lockOwn(tx, orderId, buyerId)
      if (!locked) throw orderNotFound()
      const { order, now } = locked
      const move = decide(order, { kind: 'openPayment', paymentId, method }, now)
      if (move) await orders.save(tx, [move])
      return {
        amount: { currency: order.currency, amount: order.total },
        number: order.number,
        payBefore: order.payBefore.toISOString(),
      }
    })
