import type { OrderStatus } from '@souk/contract/order'
import { fault, invalid, type Money } from '@souk/kernel'

export const orderNotFound = () => fault('NOT_FOUND')

export const preparationNotFound = () => fault('NOT_FOUND')

/** The state machine has no such move from where the order is. */
export const illegalTransition = (status: OrderStatus) => fault('ILLEGAL_TRANSITION', { status })

export const priceChanged = (total: Money) => fault('PRICE_CHANGED', { total })

export const preparationExpired = () => fault('PREPARATION_EXPIRED')

/** Unknown, unpublished or retired: for the buyer they are the same. */
export const notBuyable = (skuIds: readonly string[]) => fault('NOT_BUYABLE', { skuIds })

export const cartEmpty = () => fault('CART_EMPTY')

export const couponUnavailable = (couponIds: readonly string[]) => fault('COUPON_UNAVAILABLE', { couponIds })

/** The order may or may not exist: the same key finds out. */
export const outcomeUnknown = (cause: unknown) => fault('UNKNOWN_OUTCOME', {}, cause)

/** Two parts of a request exclude each other, or one is missing. */
export const wrongParts = (field: string, rule: 'required' | 'excluded', message: string) =>
  invalid({ field, rule, message })

export const tooMany = (field: string, message: string) => invalid({ field, rule: 'max', message })
