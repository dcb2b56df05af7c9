// Generated from proto/ by tools/gen. Do not edit.

import type {
  CallbackAnswer,
  CallbackRequest,
  ChannelCallbackRequest,
  CreatePaymentRequest,
  GetPaymentRequest,
  ListAllPaymentsAnswer,
  ListAllPaymentsRequest,
  ListLedgerEntriesAnswer,
  ListLedgerEntriesRequest,
  ListMethodsAnswer,
  ListMethodsRequest,
  ListPaymentCasesAnswer,
  ListPaymentCasesRequest,
  ListPaymentsAnswer,
  ListPaymentsRequest,
  RecordDeliveryPaymentRequest,
  RefundPaymentRequest,
} from './gen/souk/payment/v1/service.ts'
import type { AttemptStatus_Value, Payment, Refund, RefundStatus_Value } from './gen/souk/payment/v1/types.ts'

export {
  DeliveryPaymentChosen,
  PaymentFailed,
  PaymentRefunded,
  PaymentSettled,
  PaymentSucceeded,
} from './gen/souk/payment/v1/events.ts'
export {
  CallbackAnswer,
  CallbackRequest,
  ChannelCallbackRequest,
  CreatePaymentRequest,
  GetPaymentRequest,
  ListAllPaymentsAnswer,
  ListAllPaymentsRequest,
  ListLedgerEntriesAnswer,
  ListLedgerEntriesRequest,
  ListMethodsAnswer,
  ListMethodsRequest,
  ListPaymentCasesAnswer,
  ListPaymentCasesRequest,
  ListPaymentsAnswer,
  ListPaymentsRequest,
  RecordDeliveryPaymentRequest,
  RefundLineInput,
  RefundPaymentRequest,
} from './gen/souk/payment/v1/service.ts'
export {
  AttemptStatus_Value,
  LedgerEntry,
  LedgerPosting,
  Payment,
  PaymentCase,
  PaymentMethod,
  Refund,
  RefundStatus_Value,
} from './gen/souk/payment/v1/types.ts'

export type AttemptStatus = Exclude<AttemptStatus_Value, 'UNSPECIFIED'>

export type RefundStatus = Exclude<RefundStatus_Value, 'UNSPECIFIED'>

export interface PaymentService<C> {
  /** GET /v1/payments/methods */
  listMethods(request: ListMethodsRequest, call: C): Promise<ListMethodsAnswer>
  /** POST /v1/payments */
  createPayment(request: CreatePaymentRequest, call: C): Promise<Payment>
  /** GET /v1/payments/{id} */
  getPayment(request: GetPaymentRequest, call: C): Promise<Payment>
  /** GET /v1/payments */
  listPayments(request: ListPaymentsRequest, call: C): Promise<ListPaymentsAnswer>
  /**
   * POST /v1/payments/{id}/callbacks
   * The channel reports; the signature over the raw bytes is checked first, then the event is stored, then answered.
   */
  receiveCallback(request: CallbackRequest, call: C): Promise<CallbackAnswer>
  /** POST /v1/payments/callbacks/{channel} */
  receiveChannelCallback(request: ChannelCallbackRequest, call: C): Promise<CallbackAnswer>
}

export interface PaymentAdminService<C> {
  /** POST /v1/payments/{id}/refund */
  refundPayment(request: RefundPaymentRequest, call: C): Promise<Refund>
  /**
   * POST /v1/admin/orders/{id}/record-payment
   * The courier brought the money of a pay-on-delivery order.
   */
  recordDeliveryPayment(request: RecordDeliveryPaymentRequest, call: C): Promise<Payment>
  /** GET /v1/admin/payments */
  listAllPayments(request: ListAllPaymentsRequest, call: C): Promise<ListAllPaymentsAnswer>
  /**
   * GET /v1/admin/payments/cases
   * What somebody should look at: money that is nobody's, answers that contradict each other, silence of a channel.
   */
  listPaymentCases(request: ListPaymentCasesRequest, call: C): Promise<ListPaymentCasesAnswer>
  /** GET /v1/admin/ledger/entries */
  listLedgerEntries(request: ListLedgerEntriesRequest, call: C): Promise<ListLedgerEntriesAnswer>
}
