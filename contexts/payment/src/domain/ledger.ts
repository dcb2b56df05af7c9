import type { Money } from '@souk/kernel'

export type Account = 'psp_clearing' | 'courier_clearing' | 'customer' | 'suspense'

/** `amount` in minor units: debits positive, credits negative. */
export type Posting = { account: Account; currency: string; amount: number }

/** One balanced movement of money. (sourceType, sourceId, kind) happens once. */
export type Entry = {
  kind: 'capture' | 'refund' | 'suspense' | 'suspense_return'
  sourceType: 'payment' | 'refund'
  sourceId: string
  postings: Posting[]
}

const between = (debit: Account, credit: Account, { currency, amount }: Money): Posting[] => [
  { account: debit, currency, amount },
  { account: credit, currency, amount: -amount },
]

/** Money came in for an order: we owe the customer goods or the money back. */
export const captured = (paymentId: string, clearing: Account, money: Money): Entry => ({
  kind: 'capture',
  sourceType: 'payment',
  sourceId: paymentId,
  postings: between(clearing, 'customer', money),
})

/** Captured money went back. */
export const refunded = (refundId: string, clearing: Account, money: Money): Entry => ({
  kind: 'refund',
  sourceType: 'refund',
  sourceId: refundId,
  postings: between('customer', clearing, money),
})

/** Money came in that is not what was asked, or for an attempt that is over. */
export const suspended = (paymentId: string, clearing: Account, money: Money): Entry => ({
  kind: 'suspense',
  sourceType: 'payment',
  sourceId: paymentId,
  postings: between(clearing, 'suspense', money),
})

/** Suspense money went back to where it came from. */
export const suspenseReturned = (refundId: string, clearing: Account, money: Money): Entry => ({
  kind: 'suspense_return',
  sourceType: 'refund',
  sourceId: refundId,
  postings: between('suspense', clearing, money),
})
