import type { Money } from '@souk/kernel'
import type { Call, Locale } from '@souk/platform'
import type { Account } from './domain/ledger.ts'
import type { ChannelWord, RefundWord } from './domain/words.ts'

export type Charge = { paymentId: string; orderId: string; orderNumber: string; amount: Money }

/** Why a callback's signature was not accepted. */
export type SignatureProblem = 'missing' | 'malformed' | 'stale' | 'mismatch'

/**
 * A way to pay: small enough that a new one is one file. All verbs are idempotent by the id we give; a verb that throws
 * has an unknown outcome and is asked about later, never guessed.
 */
export type Channel = {
  /** The method id that buyers choose. */
  id: string
  name: Record<Locale, string>
  /** Where its money stands until it is paid out. */
  clearing: Account
  /** Another party that has to be asked; false: this house's own books decide at once. */
  remote: boolean
  create(charge: Charge, call: Call): Promise<ChannelWord>
  query(paymentId: string, call: Call): Promise<ChannelWord>
  /** Ends an attempt if it still can be ended; the word tells what it was or became. */
  void(paymentId: string, call: Call): Promise<ChannelWord>
  refund(refund: { refundId: string; paymentId: string; amount: Money }, call: Call): Promise<RefundWord>
  queryRefund(refundId: string, call: Call): Promise<RefundWord>
  /** Undefined: the signature over the raw bytes holds. Absent: the channel sends no callbacks. */
  verifyCallback?: (rawBody: Uint8Array, signature: string, now: Date) => SignatureProblem | undefined
}
