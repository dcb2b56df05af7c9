import type { CreatePaymentRequest, Payment } from '@souk/contract/payment'
import { isId } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { isOpen } from '../domain/attempt.ts'
import {
  methodUnavailable,
  noSuchOrder,
  noSuchPayment,
  orderNotPayable,
  paymentUnresolved,
  stillRunning,
} from '../faults.ts'
import type { AttemptRow } from '../store/attempts.ts'
import { captureNothing } from './capture-nothing.ts'
import { createOpenAttempts } from './open-attempts.ts'
import { createAtChannel, voidAtChannel } from './reach-channel.ts'

type Wish = { id: string; orderId: string; method: string; buyerId: string }

/** The attempt that was open under another method: voided, or captured after all, or nobody knows. */
const leave = async (deps: Deps, open: AttemptRow, call: Call): Promise<AttemptRow | undefined> => {
  await voidAtChannel(deps)(open, call).catch(() => {
    throw paymentUnresolved(open.id)
  })
  const now = await deps.store.attempts.find(deps.db, open.id)
  if (!now || isOpen(now.status)) throw paymentUnresolved(open.id)
  return now.status === 'CAPTURED' ? now : undefined
}

/** The attempt that answers this request: an open one, a captured one, or a new one. */
const createAttemptFor = (deps: Deps) => {
  const { findOpen, openNew } = createOpenAttempts(deps)
  return async (wish: Wish, resumed: boolean, call: Call): Promise<AttemptRow> => {
    const { id: paymentId, orderId, buyerId, method } = wish
    const earlier = resumed ? await deps.store.attempts.findOwned(deps.db, paymentId, buyerId) : undefined
    if (earlier) return earlier
    const open = await findOpen(wish, call)
    if (open?.method === method) return open
    const { amount, number } = await deps.clients['order.OrderDueService'].beginPayment(
      { orderId, buyerId, paymentId, method },
      call,
    )
    if (!amount) throw orderNotPayable()
    const winner = open && (await leave(deps, open, call))
    if (winner) return winner
    if (amount.amount === 0) return captureNothing(deps)({ orderId, buyerId, amount }, number)
    const row = await openNew({ id: paymentId, orderId, orderNumber: number, buyerId, method, amount }, call)
    if (row.method !== method) throw stillRunning()
    await deps.failpoint('payment.create.afterCommit')
    return row
  }
}

/**
 * Opens an attempt to pay an order, or answers the open one. The order is asked first and notes the payment, so an order
 * that lets a payment begin knows that it has to ask before it cancels; it is asked before another method's attempt is
 * voided, so a refusal leaves that one alone.
 */
export const createPayment = (deps: Deps) => {
  const attemptFor = createAttemptFor(deps)
  const make = async (wish: Wish, resumed: boolean, call: Call): Promise<Payment> => {
    const attempt = await attemptFor(wish, resumed, call)
    const told = attempt.status === 'INITIATED' || attempt.status === 'UNKNOWN'
    const settled = told ? await createAtChannel(deps)(attempt, call, { answers: call }) : undefined
    if (settled?.reply) return settled.reply
    return deps.db.tx(async (tx) => {
      const payment = await deps.store.views.owned(tx, attempt.id, wish.buyerId)
      if (!payment) throw noSuchPayment()
      await deps.keys.finish(tx, call, payment)
      return payment
    })
  }
  return async (req: CreatePaymentRequest, call: Call): Promise<Payment> => {
    if (!deps.offered.has(req.method)) throw methodUnavailable(req.method)
    if (!isId(req.orderId)) throw noSuchOrder()
    const { orderId, method } = req
    return deps.keys.first(call, (id, resumed) => make({ id, orderId, method, buyerId: userId(call) }, resumed, call))
  }
}
