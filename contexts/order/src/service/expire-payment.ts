import type { Db, TimerHandler } from '@souk/platform'
import type { OrderStore } from '../store/orders.ts'
import { applyEvents } from './apply-events.ts'

type Deps = { db: Db; orders: OrderStore; failpoint: (name: string) => Promise<void> }

/** The payment deadline. Late or twice it changes nothing: the table decides under the order's lock. */
export const expirePayment =
  ({ db, orders, failpoint }: Deps): TimerHandler =>
  ({ aggregateId }) =>
    db.tx(async (tx) => {
      await applyEvents(orders, tx, [{ orderId: aggregateId, event: { kind: 'expire' } }], 'drop')
      await failpoint('order.expire.beforeCommit')
    })
