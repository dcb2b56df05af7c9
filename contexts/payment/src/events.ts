import { isId } from '@souk/kernel'
import type { Built, Tx } from '@souk/platform'
import type { Deps } from './deps.ts'
import { timerKinds } from './domain/timer-kinds.ts'
import { captureNothingWithin } from './service/capture-nothing.ts'
import { atOnce } from './timers.ts'

/** The order is over for payment; its channels are called by a timer, for no call may be made inside a fact. */
const close = async (deps: Deps, tx: Tx, orderId: string, standing: 'CANCELLING' | 'CANCELLED'): Promise<void> => {
  if (!isId(orderId)) return
  await deps.store.attempts.close(tx, orderId, standing)
  await tx.schedule(atOnce(deps, timerKinds.settle, orderId))
}

/** Fact heard → verb. */
export const onFacts = (deps: Deps) =>
  ({
    'order.CaptureRequested': async ({ payload }, tx) => {
      await captureNothingWithin(deps, tx, payload, '')
    },
    'order.OrderCancelling': ({ payload }, tx) => close(deps, tx, payload.orderId, 'CANCELLING'),
    'order.OrderCancelled': ({ payload }, tx) => close(deps, tx, payload.orderId, 'CANCELLED'),
  }) satisfies Built['facts']
