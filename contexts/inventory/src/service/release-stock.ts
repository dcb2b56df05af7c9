import type { Hold, HoldVerbRequest } from '@souk/contract/inventory'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { release } from '../domain/holds.ts'
import { operable } from './operable.ts'
import { toHoldMessage } from './present.ts'

/** Frees the newest hold of an order id. One that ended already is answered as it is. */
export const releaseStock =
  ({ keys, within, failpoint }: Deps) =>
  (req: HoldVerbRequest, call: Call): Promise<Hold> =>
    keys.once(call, async (tx) => {
      const answer = await within(tx, { skuIds: [], orderIds: [req.orderId] }, (books) => {
        const hold = operable(books, req.orderId, call)
        if (hold.state !== 'RELEASED' && hold.state !== 'EXPIRED') release(books, hold, 'cancelled')
        return toHoldMessage(hold)
      })
      await failpoint('inventory.release.beforeCommit')
      return answer
    })
