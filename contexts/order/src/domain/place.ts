import { captureRequested, type OrderFact, orderPlaced, recorded } from './facts.ts'
import type { Draft, Entry, Order } from './order.ts'

/** A new order with the history and the facts it starts with. */
export type Placed = { order: Order; entries: Entry[]; facts: OrderFact[] }

/** What is known only when the order is placed. */
export type Occasion = { id: string; number: string; buyerId: string; now: Date; payBefore: Date }

/** Makes an order of a draft. Nobody has to pay a zero total: payment is asked for a capture of zero (SPEC 2.2). */
export const place = (draft: Draft, { id, number, buyerId, now, payBefore }: Occasion): Placed => {
  const order: Order = {
    ...draft,
    id,
    number,
    buyerId,
    status: 'AWAITING_PAYMENT',
    version: 1,
    payBefore,
    openPaymentId: null,
    openMethod: null,
    onDelivery: false,
    paid: false,
    captured: 0,
    refunded: 0,
    cancelReason: null,
    createdAt: now,
  }
  const about = { orderId: id, at: now, status: order.status, detail: '' }
  const placed: Entry = { ...about, version: 1, event: 'PLACED', was: null, actor: 'buyer' }
  if (draft.total > 0) return { order, entries: [placed], facts: [recorded(order, orderPlaced(order))] }
  const asking = { ...order, version: 2 }
  return {
    order: asking,
    entries: [placed, { ...about, version: 2, event: 'CAPTURE_REQUESTED', was: order.status, actor: 'system' }],
    facts: [recorded(order, orderPlaced(order)), recorded(asking, captureRequested(asking))],
  }
}
