import type { CancelOrderRequest, Order } from '@souk/contract/order'
import { type Call, type Keys, userId } from '@souk/platform'
import { decide } from '../domain/moves.ts'
import { presentOrder } from '../domain/present.ts'
import { orderNotFound } from '../faults.ts'
import type { OrderStore } from '../store/orders.ts'

type Deps = { keys: Keys; orders: OrderStore; failpoint: (name: string) => Promise<void> }

/** The buyer withdraws: CANCELLED at once when no money is involved, else CANCELLING until payment has settled it. */
export const cancelOrder =
  ({ keys, orders, failpoint }: Deps) =>
  async (req: CancelOrderRequest, call: Call): Promise<Order> => {
    const reply = await keys.once(call, async (tx) => {
      const locked = await orders.lockOwn(tx, req.id, userId(call))
      if (!locked) throw orderNotFound()
      const move = decide(locked.order, { kind: 'cancel', by: 'buyer', reason: req.reason ?? '' }, locked.now)
      if (move) await orders.save(tx, [move])
      const story = await orders.find(req.id, tx)
      await failpoint('order.cancel.beforeCommit')
      return presentOrder(story!.order, story!.entries, 'buyer', locked.now)
    })
    await failpoint('order.cancel.afterCommit')
    return reply
  }
