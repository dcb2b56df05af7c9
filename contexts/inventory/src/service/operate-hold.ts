import type { Hold as HoldMessage, HoldVerbRequest } from '@souk/contract/inventory'
import { isId } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import type { Books, Hold } from '../domain/books.ts'
import { latest } from '../domain/holds.ts'
import { noSuchHold } from '../faults.ts'
import { toHoldMessage } from './present.ts'

/**
 * Runs `work` on the newest hold of an order id. To an API key a hold made by another context does not exist: nobody
 * commits or frees an order's stock past its order (RELIABILITY I5, I6).
 */
export const operateHold = async (
  { keys, within, failpoint }: Deps,
  req: HoldVerbRequest,
  call: Call,
  verb: 'commit' | 'release',
  work: (books: Books, hold: Hold) => void,
): Promise<HoldMessage> => {
  const orderId = req.orderId.toLowerCase()
  if (!isId(orderId)) throw noSuchHold(orderId)
  return keys.once(call, async (tx) => {
    const answer = await within(tx, { skuIds: [], orderIds: [orderId] }, (books) => {
      const hold = latest(books, orderId)
      if (!hold || (!call.caller && !hold.external)) throw noSuchHold(orderId)
      work(books, hold)
      return toHoldMessage(hold)
    })
    await failpoint(`inventory.${verb}.beforeCommit`)
    return answer
  })
}
