import type { Preparation, PrepareOrderRequest } from '@souk/contract/order'
import { faultOf, newId } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import { splitIntoGroups } from '../domain/draft.ts'
import { presentPreparation } from '../domain/present.ts'
import { parseWish, refuseCoupons } from '../domain/wish.ts'
import type { PreparationStore } from '../store/preparations.ts'
import type { Assemble } from './assemble.ts'
import type { HoldStock } from './hold-stock.ts'
import type { Holds } from './holds.ts'

type Deps = {
  assemble: Assemble
  holdStock: HoldStock
  holds: Holds
  preparations: PreparationStore
  failpoint: (name: string) => Promise<void>
}

/** Prices a wish and holds its stock for a few minutes under the id of the order that may come of it. */
export const prepareOrder =
  ({ assemble, holdStock, holds, preparations, failpoint }: Deps) =>
  async (req: PrepareOrderRequest, call: Call): Promise<Preparation> => {
    const wish = parseWish(req)
    refuseCoupons(req)
    const { basket, replaces } = await assemble(wish, call)
    const id = newId()
    const { replaced, ...hold } = await holdStock({ orderId: id, lines: basket.lines, replaces }, call)
    await failpoint('order.prepare.afterReserve')
    const draft = { ...basket, groups: splitIntoGroups(basket, hold.lines, newId) }
    const former = await preparations
      .replace({ id, buyerId: userId(call), holdExpiresAt: hold.expiresAt, draft })
      .catch(async (error: unknown) => {
        // After a lost connection the row may be there, and then its hold is needed.
        if (faultOf(error)?.code !== 'UNAVAILABLE') await holds.giveUp(id, call)
        throw error
      })
    await failpoint('order.prepare.afterCommit')
    // Two preparations at once: the later row wins, the hold of the earlier is freed.
    if (former && former !== replaced) await holds.giveUp(former, call)
    return presentPreparation(id, draft, hold.expiresAt)
  }
