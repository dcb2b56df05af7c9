import type { Deps } from '../deps.ts'
import { publishedBelow } from '../store/categories.ts'
import { refreshListing } from '../store/move-product.ts'
import { lockProducts } from '../store/read-product.ts'

/**
 * Kind of the timer that looks a second time after a category was moved: for what a crash left undone and for products
 * that were being published while the tree changed.
 */
export const reshelveTimer = 'reshelve'

const chunk = 500
const first = '00000000-0000-0000-0000-000000000000'

/** Puts all products in a category or below it on the shelves where they belong now. May be repeated at any time. */
export const reshelve =
  ({ db }: Pick<Deps, 'db'>) =>
  async (categoryId: string): Promise<void> => {
    for (let after = first; ; ) {
      const ids = await publishedBelow(db, db, categoryId, after, chunk)
      if (ids.length === 0) return
      await db.tx(async (tx) => {
        await lockProducts(db, tx, ids)
        await refreshListing(db, tx, ids)
      })
      after = ids.at(-1)!
    }
  }
