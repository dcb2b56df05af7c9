import type { Payment } from '@souk/contract/payment'
import type { Call, Keys, Kit } from '@souk/platform'
import type { Channel } from './channel.ts'
import type { AttemptStep } from './domain/attempt.ts'
import type { ChannelWord, Lost } from './domain/words.ts'
import type { Store } from './store.ts'

export type PaymentNeeds = 'order.OrderDueService' | 'sandbox.SandboxChannelService'

/** What everything in this context works with. */
export type Core = Pick<
  Kit<PaymentNeeds, Record<never, never>>,
  'db' | 'clock' | 'failpoint' | 'log' | 'metrics' | 'clients'
> & {
  keys: Keys
  store: Store
  /** Every built-in channel by method id, also those that are switched off: their old payments live on. */
  channels: ReadonlyMap<string, Channel>
  /** Method ids that buyers may choose now. */
  offered: ReadonlySet<string>
}

/** What else is done in the transaction that applies a word. */
export type Besides = {
  /** The kept event that led to the question: it needs no more work. */
  event?: { channel: string; eventId: string } | undefined
  /** The request that opened the attempt: its reply is kept with its key when nothing else can have happened yet. */
  answers?: Call | undefined
}

export type Settled = { done: AttemptStep['do']; reply?: Payment | undefined }

/**
 * Applies a channel's own word to an attempt, under the lock of its order. `recreate` is left to the caller, who may
 * talk to the channel.
 */
export type Settle = (paymentId: string, word: ChannelWord | Lost, besides?: Besides) => Promise<Settled>

/** What the verbs of this context work with. */
export type Deps = Core & {
  /** Applies channels' words to attempts. */
  settle: Settle
}
