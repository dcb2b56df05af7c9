import type { Refund, RefundPaymentRequest } from '@souk/contract/payment'
import { isId, type Money } from '@souk/kernel'
import { audited, type Call, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { type BoughtLine, type LineQuantity, priceLines } from '../domain/refund-lines.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import { amountNotPositive, amountOrLines, noSuchPayment, otherCurrency, refundExceedsCaptured } from '../faults.ts'
import { type AttemptRow, kept } from '../store/attempts.ts'
import { toRefund } from '../store/views.ts'
import { nextTry } from '../timers.ts'
import { driveRefund } from './drive-refund.ts'

type Wanted = { amount: number; lines: LineQuantity[] }

const checkShape = ({ amount, lines }: RefundPaymentRequest, payment: AttemptRow): void => {
  if (amount && lines.length > 0) throw amountOrLines()
  if (amount && amount.currency !== payment.currency) throw otherCurrency()
  if (amount && amount.amount <= 0) throw amountNotPositive()
}

/** What the order's lines were worth; asked before the transaction opens. */
const boughtLines = async (deps: Deps, orderId: string, call: Call): Promise<BoughtLine[]> => {
  const { lines } = await deps.clients['order.OrderDueService'].getOwner({ orderId }, call)
  return lines.map(({ skuId, quantity, total }) => ({ skuId, quantity, total: total?.amount ?? 0 }))
}

const wanted = async (
  deps: Deps,
  tx: Tx,
  req: RefundPaymentRequest,
  payment: AttemptRow,
  bought: BoughtLine[],
): Promise<Wanted> => {
  if (req.lines.length > 0) return priceLines(bought, await deps.store.refunds.refundedUnits(tx, payment.id), req.lines)
  return { amount: req.amount?.amount ?? kept(payment), lines: [] }
}

/** Bound, refund, audit row and timer in one transaction, under the lock of the order. */
const begin = (deps: Deps, id: string, req: RefundPaymentRequest, orderId: string, bought: BoughtLine[], call: Call) =>
  deps.db.tx(async (tx) => {
    const { attempts, refunds } = deps.store
    await attempts.lockOrder(tx, orderId)
    const payment = await attempts.lock(tx, req.id)
    if (!payment) throw noSuchPayment()
    const { amount, lines } = await wanted(deps, tx, req, payment, bought)
    if (amount <= 0 || !(await attempts.reserveRefund(tx, payment.id, amount))) throw refundExceedsCaptured()
    const money: Money = { currency: payment.currency, amount }
    const refund = {
      id,
      paymentId: payment.id,
      orderId,
      purpose: 'refund' as const,
      money,
      reason: req.reason,
      automatic: false,
    }
    await refunds.insert(tx, refund, lines)
    await attempts.remember(tx, id, 'REQUESTED', ['APPROVED'], 'staff')
    await tx.schedule(nextTry(deps, timerKinds.refund, id, 1))
    tx.audit(audited(call, 'payment.refund', payment.id, { after: { refundId: id, money, lines }, reason: req.reason }))
    await deps.failpoint('payment.refund.beforeCommit')
  })

/** Staff give captured money back: an amount, lines, or everything that is left; never more than was captured. */
export const refundPayment =
  (deps: Deps) =>
  async (req: RefundPaymentRequest, call: Call): Promise<Refund> => {
    const payment = isId(req.id) ? await deps.store.attempts.find(deps.db, req.id) : undefined
    if (!payment) throw noSuchPayment()
    checkShape(req, payment)
    return deps.keys.first(call, async (id, resumed) => {
      if (!resumed || !(await deps.store.refunds.find(deps.db, id))) {
        const bought = req.lines.length > 0 ? await boughtLines(deps, payment.order_id, call) : []
        await begin(deps, id, req, payment.order_id, bought, call)
      }
      await deps.failpoint('payment.refund.afterCommit')
      await driveRefund(deps)(id, 0, call)
      return deps.db.tx(async (tx) => {
        const refund = await deps.store.refunds.find(tx, id)
        if (!refund) throw noSuchPayment()
        const reply = toRefund(refund)
        await deps.keys.finish(tx, call, reply)
        return reply
      })
    })
  }
