import type { FactPayloads } from '@souk/contract/facts'
import type { CancelReason, FactLine } from '@souk/contract/order'
import type { Group, Order } from './order.ts'

type OrderFactType = Extract<keyof FactPayloads, `order.${string}`>

/** What the order says to the other contexts: type and payload; its version is added when it is recorded. */
export type Saying = { [K in OrderFactType]: { type: K; payload: FactPayloads[K] } }[OrderFactType]

/** A fact of one order, numbered by the version of the move that made it. */
export type OrderFact = {
  [K in OrderFactType]: { type: K; aggregateId: string; aggregateVersion: number; payload: FactPayloads[K] }
}[OrderFactType]

export const recorded = (order: Order, saying: Saying): OrderFact =>
  ({ ...saying, aggregateId: order.id, aggregateVersion: order.version }) as OrderFact

const factLines = (order: Order): FactLine[] => order.lines.map(({ skuId, quantity }) => ({ skuId, quantity }))

const factGroup = (order: Order, group: Group) => ({
  groupId: group.id,
  merchantId: group.merchantId,
  warehouseId: group.warehouseId,
  lines: group.portions.map(({ line, quantity }) => ({ skuId: order.lines[line]!.skuId, quantity })),
})

const buyerAndLines = (order: Order) => ({ orderId: order.id, buyerId: order.buyerId, lines: factLines(order) })

export const orderPlaced = (order: Order): Saying => ({
  type: 'order.OrderPlaced',
  payload: {
    ...buyerAndLines(order),
    total: { currency: order.currency, amount: order.total },
    at: order.createdAt.toISOString(),
  },
})

export const captureRequested = (order: Order): Saying => ({
  type: 'order.CaptureRequested',
  payload: { orderId: order.id, buyerId: order.buyerId, amount: { currency: order.currency, amount: order.total } },
})

export const orderPaid = (order: Order): Saying => ({ type: 'order.OrderPaid', payload: buyerAndLines(order) })

export const orderAccepted = (order: Order): Saying => ({ type: 'order.OrderAccepted', payload: buyerAndLines(order) })

export const orderAllocated = (order: Order): Saying => ({
  type: 'order.OrderAllocated',
  payload: {
    orderId: order.id,
    buyerId: order.buyerId,
    number: order.number,
    groups: order.groups.map((group) => factGroup(order, group)),
    address: order.address,
  },
})

export const orderShipped = (order: Order): Saying => ({ type: 'order.OrderShipped', payload: { orderId: order.id } })

export const orderDelivered = (order: Order): Saying => ({
  type: 'order.OrderDelivered',
  payload: { orderId: order.id },
})

export const orderCancelling = (order: Order, reason: CancelReason): Saying => ({
  type: 'order.OrderCancelling',
  payload: { orderId: order.id, reason },
})

export const orderCancelled = (order: Order, reason: CancelReason): Saying => ({
  type: 'order.OrderCancelled',
  payload: { orderId: order.id, reason },
})
