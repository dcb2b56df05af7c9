import type { ChannelRefund, CreateRefundRequest } from '@souk/contract/sandbox'
import { type Money, newId } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { type Plan, plan } from '../domain.ts'
import { lostReply, noSuchCharge, notPositive, otherAmount } from '../faults.ts'
import { type ChargeRow, type RefundRow, toRefund } from '../store.ts'
import { announce, sentSoon } from './announce.ts'

/** The delayed decision of a refund. */
export const refundTimer = 'sandbox.refund'

const moneyOf = ({ currency, amount }: RefundRow): Money => ({ currency, amount })

/** Writes the verdict, the book and the messages of a refund whose charge is locked. */
const carryOut = async (deps: Deps, tx: Tx, charge: ChargeRow, refund: RefundRow, verdict: Plan) => {
  const row = await deps.store.putRefund(tx, { ...refund, status: verdict.status })
  if (!row) return { refund, soon: [] }
  if (verdict.decideAfterMs !== undefined)
    await tx.schedule({
      kind: refundTimer,
      aggregateId: refund.refund_id,
      dueAt: new Date(deps.clock.now().getTime() + verdict.decideAfterMs),
    })
  if (verdict.moved) await deps.store.book(tx, newId(), 'refund', charge.payment_id, refund.refund_id, verdict.moved)
  const callbacks = announce(deps.clock, charge, verdict.announcements, row)
  await deps.store.insertCallbacks(tx, callbacks)
  return { refund: row, soon: sentSoon(callbacks) }
}

/** Money that was never taken, or is already on its way back, cannot go back. */
const covered = async (deps: Deps, tx: Tx, charge: ChargeRow, { currency, amount }: Money): Promise<boolean> =>
  charge.status === 'SUCCEEDED' &&
  charge.captured_currency === currency &&
  (await deps.store.refundedAmount(tx, charge.payment_id)) + amount <= (charge.captured_amount ?? 0)

/**
 * Idempotent by refund id: a refund that succeeded or is pending is answered as it is, a failed one is tried again.
 * What happens was chosen on the page of its charge.
 */
export const createRefund =
  (deps: Deps) =>
  async (req: CreateRefundRequest): Promise<ChannelRefund> => {
    const { db, store, failpoint, sendSoon } = deps
    const wanted = { currency: req.amount?.currency ?? '', amount: req.amount?.amount ?? 0 }
    if (wanted.amount <= 0) throw notPositive()
    const { refund, soon, lost } = await db.tx(async (tx) => {
      const charge = await store.lockCharge(tx, req.paymentId)
      if (!charge) throw noSuchCharge()
      const known = await store.refund(tx, req.refundId)
      if (
        known &&
        (known.payment_id !== req.paymentId || known.amount !== wanted.amount || known.currency !== wanted.currency)
      )
        throw otherAmount()
      if (known && known.status !== 'FAILED') return { refund: known, soon: [], lost: false }
      const asked: RefundRow = known ?? {
        refund_id: req.refundId,
        payment_id: req.paymentId,
        channel_reference: `sbr_${newId()}`,
        status: 'PENDING',
        ...wanted,
      }
      const outcome = (await covered(deps, tx, charge, wanted)) ? charge.refund_outcome : 'DECLINE'
      const verdict = plan('refund', outcome, wanted, charge.seconds)
      return { ...(await carryOut(deps, tx, charge, asked, verdict)), lost: verdict.loseReply === true }
    })
    await failpoint('sandbox.createRefund.afterCommit')
    sendSoon(soon)
    if (lost) throw lostReply()
    return toRefund(refund)
  }

/** The delay is over: the refund succeeds. */
export const decideRefund =
  (deps: Deps) =>
  async (refundId: string): Promise<void> => {
    const soon = await deps.db.tx(async (tx) => {
      const known = await deps.store.refund(tx, refundId)
      const charge = known && (await deps.store.lockCharge(tx, known.payment_id))
      const refund = await deps.store.refund(tx, refundId)
      if (!charge || refund?.status !== 'PENDING') return []
      return (await carryOut(deps, tx, charge, refund, plan('refund', 'SUCCESS', moneyOf(refund), 0))).soon
    })
    deps.sendSoon(soon)
  }
