import type { Money } from '@souk/kernel'

/** A channel's own word on an attempt. ABSENT: it never heard of it. */
export type ChannelWord =
  | { status: 'OPEN' | 'PENDING'; redirectUrl: string; reference: string }
  | { status: 'SUCCEEDED'; captured: Money; reference: string }
  | { status: 'FAILED' | 'VOIDED' | 'ABSENT' }

/** A channel's own word on a refund. */
export type RefundWord =
  | { status: 'PENDING' | 'SUCCEEDED' | 'FAILED'; amount: Money; reference: string }
  | { status: 'ABSENT' }

/** The question was asked and no answer came back: the effect may or may not be there. */
export type Lost = { status: 'LOST' }
