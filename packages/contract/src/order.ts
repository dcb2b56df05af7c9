// Generated from proto/ by tools/gen. Do not edit.

import type { Empty } from './gen/google/protobuf/empty.ts'
import type {
  BeginPaymentAnswer,
  BeginPaymentRequest,
  BeginShippingRequest,
  CancelOrderRequest,
  GetOrderRequest,
  GetOwnerAnswer,
  GetOwnerRequest,
  ListAllOrdersAnswer,
  ListAllOrdersRequest,
  ListOrdersAnswer,
  ListOrdersRequest,
  PlaceOrderRequest,
  Preparation,
  PrepareOrderRequest,
} from './gen/souk/order/v1/service.ts'
import type {
  CancelReason_Value,
  FulfillmentStatus_Value,
  Order,
  OrderStatus_Value,
  PaymentStatus_Value,
} from './gen/souk/order/v1/types.ts'

export {
  CaptureRequested,
  FactGroup,
  FactLine,
  HoldAnswered,
  OrderAccepted,
  OrderAllocated,
  OrderCancelled,
  OrderCancelling,
  OrderCompleted,
  OrderDelivered,
  OrderPaid,
  OrderPlaced,
  OrderShipped,
} from './gen/souk/order/v1/events.ts'
export {
  BeginPaymentAnswer,
  BeginPaymentRequest,
  BeginShippingRequest,
  CancelOrderRequest,
  GetOrderRequest,
  GetOwnerAnswer,
  GetOwnerRequest,
  ListAllOrdersAnswer,
  ListAllOrdersRequest,
  ListOrdersAnswer,
  ListOrdersRequest,
  OrderLineInput,
  PlaceOrderRequest,
  Preparation,
  PrepareOrderRequest,
} from './gen/souk/order/v1/service.ts'
export {
  CancelReason_Value,
  FulfillmentStatus_Value,
  Order,
  OrderAction,
  OrderGroup,
  OrderLine,
  OrderStatus_Value,
  OrderSummary,
  PaymentStatus_Value,
  TimelineEntry,
} from './gen/souk/order/v1/types.ts'

export type OrderStatus = Exclude<OrderStatus_Value, 'UNSPECIFIED'>

export type PaymentStatus = Exclude<PaymentStatus_Value, 'UNSPECIFIED'>

export type FulfillmentStatus = Exclude<FulfillmentStatus_Value, 'UNSPECIFIED'>

export type CancelReason = Exclude<CancelReason_Value, 'UNSPECIFIED'>

export interface OrderService<C> {
  /** POST /v1/orders/prepare */
  prepareOrder(request: PrepareOrderRequest, call: C): Promise<Preparation>
  /** POST /v1/orders */
  placeOrder(request: PlaceOrderRequest, call: C): Promise<Order>
  /** GET /v1/orders */
  listOrders(request: ListOrdersRequest, call: C): Promise<ListOrdersAnswer>
  /** GET /v1/orders/{id} */
  getOrder(request: GetOrderRequest, call: C): Promise<Order>
  /** POST /v1/orders/{id}/cancel */
  cancelOrder(request: CancelOrderRequest, call: C): Promise<Order>
}

export interface OrderAdminService<C> {
  /** GET /v1/admin/orders */
  listAllOrders(request: ListAllOrdersRequest, call: C): Promise<ListAllOrdersAnswer>
  /** GET /v1/admin/orders/{id} */
  getAnyOrder(request: GetOrderRequest, call: C): Promise<Order>
  /** POST /v1/admin/orders/{id}/cancel */
  cancelAnyOrder(request: CancelOrderRequest, call: C): Promise<Order>
}

/** For other contexts only. */
export interface OrderDueService<C> {
  /** Payment begins: owner, state and deadline are checked under the order's lock, the open payment is noted. */
  beginPayment(request: BeginPaymentRequest, call: C): Promise<BeginPaymentAnswer>
  /** Whom an order belongs to and what its lines were worth (refunds by line). */
  getOwner(request: GetOwnerRequest, call: C): Promise<GetOwnerAnswer>
  /** A parcel leaves: from here the order can no longer be cancelled. */
  beginShipping(request: BeginShippingRequest, call: C): Promise<Empty>
}
