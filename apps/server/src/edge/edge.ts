import type { Built, Host } from '@souk/platform'
import { checkout } from './checkout.ts'
import type { EdgeDeps } from './deps.ts'
import { flatCheckout } from './flat-checkout.ts'
import { getOrderPage } from './order-page.ts'
import { getProductPage } from './product-page.ts'

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
