// Generated from proto/ by tools/gen. Do not edit.

import type {
  AddItemRequest,
  Cart,
  ChangeItemRequest,
  GetCartRequest,
  LineProblem_Kind,
  ListSelectedLinesAnswer,
  ListSelectedLinesRequest,
  MergeCartRequest,
  Quote,
  QuoteCartRequest,
  RemoveItemRequest,
} from './gen/souk/cart/v1/service.ts'

export {
  AddItemRequest,
  Cart,
  CartLine,
  CartProduct,
  ChangeItemRequest,
  Explanation,
  GetCartRequest,
  LineProblem,
  LineProblem_Kind,
  ListSelectedLinesAnswer,
  ListSelectedLinesRequest,
  MergeCartRequest,
  Quote,
  QuoteCartRequest,
  QuoteLine,
  QuoteLineInput,
  RemoveItemRequest,
} from './gen/souk/cart/v1/service.ts'

export type LineProblem_KindWord = Exclude<LineProblem_Kind, 'UNSPECIFIED'>

/** A cart belongs to a signed-in buyer, or to whoever holds its token (`X-Cart-Token`). */
export interface CartService<C> {
  /** GET /v1/cart */
  getCart(request: GetCartRequest, call: C): Promise<Cart>
  /** DELETE /v1/cart */
  emptyCart(request: GetCartRequest, call: C): Promise<Cart>
  /** POST /v1/cart/items */
  addItem(request: AddItemRequest, call: C): Promise<Cart>
  /** PATCH /v1/cart/items/{sku_id} */
  changeItem(request: ChangeItemRequest, call: C): Promise<Cart>
  /** DELETE /v1/cart/items/{sku_id} */
  removeItem(request: RemoveItemRequest, call: C): Promise<Cart>
  /**
   * POST /v1/cart/merge
   * Moves a guest cart into the signed-in buyer's: quantities add up to what is available.
   */
  mergeCart(request: MergeCartRequest, call: C): Promise<Cart>
  /** POST /v1/cart/quote */
  quoteCart(request: QuoteCartRequest, call: C): Promise<Quote>
}

/** For other contexts only. */
export interface CartLinesService<C> {
  listSelectedLines(request: ListSelectedLinesRequest, call: C): Promise<ListSelectedLinesAnswer>
}
