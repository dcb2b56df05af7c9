import type { OrderAllocated } from '@souk/contract/order'
import { decideDeliver, decideShip, mayVoid } from '../../contexts/fulfillment/src/domain.ts'
import { noSuchShipment } from '../../contexts/fulfillment/src/faults.ts'
import { beginShipping } from './order.ts'
import { atOnce, type Steps } from './steps.ts'
import type { ShipmentRow } from './tables.ts'
import { ask, type World } from './world.ts'

/** What fulfillment's store and verbs do around its domain. */

const move = ({ fulfillment }: World, row: ShipmentRow, set: Partial<ShipmentRow>): ShipmentRow => {
  const moved = { ...row, ...set, version: row.version + 1 }
  fulfillment.shipments.put(row.id, moved)
  return moved
}

const carrier = 'SF'

/** service/ship-shipment.ts: the order is asked first; from its yes on it cannot be cancelled any more. */
export function* shipShipment(world: World, id: string): Steps<void> {
  const { db, shipments } = world.fulfillment
  const known = shipments.get(id)
  if (!known) throw noSuchShipment()
  if (decideShip(known, carrier, id).length === 0) return
  yield* ask(world, 'order', () => beginShipping(world, known.orderId, known.groupId))
  db.tx(() => {
    const present = shipments.get(id)!
    if (decideShip(present, carrier, id).length === 0) return
    const { version, orderId, groupId, warehouseId, lines } = move(world, present, {
      status: 'IN_TRANSIT',
      carrier,
      trackingNumber: id,
    })
    db.publish({
      type: 'fulfillment.ShipmentShipped',
      aggregateId: id,
      aggregateVersion: version,
      payload: { shipmentId: id, orderId, groupId, warehouseId, lines },
    })
  })
}

/** service/deliver-shipment.ts */
export const deliverShipment = (world: World, id: string): Steps<void> =>
  atOnce(() => {
    const { db, shipments } = world.fulfillment
    db.tx(() => {
      const present = shipments.get(id)
      if (!present) throw noSuchShipment()
      if (decideDeliver(present).length === 0) return
      const { version, orderId, groupId } = move(world, present, { status: 'DELIVERED' })
      const payload = { shipmentId: id, orderId, groupId }
      db.publish({ type: 'fulfillment.ShipmentDelivered', aggregateId: id, aggregateVersion: version, payload })
    })
  })

/** service/create-shipments.ts: one parcel per group; none for an order that is already closed. */
const createShipments = (world: World, { orderId, groups }: OrderAllocated): void => {
  const { closed, shipments } = world.fulfillment
  if (closed.get(orderId)) return
  for (const { groupId, warehouseId, lines } of groups) {
    if (shipments.all().some((row) => row.groupId === groupId)) continue
    const id = world.newId()
    const parcel = { status: 'CREATED' as const, carrier: '', trackingNumber: '', version: 0 }
    shipments.put(id, { ...parcel, id, orderId, groupId, warehouseId, lines })
  }
}

/** service/void-shipments.ts */
const voidShipments = (world: World, orderId: string): void => {
  const { db, closed, shipments } = world.fulfillment
  closed.put(orderId, true)
  for (const parcel of shipments.all().filter((row) => row.orderId === orderId && mayVoid(row.status))) {
    const { id: shipmentId, version, groupId, status } = move(world, parcel, { status: 'VOIDED' })
    const payload = { shipmentId, orderId, groupId, status }
    db.publish({ type: 'fulfillment.ShipmentException', aggregateId: shipmentId, aggregateVersion: version, payload })
  }
}

/** events.ts */
export const fulfillmentHears = (world: World) => {
  const close = ({ orderId }: { orderId: string }) => voidShipments(world, orderId)
  return {
    'order.OrderAllocated': (payload: OrderAllocated) => createShipments(world, payload),
    'order.OrderCancelling': close,
    'order.OrderCancelled': close,
  }
}
