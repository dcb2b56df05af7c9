import type { RefundStatus } from '@souk/contract/payment'
import { sum } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import * as ledger from '../domain/ledger.ts'
import { decideRefund, type RefundStep } from '../domain/refund.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import type { Lost, RefundWord } from '../domain/words.ts'
import { type AttemptRow, moneyOf, type OrderRow } from '../store/attempts.ts'
import type { RefundRow } from '../store/refunds.ts'
import { concludeOrder } from './conclude-order.ts'

const clearingOf = (deps: Deps, payment: AttemptRow) => deps.channels.get(payment.method)?.clearing ?? 'psp_clearing'

const follow = async (deps: Deps, tx: Tx, refund: RefundRow, path: readonly RefundStatus[], reference = '') => {
  const to = path.at(-1) ?? refund.status
  await deps.store.attempts.remember(tx, refund.id, refund.status, path, 'channel')
  return deps.store.refunds.move(tx, refund, to, reference)
}

/** Captured money is back: amounts, ledger and fact in this one transaction. */
const complete = async (deps: Deps, tx: Tx, refund: RefundRow): Promise<void> => {
  const { attempts } = deps.store
  const payment = await attempts.completeRefund(tx, refund.payment_id, refund.amount)
  if (!payment) return
  await deps.store.ledger.post(tx, ledger.refunded(refund.id, clearingOf(deps, payment), moneyOf(refund)))
  const all = await attempts.lockOfOrder(tx, payment.order_id)
  const total = (of: 'captured' | 'refunded') =>
    sum(
      payment.currency,
      all.map((row) => ({ currency: row.currency, amount: row[of] })),
    )
  tx.publish({
    type: 'payment.PaymentRefunded',
    aggregateId: payment.id,
    aggregateVersion: payment.version,
    payload: {
      paymentId: payment.id,
      orderId: payment.order_id,
      refundId: refund.id,
      amount: moneyOf(refund),
      capturedTotal: total('captured'),
      refundedTotal: total('refunded'),
    },
  })
  deps.metrics.count('payment_refunds', { outcome: 'SUCCEEDED' })
}

/** Money that was never the order's is back where it came from; nothing of the payment changes. */
const returnSuspense = async (deps: Deps, tx: Tx, refund: RefundRow, payment: AttemptRow): Promise<void> => {
  await deps.store.ledger.post(tx, ledger.suspenseReturned(refund.id, clearingOf(deps, payment), moneyOf(refund)))
  await deps.store.cases.close(tx, ['AMOUNT_MISMATCH', 'STRAY_MONEY'], payment.id, 'RETURNED')
}

const succeed = async (
  deps: Deps,
  tx: Tx,
  order: OrderRow,
  refund: RefundRow,
  path: RefundStatus[],
  reference: string,
) => {
  if (!(await follow(deps, tx, refund, path, reference))) return
  const payment = await deps.store.attempts.lock(tx, refund.payment_id)
  if (!payment) return
  if (refund.purpose === 'refund') await complete(deps, tx, refund)
  else await returnSuspense(deps, tx, refund, payment)
  await tx.unschedule(timerKinds.refund, refund.id)
  await deps.store.cases.close(tx, ['REFUND_UNRESOLVED', 'REFUND_MISMATCH'], refund.id, 'SUCCEEDED')
  await concludeOrder(deps, tx, order)
  await deps.failpoint('payment.refundResult.beforeCommit')
}

/** What was set aside is free again; Souk's own refunds are tried again by the caller's timer. */
const fail = async (deps: Deps, tx: Tx, refund: RefundRow, path: RefundStatus[]): Promise<void> => {
  if (!(await follow(deps, tx, refund, path))) return
  if (refund.purpose === 'refund') await deps.store.attempts.releaseRefund(tx, refund.payment_id, refund.amount)
  deps.metrics.count('payment_refunds', { outcome: 'FAILED' })
}

const mismatch = (deps: Deps, tx: Tx, refund: RefundRow, detail: string) =>
  deps.store.cases.open(tx, {
    kind: 'REFUND_MISMATCH',
    subject: refund.id,
    orderId: refund.order_id,
    money: moneyOf(refund),
    detail,
  })

/** The channel had said no and now says the money went back: true if that is still within what was captured. */
const revive = async (deps: Deps, tx: Tx, order: OrderRow, refund: RefundRow, reference: string): Promise<void> => {
  const covered =
    refund.purpose === 'suspense' || (await deps.store.attempts.reserveRefund(tx, refund.payment_id, refund.amount))
  if (covered) await succeed(deps, tx, order, refund, ['SENT', 'SUCCEEDED'], reference)
  else await mismatch(deps, tx, refund, 'succeeded after it had failed, and the money was refunded otherwise')
}

const act = async (
  deps: Deps,
  tx: Tx,
  order: OrderRow,
  refund: RefundRow,
  step: RefundStep,
  word: RefundWord | Lost,
) => {
  const reference = 'reference' in word ? word.reference : ''
  if (step.do === 'succeed') await succeed(deps, tx, order, refund, step.path, reference)
  else if (step.do === 'fail') await fail(deps, tx, refund, step.path)
  else if (step.do === 'wait' || step.do === 'lose') await follow(deps, tx, refund, step.path, reference)
  else if (step.do === 'revive') await revive(deps, tx, order, refund, reference)
  else if (step.do === 'mismatch') await mismatch(deps, tx, refund, `the channel says ${JSON.stringify(word)}`)
}

/** Applies a channel's own word to a refund, under the lock of its order. */
export const settleRefund =
  (deps: Deps) =>
  async (id: string, word: RefundWord | Lost): Promise<void> => {
    const known = await deps.store.refunds.find(deps.db, id)
    if (!known) return
    await deps.db.tx(async (tx) => {
      const order = await deps.store.attempts.lockOrder(tx, known.order_id)
      await deps.store.attempts.lock(tx, known.payment_id)
      const refund = await deps.store.refunds.lock(tx, id)
      if (!refund) return
      const step = decideRefund({ status: refund.status, amount: moneyOf(refund) }, word)
      await act(deps, tx, order, refund, step, word)
    })
    await deps.failpoint('payment.refundResult.afterCommit')
  }
