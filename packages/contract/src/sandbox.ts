// Generated from proto/ by tools/gen. Do not edit.

import type { RawAnswer } from './gen/souk/common/v1/raw.ts'
import type {
  ChannelRefund,
  Charge,
  ChargeStatus_Value,
  CreateChargeRequest,
  CreateRefundRequest,
  GetChargeRequest,
  GetRefundRequest,
  ListBookAnswer,
  ListBookRequest,
  PlayBuyerAnswer,
  PlayBuyerRequest,
  ShowPageRequest,
} from './gen/souk/sandbox/v1/service.ts'

export {
  BookEntry,
  ChannelRefund,
  Charge,
  ChargeStatus_Value,
  CreateChargeRequest,
  CreateRefundRequest,
  GetChargeRequest,
  GetRefundRequest,
  ListBookAnswer,
  ListBookRequest,
  PlayBuyerAnswer,
  PlayBuyerRequest,
  ShowPageRequest,
} from './gen/souk/sandbox/v1/service.ts'

export type ChargeStatus = Exclude<ChargeStatus_Value, 'UNSPECIFIED'>

export interface SandboxService<C> {
  /**
   * GET /sandbox/pay/{token}
   * The hosted page.
   */
  showPage(request: ShowPageRequest, call: C): Promise<RawAnswer>
  /**
   * POST /sandbox/pay/{token}
   * The buyer acts on the page.
   */
  playBuyer(request: PlayBuyerRequest, call: C): Promise<PlayBuyerAnswer>
}

/** What a channel offers to merchants. */
export interface SandboxChannelService<C> {
  /** Idempotent by payment id. */
  createCharge(request: CreateChargeRequest, call: C): Promise<Charge>
  getCharge(request: GetChargeRequest, call: C): Promise<Charge>
  /** Voids an open charge; a succeeded one answers SUCCEEDED. */
  voidCharge(request: GetChargeRequest, call: C): Promise<Charge>
  /** Idempotent by refund id. */
  createRefund(request: CreateRefundRequest, call: C): Promise<ChannelRefund>
  getRefund(request: GetRefundRequest, call: C): Promise<ChannelRefund>
  /** The channel's statement, oldest first. */
  listBook(request: ListBookRequest, call: C): Promise<ListBookAnswer>
}
