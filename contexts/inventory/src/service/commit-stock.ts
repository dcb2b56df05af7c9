import type { Hold, HoldVerbRequest } from '@souk/contract/inventory'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { commit } from '../domain/holds.ts'
import { operateHold } from './operate-hold.ts'

/** Confirms the newest hold of an order id. One that is confirmed already is answered as it is. */
export const commitStock =
  (deps: Deps) =>
  (req: HoldVerbRequest, call: Call): Promise<Hold> =>
    operateHold(deps, req, call, 'commit', (books, hold) => {
      if (hold.state !== 'COMMITTED' && hold.state !== 'SHIPPED') commit(books, hold)
    })
