import type { Cart } from '@souk/contract/cart'
import type { Call, Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { ownerOf } from './owner.ts'
import { createShowCart } from './show-cart.ts'

/** Locks the caller's cart, edits it and shows it. Who has no cart has nothing to edit and sees an empty one. */
export const createEditCart = (deps: Deps) => {
  const { db, store } = deps
  const show = createShowCart(deps)
  return async (call: Call, cartToken: string, edit: (tx: Tx, owner: string) => Promise<unknown>): Promise<Cart> => {
    const owner = ownerOf(call, cartToken)
    if (!owner) return show(undefined, call)
    const cart = await db.tx(async (tx) => {
      await store.lock(tx, [owner])
      await edit(tx, owner)
      return (await store.read(tx, [owner])).get(owner)
    })
    return show(cart, call)
  }
}
