import type { DeliverShipmentRequest, Shipment } from '@souk/contract/fulfillment'
import { isId } from '@souk/kernel'
import { actorName, audited, type Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { decideDeliver } from '../domain.ts'
import { illegalMove, noSuchShipment } from '../faults.ts'
import { toShipment } from '../store.ts'

export const deliverShipment =
  ({ db, store, failpoint }: Deps) =>
  async (req: DeliverShipmentRequest, call: Call): Promise<Shipment> => {
    if (!isId(req.id)) throw noSuchShipment()
    const delivered = await db.tx(async (tx) => {
      const present = await store.lock(tx, req.id)
      if (!present) throw noSuchShipment()
      const { status, carrier, tracking_number: trackingNumber } = present
      const moves = decideDeliver({ status, carrier, trackingNumber })
      if (moves.length === 0) return present
      const row = await store.deliver(tx, req.id)
      if (!row) throw illegalMove(status, 'deliver')
      await store.remember(tx, row.id, moves, actorName(call.actor))
      tx.publish({
        type: 'fulfillment.ShipmentDelivered',
        aggregateId: row.id,
        aggregateVersion: row.version,
        payload: { shipmentId: row.id, orderId: row.order_id, groupId: row.group_id },
      })
      tx.audit(audited(call, 'shipment.deliver', row.id, { before: { status }, after: { status: row.status } }))
      await failpoint('fulfillment.deliver.beforeCommit')
      return row
    })
    await failpoint('fulfillment.deliver.afterCommit')
    return toShipment(delivered)
  }
