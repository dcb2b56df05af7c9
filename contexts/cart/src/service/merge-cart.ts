import type { Cart, MergeCartRequest } from '@souk/contract/cart'
import { type Call, userId } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { merge, mostLines, type Stock } from '../domain.ts'
import { tooManyLines } from '../faults.ts'
import type { StoredCart } from '../store.ts'
import { createMarket } from './market.ts'
import { guestOwner, userOwner } from './owner.ts'
import { createShowCart } from './show-cart.ts'

/** A guest cart joins the buyer's and is gone; repeated, or with an unknown token, there is nothing to join. */
export const mergeCart = (deps: Deps) => {
  const { db, store, failpoint } = deps
  const market = createMarket(deps)
  const show = createShowCart(deps)

  const join = (owner: string, guest: string, stock: ReadonlyMap<string, Stock> | undefined) =>
    db.tx(async (tx): Promise<StoredCart | undefined> => {
      const existing = await store.lock(tx, [owner, guest])
      const carts = await store.read(tx, [owner, guest])
      const guestCart = carts.get(guest)
      if (!existing.has(guest) || !guestCart) return carts.get(owner)
      const lines = merge(carts.get(owner)?.lines ?? [], guestCart.lines, stock)
      if (lines.length > mostLines) throw tooManyLines(mostLines)
      if (lines.length > 0) {
        await store.create(tx, [owner])
        await store.setLines(tx, owner, lines)
      }
      await store.removeCart(tx, guest)
      await failpoint('cart.merge.beforeCommit')
      return (await store.read(tx, [owner])).get(owner)
    })

  return async ({ cartToken }: MergeCartRequest, call: Call): Promise<Cart> => {
    const owner = userOwner(userId(call))
    const guest = guestOwner(cartToken)
    const carts = await store.read(db, [owner, guest])
    const guestCart = carts.get(guest)
    if (!guestCart) return show(carts.get(owner), call)
    const stock = await market.stock(
      guestCart.lines.map((line) => line.skuId),
      call,
    )
    return show(await join(owner, guest, stock), call)
  }
}
