import type { ServiceMap } from '@souk/contract/services'
import type { Call } from '@souk/platform'

/** The typed services that the composites are made of. */
export type EdgeDeps = {
  catalog: ServiceMap<Call>['catalog.CatalogService']
  inventory: ServiceMap<Call>['inventory.StockService']
  order: ServiceMap<Call>['order.OrderService']
  payment: ServiceMap<Call>['payment.PaymentService']
}
