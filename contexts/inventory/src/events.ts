import type { Built, Tx } from '@souk/platform'
import type { Deps } from './deps.ts'
import { answerHolds } from './service/answer-holds.ts'
import { commitOrders } from './service/commit-orders.ts'
import { releaseOrders } from './service/release-orders.ts'
import { shipParcels } from './service/ship-parcels.ts'

const batched = <Payload>(verb: (payloads: readonly Payload[], tx: Tx) => Promise<void>) => ({
  batch: (facts: readonly { payload: Payload }[], tx: Tx) =>
    verb(
      facts.map(({ payload }) => payload),
      tx,
    ),
})

/** Fact heard → verb; many facts share one transaction. */
export const onFacts = (deps: Deps) => {
  const commit = batched(commitOrders(deps))
  return {
    'order.OrderPaid': commit,
    'order.OrderAccepted': commit,
    'order.OrderCancelled': batched(releaseOrders(deps)),
    'order.HoldAnswered': batched(answerHolds(deps)),
    'fulfillment.ShipmentShipped': batched(shipParcels(deps)),
  } satisfies Built['facts']
}
