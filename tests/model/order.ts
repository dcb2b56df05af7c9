import type { FactPayloads } from '@souk/contract/facts'
import type { Money } from '@souk/kernel'
import type { Hold } from '../../contexts/inventory/src/domain/books.ts'
import type { Move, OrderEvent } from '../../contexts/order/src/domain/moves.ts'
import type { Order } from '../../contexts/order/src/domain/order.ts'
import { presentLine, presentOrder } from '../../contexts/order/src/domain/present.ts'
import { orderNotFound } from '../../contexts/order/src/faults.ts'
import { priced } from './basket.ts'
import { finish, once } from './keys.ts'
import { atOnce, type Steps } from './steps.ts'
import type { Request, World } from './world.ts'

/** What `store/orders.ts` and the verbs of order do around its domain; placing is in `placing.ts`. */

/** The timer that ends an unpaid order. */
export const paymentTimer = 'order.payment'

export type OrderMessage = ReturnType<typeof presentOrder>

/** `orders.save` */
const save = ({ order: { db, orders, timeline } }: World, { order, entry, fact }: Move): void => {
  const before = orders.get(order.id)
  if (before?.version !== order.version - 1) throw new Error('an order changed while it was locked')
  orders.put(order.id, order)
  timeline.put(order.id, [...timeline.get(order.id)!, entry])
  if (order.status !== 'AWAITING_PAYMENT' || order.onDelivery) db.unschedule(paymentTimer, order.id)
  if (fact) db.publish(fact)
}

/** An order as its buyer sees it now. */
export const answerOf = ({ order: { orders, timeline }, clock }: World, id: string): OrderMessage =>
  presentOrder(orders.get(id)!, timeline.get(id)!, 'buyer', clock.date())

/** service/apply-events.ts, one event. */
const applyEvent = (world: World, orderId: string, event: OrderEvent, missing: 'drop' | 'fail'): void => {
  const order = world.order.orders.get(orderId)
  if (!order && missing === 'fail') throw new Error(`${event.kind} for an order that does not exist`)
  const move = order && world.ports.decide(order, event, world.clock.date())
  if (move) save(world, move)
}

const ownOrder = (world: World, id: string, buyerId: string): Order => {
  const order = world.order.orders.get(id)
  if (order?.buyerId !== buyerId) throw orderNotFound()
  return order
}

/** service/cancel-order.ts and service/cancel-any-order.ts */
export function* cancelOrder(world: World, request: Request, id: string, by: 'buyer' | 'staff'): Steps<OrderMessage> {
  return yield* once(world, world.order, request, () => {
    const order = by === 'buyer' ? ownOrder(world, id, request.principal) : world.order.orders.get(id)
    if (!order) throw orderNotFound()
    const move = world.ports.decide(order, { kind: 'cancel', by, reason: '' }, world.clock.date())
    if (move) save(world, move)
    return answerOf(world, id)
  })
}

type Begin = { orderId: string; buyerId: string; paymentId: string; method: string }

/** service/begin-payment.ts */
export const beginPayment = (world: World, { orderId, buyerId, paymentId, method }: Begin): Steps<Money> =>
  atOnce(() =>
    world.order.db.tx(() => {
      const order = ownOrder(world, orderId, buyerId)
      const move = world.ports.decide(order, { kind: 'openPayment', paymentId, method }, world.clock.date())
      if (move) save(world, move)
      const amount = world.ports.amountDue(order, () => priced(world, order.lines).total)
      return { currency: order.currency, amount }
    }),
  )

/** service/begin-shipping.ts */
export const beginShipping = (world: World, orderId: string, groupId: string): Steps<void> =>
  atOnce(() =>
    world.order.db.tx(() => {
      const order = world.order.orders.get(orderId)
      if (!order) throw orderNotFound()
      const move = world.ports.decide(order, { kind: 'beginShipping', groupId }, world.clock.date())
      if (move) save(world, move)
    }),
  )

/** service/get-owner.ts: what each line was worth. */
export const getOwner = (world: World, orderId: string): Steps<ReturnType<typeof presentLine>[]> =>
  atOnce(() => {
    const order = world.order.orders.get(orderId)
    if (!order) throw orderNotFound()
    return order.lines.map((line) => presentLine(line, order.currency))
  })

/** service/expire-payment.ts */
export const expirePayment = (world: World, orderId: string): Steps<void> =>
  atOnce(() => world.order.db.tx(() => applyEvent(world, orderId, { kind: 'expire' }, 'drop')))

/** The answer to a second try: the order as it is now; kept for this key too (`answerExisting` of write-order.ts). */
export function* answerExisting(world: World, request: Request, id: string): Steps<OrderMessage | undefined> {
  if (world.order.orders.get(id)?.buyerId !== request.principal) return undefined
  const reply = answerOf(world, id)
  yield 'step'
  world.order.db.tx(() => finish(world.order, request, reply))
  return reply
}

/** service/answer-holds.ts, one question. */
const answerHold = (world: World, { orderId }: Pick<Hold, 'orderId'>): void => {
  const { db, orders, preparations } = world.order
  const order = orders.get(orderId)
  const needed = order !== undefined && order.status !== 'CANCELLED'
  const preparation = preparations.all().find(({ id }) => id === orderId)
  if (!needed && preparation) preparations.remove(preparation.buyerId)
  const answerId = world.newId()
  const payload = { answerId, orderId, needed }
  db.publish({ type: 'order.HoldAnswered', aggregateId: answerId, aggregateVersion: 1, payload })
}

type Heard<K extends keyof FactPayloads> = FactPayloads[K] & { orderId: string }

/** events.ts */
export const orderHears = (world: World) => {
  const heard =
    <K extends keyof FactPayloads>(missing: 'drop' | 'fail', eventOf: (payload: Heard<K>) => OrderEvent) =>
    (payload: Heard<K>): void =>
      applyEvent(world, payload.orderId, eventOf(payload), missing)
  return {
    'payment.PaymentSucceeded': heard<'payment.PaymentSucceeded'>('fail', ({ paymentId, amount }) => ({
      kind: 'capture',
      paymentId,
      amount: amount!,
    })),
    'payment.PaymentFailed': heard<'payment.PaymentFailed'>('fail', ({ paymentId, outcome }) => ({
      kind: 'failPayment',
      paymentId,
      outcome,
    })),
    'payment.DeliveryPaymentChosen': heard<'payment.DeliveryPaymentChosen'>('fail', ({ paymentId }) => ({
      kind: 'acceptDelivery',
      paymentId,
    })),
    'payment.PaymentRefunded': heard<'payment.PaymentRefunded'>('fail', ({ amount }) => ({
      kind: 'refund',
      amount: amount!,
    })),
    'payment.PaymentSettled': heard<'payment.PaymentSettled'>('fail', () => ({ kind: 'settle' })),
    'inventory.StockCommitted': heard<'inventory.StockCommitted'>('drop', () => ({ kind: 'allocate' })),
    'inventory.CommitFailed': heard<'inventory.CommitFailed'>('drop', ({ reason }) => ({ kind: 'loseStock', reason })),
    'inventory.HoldOverdue': (payload: FactPayloads['inventory.HoldOverdue']) => answerHold(world, payload),
    'fulfillment.ShipmentShipped': heard<'fulfillment.ShipmentShipped'>('fail', ({ groupId }) => ({
      kind: 'shipGroup',
      groupId,
    })),
    'fulfillment.ShipmentDelivered': heard<'fulfillment.ShipmentDelivered'>('fail', ({ groupId }) => ({
      kind: 'deliverGroup',
      groupId,
    })),
  }
}
