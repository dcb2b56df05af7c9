import { defineContext, integer } from '@souk/platform'
import { createDeps } from './deps.ts'
import { onFacts } from './events.ts'
import { adjustStock } from './service/adjust-stock.ts'
import { commitStock } from './service/commit-stock.ts'
import { createWarehouse } from './service/create-warehouse.ts'
import { getAvailability } from './service/get-availability.ts'
import { getStock } from './service/get-stock.ts'
import { listAvailability } from './service/list-availability.ts'
import { listMovements } from './service/list-movements.ts'
import { listWarehouses } from './service/list-warehouses.ts'
import { meetDueHolds } from './service/meet-due-holds.ts'
import { openDefaultWarehouse } from './service/open-default-warehouse.ts'
import { receiveStock } from './service/receive-stock.ts'
import { releaseStock } from './service/release-stock.ts'
import { reserveStock } from './service/reserve-stock.ts'
import { setSafetyStock } from './service/set-safety-stock.ts'

export const inventory = defineContext({
  name: 'inventory',
  migrations: new URL('../migrations/', import.meta.url),
  offers: ['inventory.InventoryService', 'inventory.InventoryAdminService', 'inventory.StockService'],
  needs: [],
  hears: [
    'order.OrderPaid',
    'order.OrderAccepted',
    'order.OrderCancelled',
    'order.HoldAnswered',
    'fulfillment.ShipmentShipped',
  ],
  config: {
    lowStock: integer('SOUK_LOW_STOCK', { fallback: '5', about: 'Up to this many available, a SKU is shown as LOW.' }),
  },
  build: ({ db, log, metrics, failpoint, config }) => {
    const deps = createDeps({ db, log, metrics, failpoint, lowStock: config.lowStock })
    return {
      services: {
        'inventory.InventoryService': {
          getAvailability: getAvailability(deps),
          reserveStock: reserveStock(deps),
          releaseStock: releaseStock(deps),
          commitStock: commitStock(deps),
        },
        'inventory.InventoryAdminService': {
          getStock: getStock(deps),
          listMovements: listMovements(deps),
          adjustStock: adjustStock(deps),
          setSafetyStock: setSafetyStock(deps),
          listWarehouses: listWarehouses(deps),
          createWarehouse: createWarehouse(deps),
        },
        'inventory.StockService': { receiveStock: receiveStock(deps), listAvailability: listAvailability(deps) },
      },
      facts: onFacts(deps),
      jobs: [{ name: 'inventory.dueHolds', everyMs: 2000, run: meetDueHolds(deps) }],
      prepare: openDefaultWarehouse(deps),
    }
  },
})
