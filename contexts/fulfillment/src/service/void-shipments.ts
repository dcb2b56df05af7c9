import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { mayVoid } from '../domain.ts'

/** The order is over: parcels still in the house are voided; what already left goes its own way. */
export const voidShipments =
  ({ store }: Deps) =>
  async (orderId: string, tx: Tx): Promise<void> => {
    await store.closeOrder(tx, orderId)
    for (const parcel of await store.lockOfOrder(tx, orderId)) {
      const row = mayVoid(parcel.status) ? await store.void(tx, parcel.id) : undefined
      if (!row) continue
      await store.remember(tx, row.id, [{ from: parcel.status, to: row.status }], 'system:order')
      tx.publish({
        type: 'fulfillment.ShipmentException',
        aggregateId: row.id,
        aggregateVersion: row.version,
        payload: { shipmentId: row.id, orderId: row.order_id, groupId: row.group_id, status: row.status },
      })
    }
  }
