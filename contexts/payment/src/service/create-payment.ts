import type { CreatePaymentRequest, Payment } from '@souk/contract/payment'
import { isId, type Money } from '@souk/kernel'
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
import { type AttemptRow, kept, type NewAttempt } from '../store/attempts.ts'
import { nextTry, timerKinds } from '../timers.ts'
import { captureNothing } from './capture-nothing.ts'
import { createAtChannel, voidAtChannel } from './reach-channel.ts'

type Wish = { id: string; orderId: string; method: string; buyerId: string }

/** Writes the attempt, or answers the one that another request opened meanwhile. */
const insertAttempt = (deps: Deps, { id, orderId, method, buyerId }: Wish, orderNumber: string, amount: Money) =>
  deps.db.tx(async (tx): Promise<AttemptRow> => {
    const { attempts } = deps.store
    const order = await attempts.lockOrder(tx, orderId)
    if (order.standing !== 'OPEN') throw orderNotPayable()
    const others = await attempts.lockOfOrder(tx, orderId)
    const open = others.find(({ status }) => isOpen(status))
    if (open) return open
    if (others.some((other) => kept(other) > 0)) throw orderNotPayable()
    const attempt: NewAttempt = { id, orderId, orderNumber, buyerId, method, amount }
    const row = await attempts.insert(tx, attempt)
    if (!row) throw stillRunning()
    await tx.schedule(nextTry(deps, timerKinds.query, id, 1))
    await deps.failpoint('payment.create.beforeCommit')
    return row
  })

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
const attemptFor = async (deps: Deps, wish: Wish, resumed: boolean, call: Call): Promise<AttemptRow> => {
  const { attempts } = deps.store
  const earlier = resumed ? await attempts.findOwned(deps.db, wish.id, wish.buyerId) : undefined
  if (earlier) return earlier
  const open = await attempts.openOwned(deps.db, wish.orderId, wish.buyerId)
  if (open?.method === wish.method) return open
  const { id: paymentId, orderId, buyerId, method } = wish
  const { amount, number } = await deps.clients['order.OrderDueService'].beginPayment(
    { orderId, buyerId, paymentId, method },
    call,
  )
  if (!amount) throw orderNotPayable()
  const winner = open && (await leave(deps, open, call))
  if (winner) return winner
  if (amount.amount === 0) return captureNothing(deps)({ orderId, buyerId, amount }, number)
  const row = await insertAttempt(deps, wish, number, amount)
  if (row.method !== method) throw stillRunning()
  await deps.failpoint('payment.create.afterCommit')
  return row
}

/**
 * Opens an attempt to pay an order, or answers the open one. The order is asked first and notes the payment, so an order
 * that lets a payment begin knows that it has to ask before it cancels; it is asked before another method's attempt is
 * voided, so a refusal leaves that one alone.
 */
export const createPayment =
  (deps: Deps) =>
  async (req: CreatePaymentRequest, call: Call): Promise<Payment> => {
    if (!deps.offered.has(req.method)) throw methodUnavailable(req.method)
    if (!isId(req.orderId)) throw noSuchOrder()
    const buyerId = userId(call)
    return deps.keys.first(call, async (id, resumed) => {
      const wish = { id, orderId: req.orderId, method: req.method, buyerId }
      const attempt = await attemptFor(deps, wish, resumed, call)
      if (attempt.status === 'INITIATED' || attempt.status === 'UNKNOWN') await createAtChannel(deps)(attempt, call)
      return deps.db.tx(async (tx) => {
        const payment = await deps.store.views.owned(tx, attempt.id, buyerId)
        if (!payment) throw noSuchPayment()
        await deps.keys.finish(tx, call, payment)
        return payment
      })
    })
  }
