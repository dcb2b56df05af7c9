import type { Hold, HoldVerbRequest } from '@souk/contract/inventory'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { release } from '../domain/holds.ts'
import { operateHold } from './operate-hold.ts'

/** Frees the newest hold of an order id. One that ended already is answered as it is. */
export const releaseStock =
  (deps: Deps) =>
  (req: HoldVerbRequest, call: Call): Promise<Hold> =>
    operateHold(deps, req, call, 'release', (books, hold) => {
      if (hold.state !== 'RELEASED' && hold.state !== 'EXPIRED') release(books, hold, 'cancelled')
    })
