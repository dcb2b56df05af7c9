import type { Kit } from '@souk/platform'
import type { Store } from './store.ts'

/** What the verbs of this context work with. */
export type Deps = Pick<Kit<'order.OrderDueService', Record<never, never>>, 'db' | 'clients' | 'failpoint'> & {
  store: Store
}
