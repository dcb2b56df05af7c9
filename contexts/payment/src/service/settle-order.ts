import { type Call, errorText } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import { nextTry } from '../timers.ts'
import { concludeOrder } from './conclude-order.ts'
import { voidAtChannel } from './reach-channel.ts'

/** A cancelled order: open attempts are voided at their channels, what was captured goes back, then it is said. */
export const settleOrder =
  (deps: Deps) =>
  async (orderId: string, tries: number, call: Call): Promise<void> => {
    for (const attempt of await deps.store.attempts.openOfOrder(deps.db, orderId))
      await voidAtChannel(deps)(attempt, call).catch((error) =>
        deps.log.warn('payment could not be voided yet', { paymentId: attempt.id, orderId, error: errorText(error) }),
      )
    await deps.db.tx(async (tx) => {
      const order = await deps.store.attempts.lockOrder(tx, orderId)
      const done = await concludeOrder(deps, tx, order)
      if (!done) await tx.schedule(nextTry(deps, timerKinds.settle, orderId, tries + 1))
      await deps.failpoint('payment.settle.beforeCommit')
    })
  }
