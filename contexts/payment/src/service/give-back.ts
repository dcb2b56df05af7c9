import { type Money, newId } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import * as ledger from '../domain/ledger.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import { type AttemptRow, kept } from '../store/attempts.ts'
import type { CaseKind } from '../store/cases.ts'
import { atOnce } from '../timers.ts'

type Needs = Pick<Deps, 'store' | 'clock' | 'channels' | 'metrics'>

/**
 * Starts the automatic refund of everything an attempt still keeps. Nothing when an earlier automatic refund failed for
 * now: that one is tried again, so the money is never promised twice. The order's lock is held.
 */
export const giveBack = async (deps: Needs, tx: Tx, payment: AttemptRow, reason: string): Promise<void> => {
  const { attempts, refunds } = deps.store
  const amount = kept(payment)
  if (amount <= 0 || (await refunds.awaitsRetry(tx, payment.id))) return
  const money = { currency: payment.currency, amount }
  const id = newId()
  if (!(await attempts.reserveRefund(tx, payment.id, amount))) return
  const { id: paymentId, order_id: orderId } = payment
  await refunds.insert(tx, { id, paymentId, orderId, purpose: 'refund', money, reason, automatic: true }, [])
  await attempts.remember(tx, id, 'REQUESTED', ['APPROVED'], reason)
  await tx.schedule(atOnce(deps, timerKinds.refund, id))
  deps.metrics.count('payment_automatic_refunds', { method: payment.method })
}

/**
 * Books money that is not the order's (a wrong amount or currency, or a success after the attempt was over) into
 * suspense, opens a finding and sends it back. Hearing of the same money again changes nothing.
 */
export const suspend = async (
  deps: Needs,
  tx: Tx,
  payment: AttemptRow,
  received: Money,
  kind: Extract<CaseKind, 'AMOUNT_MISMATCH' | 'STRAY_MONEY'>,
): Promise<void> => {
  const { id: paymentId, order_id: orderId } = payment
  const clearing = deps.channels.get(payment.method)?.clearing ?? 'psp_clearing'
  if (received.amount <= 0 || !(await deps.store.ledger.post(tx, ledger.suspended(paymentId, clearing, received))))
    return
  await deps.store.cases.open(tx, { kind, subject: paymentId, orderId, money: received })
  const id = newId()
  const refund = {
    id,
    paymentId,
    orderId,
    purpose: 'suspense' as const,
    money: received,
    reason: kind,
    automatic: true,
  }
  await deps.store.refunds.insert(tx, refund, [])
  await deps.store.attempts.remember(tx, id, 'REQUESTED', ['APPROVED'], kind)
  await tx.schedule(atOnce(deps, timerKinds.refund, id))
  deps.metrics.count('payment_suspense', { kind })
}
