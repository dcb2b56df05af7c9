import type { OrderAllocated } from '@souk/contract/order'
import { newId } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'

/** One parcel per order group; none for an order that is already closed. */
export const createShipments =
  ({ store, failpoint }: Deps) =>
  async (order: OrderAllocated, tx: Tx): Promise<void> => {
    if (await store.meetOrder(tx, order.orderId)) return
    const shipments = order.groups.map(({ groupId, merchantId, warehouseId, lines }) => ({
      id: newId(),
      groupId,
      merchantId,
      warehouseId,
      lines,
    }))
    if (shipments.length > 0) await store.insert(tx, order, shipments)
    await failpoint('fulfillment.createShipments.beforeCommit')
  }
