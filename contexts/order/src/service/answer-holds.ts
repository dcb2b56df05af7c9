import { newId } from '@souk/kernel'
import { type Fact, type Tx, withTrace } from '@souk/platform'
import type { OrderStore } from '../store/orders.ts'
import type { PreparationStore } from '../store/preparations.ts'

type Deps = { orders: OrderStore; preparations: PreparationStore; failpoint: (name: string) => Promise<void> }

/**
 * Tells inventory whether overdue holds are still needed: only an order that stands needs its stock. No order can
 * appear after a no, because an order is written only while its hold has not expired by the database's clock, statements
 * end within 2 s, and inventory asks 5 s after the expiry at the earliest.
 */
export const answerHolds =
  ({ orders, preparations, failpoint }: Deps) =>
  async (facts: Fact<'inventory.HoldOverdue'>[], tx: Tx): Promise<void> => {
    const asked = new Map(facts.map(({ payload, traceparent }) => [payload.orderId, traceparent]))
    const ids = [...asked.keys()]
    const needed = await orders.needed(tx, ids)
    await preparations.forget(
      tx,
      ids.filter((id) => !needed.has(id)),
    )
    for (const [orderId, traceparent] of asked) {
      const answerId = newId()
      const payload = { answerId, orderId, needed: needed.has(orderId) }
      const answer = { type: 'order.HoldAnswered', aggregateId: answerId, aggregateVersion: 1, payload } as const
      withTrace(traceparent, () => tx.publish(answer))
    }
    await failpoint('order.hear.beforeCommit')
  }
