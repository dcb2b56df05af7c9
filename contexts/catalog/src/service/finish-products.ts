import type { Call, Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { stockUnavailable } from '../faults.ts'
import { publishWaiting, refreshListing } from '../store/move-product.ts'
import { lockProducts } from '../store/read-product.ts'
import { markReceived, projectStock, refreshAvailability, unreceivedSkus } from '../store/stock.ts'
import { announce, type ProductNews } from './announce.ts'
import { receiveStock } from './receive-stock.ts'

/** Kind of the timer that makes up for products whose first stock was not received. */
export const finishTimer = 'finish-product'

/** When a verb that was cut off is finished by its timer. */
export const patienceFrom = (now: Date): Date => new Date(now.getTime() + 15_000)

type Needs = Pick<Deps, 'db' | 'inventory' | 'failpoint'>

const newsOf = (ids: readonly string[], kind: 'published' | 'availability'): ProductNews[] =>
  ids.map((productId) => ({ productId, kind }))

/**
 * Brings written products to life: inventory hears of their new SKUs, the answer is shown, and those that wait for it are
 * published. `within` joins the last transaction. May be repeated at any time.
 * @throws UNAVAILABLE when inventory did not take the stock; nothing has changed then
 */
export const finishProducts =
  ({ db, inventory, failpoint }: Needs) =>
  async <Reply>(ids: readonly string[], call: Call, within: (tx: Tx) => Promise<Reply>): Promise<Reply> => {
    const waiting = await unreceivedSkus(db, db, ids)
    const bands = await receiveStock({ inventory })(waiting, call).catch((error: unknown) => {
      throw stockUnavailable(error)
    })
    await failpoint('catalog.finishProducts.afterReceive')
    return db.tx(async (tx) => {
      await lockProducts(db, tx, ids)
      const shown = await projectStock(db, tx, bands)
      await markReceived(
        db,
        tx,
        waiting.map(({ skuId }) => skuId),
      )
      if (bands.length > 0) await refreshAvailability(db, tx, ids)
      const published = await publishWaiting(db, tx, ids)
      await refreshListing(db, tx, published)
      await announce(db, tx, [...newsOf(published, 'published'), ...newsOf(shown, 'availability')])
      return within(tx)
    })
  }
