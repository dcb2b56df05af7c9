import type { OrderPage } from '@souk/contract/edge'
import type { Payment } from '@souk/contract/payment'

/**
 * What became of paying an order. `waiting`: somebody still has to answer, which is never called a failure. `failed`:
 * the channel said so. `accepted`: the money is due on delivery.
 */
export type Outcome = 'paid' | 'accepted' | 'waiting' | 'failed' | 'open' | 'cancelled'

/** The attempt made last. */
export const latestPayment = (payments: readonly Payment[]): Payment | undefined =>
  [...payments].sort((a, b) => Date.parse(b.createdAt ?? '') - Date.parse(a.createdAt ?? ''))[0]

export const outcomeOf = ({ order, payments }: OrderPage): Outcome => {
  if (!order) return 'waiting'
  if (order.status === 'CANCELLED' || order.status === 'CANCELLING') return 'cancelled'
  if (order.paymentStatus !== 'UNPAID') return 'paid'
  const latest = latestPayment(payments)
  if (latest?.method === 'pay_on_delivery' && latest.status !== 'FAILED' && latest.status !== 'VOIDED')
    return 'accepted'
  if (order.status !== 'AWAITING_PAYMENT') return 'accepted'
  if (!latest) return 'open'
  return latest.status === 'FAILED' || latest.status === 'VOIDED' ? 'failed' : 'waiting'
}

/** Only http addresses are opened: a payment's answer must not run anything in the shop. */
export const isWebAddress = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
