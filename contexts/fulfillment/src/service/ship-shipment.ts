import type { Shipment, ShipShipmentRequest } from '@souk/contract/fulfillment'
import { isId } from '@souk/kernel'
import { actorName, audited, type Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { decideShip } from '../domain.ts'
import { illegalMove, noSuchShipment } from '../faults.ts'
import { type ShipmentRow, toShipment } from '../store.ts'

const parcelOf = (row: ShipmentRow) => ({
  status: row.status,
  carrier: row.carrier,
  trackingNumber: row.tracking_number,
})

/** Blanks around a typed number are nobody's intention and would make a retry look like another parcel. */
const tidy = (text: string): string => text.trim()

/**
 * A parcel leaves with a carrier. The order is asked first: from its yes on it cannot be cancelled any more, so a
 * parcel never leaves for a cancelled order. Its yes may be asked for again after a crash.
 */
export const shipShipment =
  ({ db, store, clients, failpoint }: Deps) =>
  async (req: ShipShipmentRequest, call: Call): Promise<Shipment> => {
    const carrier = tidy(req.carrier)
    const trackingNumber = tidy(req.trackingNumber)
    const known = isId(req.id) ? await store.find(db, req.id) : undefined
    if (!known) throw noSuchShipment()
    if (decideShip(parcelOf(known), carrier, trackingNumber).length === 0) return toShipment(known)
    await clients['order.OrderDueService'].beginShipping({ orderId: known.order_id, groupId: known.group_id }, call)
    await failpoint('fulfillment.ship.afterOrder')
    const shipped = await db.tx(async (tx) => {
      const present = await store.lock(tx, req.id)
      if (!present) throw noSuchShipment()
      const moves = decideShip(parcelOf(present), carrier, trackingNumber)
      if (moves.length === 0) return present
      const row = await store.ship(tx, req.id, carrier, trackingNumber)
      if (!row) throw illegalMove(present.status, 'ship')
      await store.remember(tx, row.id, moves, actorName(call.actor))
      tx.publish({
        type: 'fulfillment.ShipmentShipped',
        aggregateId: row.id,
        aggregateVersion: row.version,
        payload: {
          shipmentId: row.id,
          orderId: row.order_id,
          groupId: row.group_id,
          warehouseId: row.warehouse_id,
          lines: row.lines,
        },
      })
      tx.audit(
        audited(call, 'shipment.ship', row.id, {
          before: { status: present.status },
          after: { status: row.status, carrier, trackingNumber },
        }),
      )
      await failpoint('fulfillment.ship.beforeCommit')
      return row
    })
    await failpoint('fulfillment.ship.afterCommit')
    return toShipment(shipped)
  }
