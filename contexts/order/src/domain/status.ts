import type { FulfillmentStatus, PaymentStatus } from '@souk/contract/order'
import type { GroupStatus, Order } from './order.ts'

type Money = Pick<Order, 'status' | 'paid' | 'captured' | 'refunded' | 'total'>

/** Derived from what is kept of the captures, so a doubled capture that went back leaves an order PAID. */
export const paymentStatus = ({ status, paid, captured, refunded, total }: Money): PaymentStatus => {
  if (!paid) return 'UNPAID'
  const kept = captured - refunded
  if (kept <= 0 && (captured > 0 || status === 'CANCELLED')) return 'REFUNDED'
  return kept >= total ? 'PAID' : 'PART_REFUNDED'
}

const left = (status: GroupStatus): boolean => status === 'IN_TRANSIT' || status === 'DELIVERED'

/** FULFILLED once every group has left its warehouse. */
export const fulfillmentStatus = (groups: readonly GroupStatus[]): FulfillmentStatus => {
  if (groups.every(left)) return 'FULFILLED'
  return groups.some(left) ? 'PARTIAL' : 'UNFULFILLED'
}

/** From the moment a parcel is being handed over, an order cannot be cancelled. */
export const shippingBegun = (groups: readonly GroupStatus[]): boolean =>
  groups.some((status) => status === 'PICKED_UP' || left(status))

type Payable = Pick<Order, 'status' | 'onDelivery' | 'payBefore'>

/** Whether a payment may be opened. A zero total waits for its capture of zero all the same. */
export const payable = ({ status, onDelivery, payBefore }: Payable, now: Date): boolean =>
  status === 'AWAITING_PAYMENT' && !onDelivery && now.getTime() < payBefore.getTime()

/** Whether a cancel would be accepted. */
export const cancellable = (status: Order['status'], groups: readonly GroupStatus[]): boolean =>
  ['AWAITING_PAYMENT', 'PAID', 'ALLOCATED'].includes(status) && !shippingBegun(groups)
