import type { Hold, HoldVerbRequest } from '@souk/contract/inventory'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { commit } from '../domain/holds.ts'
import { operable } from './operable.ts'
import { toHoldMessage } from './present.ts'

/** Confirms the newest hold of an order id. One that is confirmed already is answered as it is. */
export const commitStock =
  ({ keys, within, failpoint }: Deps) =>
  (req: HoldVerbRequest, call: Call): Promise<Hold> =>
    keys.once(call, async (tx) => {
      const answer = await within(tx, { skuIds: [], orderIds: [req.orderId] }, (books) => {
        const hold = operable(books, req.orderId, call)
        if (hold.state !== 'COMMITTED' && hold.state !== 'SHIPPED') commit(books, hold)
        return toHoldMessage(hold)
      })
      await failpoint('inventory.commit.beforeCommit')
      return answer
    })
