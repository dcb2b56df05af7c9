import type { Built, Fact, FactType, Tx } from '@souk/platform'
import type { OrderEvent } from './domain/moves.ts'
import { answerHolds } from './service/answer-holds.ts'
import { applyEvents, type Missing } from './service/apply-events.ts'
import type { OrderStore } from './store/orders.ts'
import type { PreparationStore } from './store/preparations.ts'

type Deps = { orders: OrderStore; preparations: PreparationStore; failpoint: (name: string) => Promise<void> }

type AboutOrder = Exclude<(typeof hears)[number], 'inventory.HoldOverdue'>

/** The facts that order listens to. */
export const hears = [
  'payment.PaymentSucceeded',
  'payment.PaymentFailed',
  'payment.DeliveryPaymentChosen',
  'payment.PaymentRefunded',
  'payment.PaymentSettled',
  'inventory.StockCommitted',
  'inventory.CommitFailed',
  'inventory.HoldOverdue',
  'fulfillment.ShipmentShipped',
  'fulfillment.ShipmentDelivered',
] as const satisfies readonly FactType[]

/** Facts of the neighbours → what they mean to an order. Many orders move in one transaction. */
export const factHandlers = ({ orders, preparations, failpoint }: Deps): Built['facts'] => {
  const heard = <K extends AboutOrder>(missing: Missing, eventOf: (payload: Fact<K>['payload']) => OrderEvent) => ({
    batch: async (facts: Fact<K>[], tx: Tx): Promise<void> => {
      const told = facts.map(({ payload, traceparent }) => ({
        orderId: payload.orderId,
        event: eventOf(payload),
        traceparent,
      }))
      await applyEvents(orders, tx, told, missing)
      await failpoint('order.hear.beforeCommit')
    },
  })

  return {
    'payment.PaymentSucceeded': heard('fail', ({ paymentId, amount }) => ({
      kind: 'capture',
      paymentId,
      amount: amount!,
    })),
    'payment.PaymentFailed': heard('fail', ({ paymentId, outcome }) => ({ kind: 'failPayment', paymentId, outcome })),
    'payment.DeliveryPaymentChosen': heard('fail', ({ paymentId }) => ({ kind: 'acceptDelivery', paymentId })),
    'payment.PaymentRefunded': heard('fail', ({ amount }) => ({ kind: 'refund', amount: amount! })),
    'payment.PaymentSettled': heard('fail', () => ({ kind: 'settle' })),
    // Stock is also held and committed for integrators, under ids that are no orders of ours.
    'inventory.StockCommitted': heard('drop', () => ({ kind: 'allocate' })),
    'inventory.CommitFailed': heard('drop', ({ reason }) => ({ kind: 'loseStock', reason })),
    'inventory.HoldOverdue': { batch: answerHolds({ orders, preparations, failpoint }) },
    'fulfillment.ShipmentShipped': heard('fail', ({ groupId }) => ({ kind: 'shipGroup', groupId })),
    'fulfillment.ShipmentDelivered': heard('fail', ({ groupId }) => ({ kind: 'deliverGroup', groupId })),
  }
}
