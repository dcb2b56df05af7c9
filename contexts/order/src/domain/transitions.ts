import type { OrderStatus } from '@souk/contract/order'

/** Everything that can happen to an order once it is placed. */
export type EventKind =
  | 'openPayment'
  | 'capture'
  | 'failPayment'
  | 'refund'
  | 'acceptDelivery'
  | 'settle'
  | 'allocate'
  | 'loseStock'
  | 'beginShipping'
  | 'shipGroup'
  | 'deliverGroup'
  | 'cancel'
  | 'expire'

/**
 * Where an event may lead; the status itself means that only amounts, notes or groups change. `later` is not possible
 * yet but may become so: the teller tries again. A missing cell can never be: a command is refused with
 * ILLEGAL_TRANSITION, a fact or a timer changes nothing.
 */
export type Cell = readonly OrderStatus[] | 'later'

/** The one table of the order's life (RELIABILITY section 2). Money may move in any state: it is only counted there. */
export const transitions: Record<OrderStatus, Partial<Record<EventKind, Cell>>> = {
  AWAITING_PAYMENT: {
    openPayment: ['AWAITING_PAYMENT'],
    capture: ['PAID'],
    failPayment: ['AWAITING_PAYMENT'],
    refund: 'later',
    acceptDelivery: ['AWAITING_PAYMENT'],
    allocate: ['ALLOCATED'],
    loseStock: ['CANCELLED'],
    cancel: ['CANCELLED', 'CANCELLING'],
    expire: ['CANCELLED', 'CANCELLING'],
  },
  PAID: {
    capture: ['PAID'],
    failPayment: ['PAID'],
    refund: ['PAID'],
    allocate: ['ALLOCATED'],
    loseStock: ['CANCELLING'],
    cancel: ['CANCELLING'],
  },
  ALLOCATED: {
    capture: ['ALLOCATED'],
    failPayment: ['ALLOCATED'],
    refund: ['ALLOCATED'],
    beginShipping: ['ALLOCATED'],
    shipGroup: ['ALLOCATED', 'SHIPPED'],
    deliverGroup: ['ALLOCATED'],
    cancel: ['CANCELLING'],
  },
  SHIPPED: {
    capture: ['SHIPPED'],
    failPayment: ['SHIPPED'],
    refund: ['SHIPPED'],
    beginShipping: ['SHIPPED'],
    deliverGroup: ['SHIPPED', 'DELIVERED'],
  },
  DELIVERED: {
    capture: ['DELIVERED'],
    failPayment: ['DELIVERED'],
    refund: ['DELIVERED'],
    beginShipping: ['DELIVERED'],
  },
  COMPLETED: {
    capture: ['COMPLETED'],
    failPayment: ['COMPLETED'],
    refund: ['COMPLETED'],
    beginShipping: ['COMPLETED'],
  },
  CANCELLING: {
    capture: ['CANCELLING'],
    failPayment: ['CANCELLING'],
    refund: ['CANCELLING'],
    settle: ['CANCELLED'],
  },
  CANCELLED: {
    capture: ['CANCELLED'],
    failPayment: ['CANCELLED'],
    refund: ['CANCELLED'],
  },
}
