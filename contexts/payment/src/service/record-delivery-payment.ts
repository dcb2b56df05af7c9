import type { Payment, RecordDeliveryPaymentRequest } from '@souk/contract/payment'
import { isId, sameMoney } from '@souk/kernel'
import { audited, type Call } from '@souk/platform'
import { payOnDelivery } from '../channels/pay-on-delivery.ts'
import type { Deps } from '../deps.ts'
import { after, isOpen } from '../domain/attempt.ts'
import { amountMismatch, illegalMove, noSuchOrder, noSuchPayment } from '../faults.ts'
import { moneyOf } from '../store/attempts.ts'
import { capture } from './capture.ts'

/**
 * The courier brought the money of a pay-on-delivery order: exactly what is due, recorded by staff and audited. Allowed
 * as long as the attempt is open, before or after the parcel is marked delivered: couriers settle in their own time.
 */
export const recordDeliveryPayment =
  (deps: Deps) =>
  async ({ id: orderId, amount }: RecordDeliveryPaymentRequest, call: Call): Promise<Payment> => {
    if (!isId(orderId)) throw noSuchOrder()
    const { attempts, views } = deps.store
    return deps.keys.once(call, async (tx) => {
      const order = await attempts.lockOrder(tx, orderId)
      const all = (await attempts.lockOfOrder(tx, orderId)).filter(({ method }) => method === payOnDelivery.id)
      const attempt = all.find(({ status }) => isOpen(status)) ?? all.at(-1)
      if (!attempt) throw noSuchOrder()
      if (!isOpen(attempt.status)) throw illegalMove(attempt.status, 'recordDeliveryPayment')
      if (!amount || !sameMoney(amount, moneyOf(attempt))) throw amountMismatch()
      await capture(deps, tx, order, attempt, [after(attempt.status, 'capture')], '')
      tx.audit(
        audited(call, 'payment.record_delivery', attempt.id, {
          before: { status: attempt.status },
          after: { status: 'CAPTURED', amount },
        }),
      )
      const payment = await views.payment(tx, attempt.id)
      if (!payment) throw noSuchPayment()
      return payment
    })
  }
