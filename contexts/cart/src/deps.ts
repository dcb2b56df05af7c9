import type { Kit } from '@souk/platform'
import { createStore, type Store } from './store.ts'

type Needs = 'catalog.CatalogPriceService' | 'inventory.StockService'

export type Platform = Pick<Kit<Needs, Record<never, never>>, 'db' | 'clients' | 'clock' | 'log' | 'failpoint'> & {
  currency: string
}

/** What the verbs of this context work with. */
export type Deps = Platform & { store: Store }

export const createDeps = (platform: Platform): Deps => ({ ...platform, store: createStore(platform.db.schema) })
