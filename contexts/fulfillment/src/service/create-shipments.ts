import type { OrderAllocated } from '@souk/contract/order'
import { newId } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'

/** One parcel per order group; none for an order that is already closed. Many orders share a transaction. */
export const createShipments =
  ({ store, failpoint }: Deps) =>
  async (orders: readonly OrderAllocated[], tx: Tx): Promise<void> => {
    const closed = await store.meetOrders(
      tx,
      orders.map(({ orderId }) => orderId),
    )
    const shipments = orders
      .filter(({ orderId }) => !closed.has(orderId))
      .flatMap((order) =>
        order.groups.map(({ groupId, merchantId, warehouseId, lines }) => ({
          id: newId(),
          order,
          groupId,
          merchantId,
          warehouseId,
          lines,
        })),
      )
    if (shipments.length > 0) await store.insert(tx, shipments)
    await failpoint('fulfillment.createShipments.beforeCommit')
  }
