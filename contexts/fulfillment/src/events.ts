import type { Built } from '@souk/platform'
import type { Deps } from './deps.ts'
import { createShipments } from './service/create-shipments.ts'
import { voidShipments } from './service/void-shipments.ts'

/** Fact heard → verb. */
export const onFacts = (deps: Deps) => {
  const create = createShipments(deps)
  const close = voidShipments(deps)
  return {
    'order.OrderAllocated': {
      batch: (facts, tx) =>
        create(
          facts.map(({ payload }) => payload),
          tx,
        ),
    },
    'order.OrderCancelling': ({ payload }, tx) => close(payload.orderId, tx),
    'order.OrderCancelled': ({ payload }, tx) => close(payload.orderId, tx),
  } satisfies Built['facts']
}
