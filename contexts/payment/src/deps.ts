import type { Keys, Kit } from '@souk/platform'
import type { Channel } from './channel.ts'
import type { Store } from './store.ts'

export type PaymentNeeds = 'order.OrderDueService' | 'sandbox.SandboxChannelService'

/** What the verbs of this context work with. */
export type Deps = Pick<
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
