import type { Kit } from '@souk/platform'
import type { CallbackRow, Store } from './store.ts'

/** What the verbs of this context work with. */
export type Deps = Pick<Kit<never, Record<never, never>>, 'db' | 'clock' | 'failpoint' | 'log' | 'metrics'> & {
  store: Store
  config: { secrets: string[]; publicUrl: string }
  /** Where the hosted page of a token is. */
  pageUrl: (token: string) => string
  /** Sends callbacks now, in the background; durable timers are the net under it. */
  sendSoon: (callbacks: readonly CallbackRow[]) => void
}
