import type { ErrorCode } from '@souk/contract/errors'

/**
 * How a face answers a refusal: at the field, at the line of the bag, by showing old and new totals, by asking to sign in
 * or to confirm the identity, by counting down, by loading the object again, by repeating with the same key, or in words.
 */
export type Treatment =
  | 'field'
  | 'line'
  | 'totals'
  | 'step-up'
  | 'sign-in'
  | 'countdown'
  | 'reload'
  | 'repeat'
  | 'notice'

/** Every public code has its treatment; the type makes a new code fail the build until it has one. */
export const treatments: Record<ErrorCode, Treatment> = {
  VALIDATION_FAILED: 'field',
  ACCOUNT_EXISTS: 'field',
  CREDENTIALS_REFUSED: 'field',
  SLUG_TAKEN: 'field',
  SKU_CODE_TAKEN: 'field',
  OUT_OF_STOCK: 'line',
  NOT_BUYABLE: 'line',
  LIMIT_REACHED: 'notice',
  COUPON_UNAVAILABLE: 'line',
  PRICE_CHANGED: 'totals',
  PREPARATION_EXPIRED: 'totals',
  STEP_UP_REQUIRED: 'step-up',
  UNAUTHENTICATED: 'sign-in',
  RATE_LIMITED: 'countdown',
  LOGIN_THROTTLED: 'countdown',
  VERSION_CONFLICT: 'reload',
  ILLEGAL_TRANSITION: 'reload',
  CART_EMPTY: 'reload',
  IN_PROGRESS: 'repeat',
  OVERLOADED: 'repeat',
  UNAVAILABLE: 'repeat',
  DEADLINE_EXCEEDED: 'repeat',
  REQUEST_TIMEOUT: 'repeat',
  UNKNOWN_OUTCOME: 'repeat',
  INTERNAL: 'repeat',
  HOLD_CONFLICT: 'notice',
  NOT_PUBLISHABLE: 'notice',
  IMPORT_UNREADABLE: 'notice',
  PICTURE_REFUSED: 'notice',
  IDEMPOTENCY_KEY_REQUIRED: 'notice',
  IDEMPOTENCY_KEY_REUSED: 'notice',
  FORBIDDEN: 'notice',
  NOT_FOUND: 'notice',
  METHOD_NOT_ALLOWED: 'notice',
  TOO_LARGE: 'notice',
  UNSUPPORTED_MEDIA_TYPE: 'notice',
  CARD_DATA_REFUSED: 'notice',
  HEADERS_TOO_LARGE: 'notice',
  REFUND_EXCEEDS_CAPTURED: 'notice',
  METHOD_UNAVAILABLE: 'notice',
  PAYMENT_UNRESOLVED: 'notice',
  SIGNATURE_REFUSED: 'notice',
  AMOUNT_MISMATCH: 'notice',
}

/** Codes this build does not know (a newer server) are told in the server's own words. */
export const treatmentOf = (code: string): Treatment =>
  Object.hasOwn(treatments, code) ? treatments[code as ErrorCode] : 'notice'
