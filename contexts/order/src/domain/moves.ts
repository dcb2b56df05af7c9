import type { CancelReason, OrderStatus } from '@souk/contract/order'
import type { Money } from '@souk/kernel'
import { illegalTransition, orderNotFound } from '../faults.ts'
import {
  type OrderFact,
  orderAccepted,
  orderAllocated,
  orderCancelled,
  orderCancelling,
  orderDelivered,
  orderPaid,
  orderShipped,
  recorded,
  type Saying,
} from './facts.ts'
import type { Entry, Group, GroupStatus, Mover, Order } from './order.ts'
import { payable, shippingBegun } from './status.ts'
import { type EventKind, transitions } from './transitions.ts'

type Told = {
  openPayment: { paymentId: string; method: string }
  capture: { paymentId: string; amount: Money }
  failPayment: { paymentId: string; outcome: string }
  refund: { amount: Money }
  acceptDelivery: { paymentId: string }
  settle: object
  allocate: object
  loseStock: { reason: string }
  beginShipping: { groupId: string }
  shipGroup: { groupId: string }
  deliverGroup: { groupId: string }
  /** `reason` is the buyer's own words; staff's words go to the audit trail. */
  cancel: { by: 'buyer' | 'staff'; reason: string }
  expire: object
}

/** Something that happened to an order, or that somebody wants to happen. */
export type OrderEvent = { [K in EventKind]: { kind: K } & Told[K] }[EventKind]

/** One move: the order after it, its row in the history, what is said to others. */
export type Move = { order: Order; entry: Entry; fact: OrderFact | undefined }

/** The new values of a move and how the timeline calls it. */
type Change = {
  set: Partial<Order>
  event: string
  actor: Mover
  detail?: string
  says?: (order: Order) => Saying
}

/** Undefined: nothing changes. */
type Judge<K extends EventKind> = (order: Order, told: Told[K], now: Date) => Change | undefined

/** The method id of SPEC 2.1. */
const payOnDelivery = 'pay_on_delivery'

const commands: ReadonlySet<EventKind> = new Set(['openPayment', 'beginShipping', 'cancel'])

/** An event that will make sense once another has arrived; the teller is asked to come again. */
const notYet = (what: string) => new Error(`not yet: ${what}`)

const sameCurrency = (order: Order, amount: Money): number => {
  if (amount.currency !== order.currency) throw new Error(`${amount.currency} for an order in ${order.currency}`)
  return amount.amount
}

const closed = (order: Order): Partial<Order> => ({
  groups: order.groups.map((group) => ({ ...group, status: 'VOIDED' as const })),
})

const cancelled = (order: Order, reason: CancelReason, actor: Mover, detail = ''): Change => ({
  set: { status: 'CANCELLED', cancelReason: reason, ...closed(order) },
  event: 'CANCELLED',
  actor,
  detail: detail || reason,
  says: (after) => orderCancelled(after, reason),
})

const cancelling = (reason: CancelReason, actor: Mover, detail = ''): Change => ({
  set: { status: 'CANCELLING', cancelReason: reason },
  event: 'CANCELLING',
  actor,
  detail: detail || reason,
  says: (after) => orderCancelling(after, reason),
})

/** Whether money is kept or may still arrive, so that payment has to be asked first. */
const moneyInvolved = (order: Order): boolean => order.paid || order.onDelivery || order.openPaymentId !== null

const groupOf = (order: Order, groupId: string): Group => {
  const group = order.groups.find(({ id }) => id === groupId)
  if (!group) throw orderNotFound()
  return group
}

const withGroup = (order: Order, groupId: string, status: GroupStatus): Group[] =>
  order.groups.map((group) => (group.id === groupId ? { ...group, status } : group))

const all = (groups: readonly Group[], ...statuses: GroupStatus[]): boolean =>
  groups.every(({ status }) => statuses.includes(status))

const judges: { [K in EventKind]: Judge<K> } = {
  openPayment: (order, { paymentId, method }, now) => {
    if (order.openPaymentId === paymentId) return undefined
    if (!payable(order, now)) throw illegalTransition(order.status)
    return {
      set: { openPaymentId: paymentId, openMethod: method },
      event: 'PAYMENT_OPENED',
      actor: 'buyer',
      detail: method,
    }
  },

  capture: (order, { paymentId, amount }) => {
    const captured = order.captured + sameCurrency(order, amount)
    const open = order.openPaymentId === paymentId ? { openPaymentId: null, openMethod: null } : {}
    const set = { ...open, captured, paid: true }
    if (order.status !== 'AWAITING_PAYMENT') return { set, event: 'PAYMENT_RECEIVED', actor: 'payment' }
    if (amount.amount < order.total) throw new Error('a capture below the total')
    return { set: { ...set, status: 'PAID' }, event: 'PAID', actor: 'payment', says: orderPaid }
  },

  failPayment: (order, { paymentId, outcome }) =>
    order.openPaymentId === paymentId
      ? {
          set: { openPaymentId: null, openMethod: null },
          event: 'PAYMENT_FAILED',
          actor: 'payment',
          detail: outcome,
        }
      : undefined,

  refund: (order, { amount }) => {
    const refunded = order.refunded + sameCurrency(order, amount)
    if (refunded > order.captured) throw notYet('a refund before its capture')
    return { set: { refunded }, event: 'REFUNDED', actor: 'payment' }
  },

  // Of two requests at once payment keeps one attempt, maybe not the one noted last; but a buyer who has turned to
  // another method since has taken the promise back.
  acceptDelivery: (order, { paymentId }) => {
    const promised = order.openPaymentId === paymentId || order.openMethod === payOnDelivery
    if (order.onDelivery || !promised) return undefined
    const set = { onDelivery: true, openPaymentId: paymentId }
    return { set, event: 'PAY_ON_DELIVERY', actor: 'payment', says: orderAccepted }
  },

  settle: (order) => cancelled(order, order.cancelReason!, 'payment'),

  allocate: (order) => {
    if (order.status === 'AWAITING_PAYMENT' && !order.onDelivery) throw notYet('stock committed before the money')
    return { set: { status: 'ALLOCATED' }, event: 'ALLOCATED', actor: 'inventory', says: orderAllocated }
  },

  loseStock: (order, { reason }) => {
    if (order.status === 'PAID') return cancelling('OUT_OF_STOCK', 'inventory', reason)
    if (!order.onDelivery) throw notYet('a commit failed before the money')
    return cancelled(order, 'OUT_OF_STOCK', 'inventory', reason)
  },

  beginShipping: (order, { groupId }) => {
    if (groupOf(order, groupId).status !== 'CREATED') return undefined
    const groups = withGroup(order, groupId, 'PICKED_UP')
    return { set: { groups }, event: 'SHIPPING', actor: 'fulfillment', detail: groupId }
  },

  shipGroup: (order, { groupId }) => {
    if (!['CREATED', 'PICKED_UP'].includes(groupOf(order, groupId).status)) return undefined
    const groups = withGroup(order, groupId, 'IN_TRANSIT')
    if (!all(groups, 'IN_TRANSIT', 'DELIVERED'))
      return { set: { groups }, event: 'PARCEL_SHIPPED', actor: 'fulfillment', detail: groupId }
    return { set: { groups, status: 'SHIPPED' }, event: 'SHIPPED', actor: 'fulfillment', says: orderShipped }
  },

  deliverGroup: (order, { groupId }) => {
    const { status } = groupOf(order, groupId)
    if (status === 'DELIVERED') return undefined
    if (status !== 'IN_TRANSIT') throw notYet('a parcel delivered before it left')
    const groups = withGroup(order, groupId, 'DELIVERED')
    if (!all(groups, 'DELIVERED'))
      return { set: { groups }, event: 'PARCEL_DELIVERED', actor: 'fulfillment', detail: groupId }
    return { set: { groups, status: 'DELIVERED' }, event: 'DELIVERED', actor: 'fulfillment', says: orderDelivered }
  },

  cancel: (order, { by, reason }) => {
    if (shippingBegun(order.groups.map(({ status }) => status))) throw illegalTransition(order.status)
    const why = by === 'buyer' ? 'BUYER' : 'STAFF'
    return moneyInvolved(order) ? cancelling(why, by, reason) : cancelled(order, why, by, reason)
  },

  expire: (order) => {
    if (order.onDelivery) return undefined
    return moneyInvolved(order) ? cancelling('TIMEOUT', 'system') : cancelled(order, 'TIMEOUT', 'system')
  },
}

const record = (order: Order, change: Change, now: Date): Move => {
  const after: Order = { ...order, ...change.set, version: order.version + 1 }
  const entry: Entry = {
    orderId: order.id,
    version: after.version,
    at: now,
    event: change.event,
    was: order.status,
    status: after.status,
    actor: change.actor,
    detail: change.detail ?? '',
  }
  return { order: after, entry, fact: change.says && recorded(after, change.says(after)) }
}

const allowed = (order: Order, kind: EventKind): readonly OrderStatus[] | undefined => {
  const cell = transitions[order.status][kind]
  if (cell === 'later') throw notYet(`${kind} while ${order.status}`)
  if (!cell && commands.has(kind)) throw illegalTransition(order.status)
  return cell
}

/**
 * Judges one event against the table. Undefined: nothing changes, because it was already so or can never be. Throws
 * ILLEGAL_TRANSITION for a refused command, NOT_FOUND for a group that is not the order's, and a plain error for a fact
 * that must be told again later.
 */
export const decide = (order: Order, event: OrderEvent, now: Date): Move | undefined => {
  const cell = allowed(order, event.kind)
  const change = cell && (judges[event.kind] as Judge<EventKind>)(order, event, now)
  if (!change) return undefined
  const status = change.set.status ?? order.status
  if (!cell.includes(status)) throw new Error(`${event.kind} must not lead from ${order.status} to ${status}`)
  return record(order, change, now)
}
