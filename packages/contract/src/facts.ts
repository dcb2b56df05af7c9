// Generated from proto/ by tools/gen. Do not edit.

import {
  CategoriesChanged,
  PriceChanged,
  ProductChanged,
  ProductPublished,
  ProductUnpublished,
  ShownAvailabilityChanged,
} from './gen/souk/catalog/v1/events.ts'
import { ShipmentDelivered, ShipmentException, ShipmentShipped } from './gen/souk/fulfillment/v1/events.ts'
import { ApiKeyRevoked, SessionsRevoked, UserRegistered } from './gen/souk/identity/v1/events.ts'
import {
  AvailabilityChanged,
  CommitFailed,
  HoldOverdue,
  StockCommitted,
  StockReleased,
  StockReserved,
} from './gen/souk/inventory/v1/events.ts'
import {
  CaptureRequested,
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
import {
  DeliveryPaymentChosen,
  PaymentFailed,
  PaymentRefunded,
  PaymentSettled,
  PaymentSucceeded,
} from './gen/souk/payment/v1/events.ts'

import type { Codec } from './services.ts'

export type FactPayloads = {
  'catalog.ProductChanged': ProductChanged
  'catalog.PriceChanged': PriceChanged
  'catalog.ProductPublished': ProductPublished
  'catalog.ProductUnpublished': ProductUnpublished
  'catalog.CategoriesChanged': CategoriesChanged
  'catalog.ShownAvailabilityChanged': ShownAvailabilityChanged
  'fulfillment.ShipmentShipped': ShipmentShipped
  'fulfillment.ShipmentDelivered': ShipmentDelivered
  'fulfillment.ShipmentException': ShipmentException
  'identity.UserRegistered': UserRegistered
  'identity.SessionsRevoked': SessionsRevoked
  'identity.ApiKeyRevoked': ApiKeyRevoked
  'inventory.StockReserved': StockReserved
  'inventory.StockReleased': StockReleased
  'inventory.StockCommitted': StockCommitted
  'inventory.CommitFailed': CommitFailed
  'inventory.HoldOverdue': HoldOverdue
  'inventory.AvailabilityChanged': AvailabilityChanged
  'order.OrderPlaced': OrderPlaced
  'order.CaptureRequested': CaptureRequested
  'order.OrderPaid': OrderPaid
  'order.OrderAccepted': OrderAccepted
  'order.OrderAllocated': OrderAllocated
  'order.OrderShipped': OrderShipped
  'order.OrderDelivered': OrderDelivered
  'order.OrderCompleted': OrderCompleted
  'order.OrderCancelling': OrderCancelling
  'order.OrderCancelled': OrderCancelled
  'order.HoldAnswered': HoldAnswered
  'payment.PaymentSucceeded': PaymentSucceeded
  'payment.PaymentFailed': PaymentFailed
  'payment.DeliveryPaymentChosen': DeliveryPaymentChosen
  'payment.PaymentRefunded': PaymentRefunded
  'payment.PaymentSettled': PaymentSettled
}

export type FactName = keyof FactPayloads

export type FactEntry<T> = {
  codec: Codec<T>
  /** What the fact is about, e.g. `order`: facts of one aggregate keep their order. */
  aggregate: string
  /** JSON name of the field with the aggregate's id. */
  aggregateIdField: string
  /** Edge cache tags it drops; placeholders are JSON names. */
  edgeTags: readonly string[]
  /** Also sent to every gateway process. */
  broadcast: boolean
}

export const facts: { [Name in FactName]: FactEntry<FactPayloads[Name]> } = {
  'catalog.ProductChanged': {
    codec: ProductChanged,
    aggregate: 'product',
    aggregateIdField: 'productId',
    edgeTags: ['product:{productId}', 'catalog'],
    broadcast: true,
  },
  'catalog.PriceChanged': {
    codec: PriceChanged,
    aggregate: 'product',
    aggregateIdField: 'productId',
    edgeTags: ['product:{productId}', 'catalog'],
    broadcast: true,
  },
  'catalog.ProductPublished': {
    codec: ProductPublished,
    aggregate: 'product',
    aggregateIdField: 'productId',
    edgeTags: ['product:{productId}', 'catalog'],
    broadcast: true,
  },
  'catalog.ProductUnpublished': {
    codec: ProductUnpublished,
    aggregate: 'product',
    aggregateIdField: 'productId',
    edgeTags: ['product:{productId}', 'catalog'],
    broadcast: true,
  },
  'catalog.CategoriesChanged': {
    codec: CategoriesChanged,
    aggregate: 'category',
    aggregateIdField: 'categoryId',
    edgeTags: ['categories', 'catalog'],
    broadcast: true,
  },
  'catalog.ShownAvailabilityChanged': {
    codec: ShownAvailabilityChanged,
    aggregate: 'product',
    aggregateIdField: 'productId',
    edgeTags: ['product:{productId}', 'catalog'],
    broadcast: true,
  },
  'fulfillment.ShipmentShipped': {
    codec: ShipmentShipped,
    aggregate: 'shipment',
    aggregateIdField: 'shipmentId',
    edgeTags: [],
    broadcast: false,
  },
  'fulfillment.ShipmentDelivered': {
    codec: ShipmentDelivered,
    aggregate: 'shipment',
    aggregateIdField: 'shipmentId',
    edgeTags: [],
    broadcast: false,
  },
  'fulfillment.ShipmentException': {
    codec: ShipmentException,
    aggregate: 'shipment',
    aggregateIdField: 'shipmentId',
    edgeTags: [],
    broadcast: false,
  },
  'identity.UserRegistered': {
    codec: UserRegistered,
    aggregate: 'user',
    aggregateIdField: 'userId',
    edgeTags: [],
    broadcast: false,
  },
  'identity.SessionsRevoked': {
    codec: SessionsRevoked,
    aggregate: 'user',
    aggregateIdField: 'userId',
    edgeTags: [],
    broadcast: true,
  },
  'identity.ApiKeyRevoked': {
    codec: ApiKeyRevoked,
    aggregate: 'apiKey',
    aggregateIdField: 'apiKeyId',
    edgeTags: [],
    broadcast: true,
  },
  'inventory.StockReserved': {
    codec: StockReserved,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'inventory.StockReleased': {
    codec: StockReleased,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'inventory.StockCommitted': {
    codec: StockCommitted,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'inventory.CommitFailed': {
    codec: CommitFailed,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'inventory.HoldOverdue': {
    codec: HoldOverdue,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'inventory.AvailabilityChanged': {
    codec: AvailabilityChanged,
    aggregate: 'sku',
    aggregateIdField: 'skuId',
    edgeTags: ['sku:{skuId}'],
    broadcast: true,
  },
  'order.OrderPlaced': {
    codec: OrderPlaced,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.CaptureRequested': {
    codec: CaptureRequested,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.OrderPaid': {
    codec: OrderPaid,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.OrderAccepted': {
    codec: OrderAccepted,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.OrderAllocated': {
    codec: OrderAllocated,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.OrderShipped': {
    codec: OrderShipped,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.OrderDelivered': {
    codec: OrderDelivered,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.OrderCompleted': {
    codec: OrderCompleted,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.OrderCancelling': {
    codec: OrderCancelling,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.OrderCancelled': {
    codec: OrderCancelled,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
  'order.HoldAnswered': {
    codec: HoldAnswered,
    aggregate: 'answer',
    aggregateIdField: 'answerId',
    edgeTags: [],
    broadcast: false,
  },
  'payment.PaymentSucceeded': {
    codec: PaymentSucceeded,
    aggregate: 'payment',
    aggregateIdField: 'paymentId',
    edgeTags: [],
    broadcast: false,
  },
  'payment.PaymentFailed': {
    codec: PaymentFailed,
    aggregate: 'payment',
    aggregateIdField: 'paymentId',
    edgeTags: [],
    broadcast: false,
  },
  'payment.DeliveryPaymentChosen': {
    codec: DeliveryPaymentChosen,
    aggregate: 'payment',
    aggregateIdField: 'paymentId',
    edgeTags: [],
    broadcast: false,
  },
  'payment.PaymentRefunded': {
    codec: PaymentRefunded,
    aggregate: 'payment',
    aggregateIdField: 'paymentId',
    edgeTags: [],
    broadcast: false,
  },
  'payment.PaymentSettled': {
    codec: PaymentSettled,
    aggregate: 'order',
    aggregateIdField: 'orderId',
    edgeTags: [],
    broadcast: false,
  },
}
