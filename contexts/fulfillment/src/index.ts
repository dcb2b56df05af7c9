import { defineContext } from '@souk/platform'
import { onFacts } from './events.ts'
import { deliverShipment } from './service/deliver-shipment.ts'
import { listShipments } from './service/list-shipments.ts'
import { shipShipment } from './service/ship-shipment.ts'
import { createStore } from './store.ts'

export const fulfillment = defineContext({
  name: 'fulfillment',
  migrations: new URL('../migrations/', import.meta.url),
  offers: ['fulfillment.ShipmentAdminService'],
  needs: ['order.OrderDueService'],
  hears: ['order.OrderAllocated', 'order.OrderCancelling', 'order.OrderCancelled'],
  config: {},
  build: ({ db, clients, failpoint }) => {
    const deps = { db, clients, failpoint, store: createStore(db.schema) }
    return {
      services: {
        'fulfillment.ShipmentAdminService': {
          listShipments: listShipments(deps),
          shipShipment: shipShipment(deps),
          deliverShipment: deliverShipment(deps),
        },
      },
      facts: onFacts(deps),
    }
  },
})
