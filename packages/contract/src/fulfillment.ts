// Generated from proto/ by tools/gen. Do not edit.

import type {
  DeliverShipmentRequest,
  ListShipmentsAnswer,
  ListShipmentsRequest,
  ShipShipmentRequest,
  Shipment,
  ShipmentStatus_Value,
} from './gen/souk/fulfillment/v1/service.ts'

export { ShipmentDelivered, ShipmentException, ShipmentShipped, ShippedLine } from './gen/souk/fulfillment/v1/events.ts'
export {
  DeliverShipmentRequest,
  ListShipmentsAnswer,
  ListShipmentsRequest,
  ShipShipmentRequest,
  Shipment,
  ShipmentLine,
  ShipmentStatus_Value,
} from './gen/souk/fulfillment/v1/service.ts'

export type ShipmentStatus = Exclude<ShipmentStatus_Value, 'UNSPECIFIED'>

export interface ShipmentAdminService<C> {
  /** GET /v1/admin/shipments */
  listShipments(request: ListShipmentsRequest, call: C): Promise<ListShipmentsAnswer>
  /** POST /v1/admin/shipments/{id}/ship */
  shipShipment(request: ShipShipmentRequest, call: C): Promise<Shipment>
  /** POST /v1/admin/shipments/{id}/deliver */
  deliverShipment(request: DeliverShipmentRequest, call: C): Promise<Shipment>
}
