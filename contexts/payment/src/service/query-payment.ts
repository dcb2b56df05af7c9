import { type Call, errorText } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { isOpen } from '../domain/attempt.ts'
import { askForMs } from '../domain/backoff.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import type { AttemptRow } from '../store/attempts.ts'
import { nextTry } from '../timers.ts'
import { askChannel } from './reach-channel.ts'

const give = (deps: Deps, payment: AttemptRow): Promise<void> =>
  deps.db.tx(async (tx) => {
    const { id: subject, order_id: orderId, currency, amount } = payment
    await deps.store.cases.open(tx, { kind: 'PAYMENT_UNRESOLVED', subject, orderId, money: { currency, amount } })
  })

/** Asks about an open attempt until its channel gives a final word; after 72 h a person has to. */
export const queryPayment =
  (deps: Deps) =>
  async (paymentId: string, tries: number, call: Call): Promise<void> => {
    const payment = await deps.store.attempts.find(deps.db, paymentId)
    if (!payment || !isOpen(payment.status) || deps.channels.get(payment.method)?.remote === false) return
    if (deps.clock.now().getTime() - payment.created_at.getTime() > askForMs) return give(deps, payment)
    await askChannel(deps)(payment, call).catch((error) =>
      deps.log.warn('payment channel does not answer', { paymentId, method: payment.method, error: errorText(error) }),
    )
    const now = await deps.store.attempts.find(deps.db, paymentId)
    if (now && isOpen(now.status))
      await deps.db.tx((tx) => tx.schedule(nextTry(deps, timerKinds.query, paymentId, tries + 1)))
  }
