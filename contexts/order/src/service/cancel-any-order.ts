import type { CancelOrderRequest, Order } from '@souk/contract/order'
import { audited, type Call, type Keys } from '@souk/platform'
import { decide } from '../domain/moves.ts'
import { presentOrder } from '../domain/present.ts'
import { orderNotFound } from '../faults.ts'
import type { OrderStore } from '../store/orders.ts'

type Deps = { keys: Keys; orders: OrderStore; failpoint: (name: string) => Promise<void> }

/** Staff cancel for a buyer. Their reason goes to the audit trail, not to the buyer's timeline. */
export const cancelAnyOrder =
  ({ keys, orders, failpoint }: Deps) =>
  (req: CancelOrderRequest, call: Call): Promise<Order> =>
    keys.once(call, async (tx) => {
      const { orders: found, now } = await orders.lock(tx, [req.id])
      const before = found[0]
      if (!before) throw orderNotFound()
      const move = decide(before, { kind: 'cancel', by: 'staff', reason: '' }, now)
      if (move) await orders.save(tx, [move])
      const story = await orders.find(req.id, tx)
      const change = { before: { status: before.status }, after: { status: story!.order.status } }
      tx.audit(audited(call, 'order.cancel', req.id, { ...change, reason: req.reason ?? '' }))
      await failpoint('order.cancel.beforeCommit')
      return presentOrder(story!.order, story!.entries, 'staff', now)
    })
