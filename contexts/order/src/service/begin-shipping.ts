import type { BeginShippingRequest } from '@souk/contract/order'
import type { Db } from '@souk/platform'
import { decide } from '../domain/moves.ts'
import { orderNotFound } from '../faults.ts'
import type { OrderStore } from '../store/orders.ts'

type Deps = { db: Db; orders: OrderStore }

/** A parcel is about to leave: under the order's lock either this or a cancel comes first. May be repeated. */
export const beginShipping =
  ({ db, orders }: Deps) =>
  ({ orderId, groupId }: BeginShippingRequest): Promise<Record<string, never>> =>
    db.tx(async (tx) => {
      const { orders: found, now } = await orders.lock(tx, [orderId])
      if (!found[0]) throw orderNotFound()
      const move = decide(found[0], { kind: 'beginShipping', groupId }, now)
      if (move) await orders.save(tx, [move])
      return {}
    })
