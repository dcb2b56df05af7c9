import type { ServiceMap } from '@souk/contract/services'
import type { Built, Call, Host } from '@souk/platform'
import { checkout } from './checkout.ts'
import { flatCheckout } from './flat-checkout.ts'
import { getOrderPage } from './order-page.ts'
import { getProductPage } from './product-page.ts'

/** The typed services that the composites are made of. */
export type EdgeDeps = {
  catalog: ServiceMap<Call>['catalog.CatalogService']
  inventory: ServiceMap<Call>['inventory.StockService']
  order: ServiceMap<Call>['order.OrderService']
  payment: ServiceMap<Call>['payment.PaymentService']
}

/** `souk.edge.v1`: lives where the gateway lives, has no data of its own and speaks for the buyer. */
export const createEdge = (client: Host['client']): Built['services'] => {
  const deps: EdgeDeps = {
    catalog: client('catalog.CatalogService'),
    inventory: client('inventory.StockService', 'gateway'),
    order: client('order.OrderService'),
    payment: client('payment.PaymentService'),
  }
  const placeAndPay = checkout(deps)
  return {
    'edge.EdgeService': {
      getProductPage: getProductPage(deps),
      checkout: placeAndPay,
      flatCheckout: flatCheckout(placeAndPay),
      getOrderPage: getOrderPage(deps),
    },
  }
}
