// Generated from proto/ by tools/gen. Do not edit.

import type {
  CheckoutAnswer,
  CheckoutRequest,
  FlatCheckoutRequest,
  GetOrderPageRequest,
  GetProductPageRequest,
  OrderPage,
  PartState_Value,
  ProductPage,
} from './gen/souk/edge/v1/service.ts'

export {
  CheckoutAnswer,
  CheckoutLine,
  CheckoutRequest,
  FlatAddress,
  FlatCheckoutRequest,
  FlatCreditCard,
  GetOrderPageRequest,
  GetProductPageRequest,
  OrderPage,
  PagePart,
  PartState_Value,
  ProductPage,
  SkuStock,
} from './gen/souk/edge/v1/service.ts'

export type PartState = Exclude<PartState_Value, 'UNSPECIFIED'>

export interface EdgeService<C> {
  /** GET /v1/products/{id}/page */
  getProductPage(request: GetProductPageRequest, call: C): Promise<ProductPage>
  /**
   * POST /v1/checkout
   * Cart or lines → order → payment in one call.
   */
  checkout(request: CheckoutRequest, call: C): Promise<CheckoutAnswer>
  /**
   * POST /v1/checkout/flat
   * The flat checkout: snake_case body, sandbox payment, no key.
   */
  flatCheckout(request: FlatCheckoutRequest, call: C): Promise<CheckoutAnswer>
  /** GET /v1/orders/{id}/page */
  getOrderPage(request: GetOrderPageRequest, call: C): Promise<OrderPage>
}
