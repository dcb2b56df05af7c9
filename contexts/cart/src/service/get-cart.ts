import type { Cart, GetCartRequest } from '@souk/contract/cart'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { ownerOf } from './owner.ts'
import { createShowCart } from './show-cart.ts'

export const getCart = (deps: Deps) => {
  const { db, store } = deps
  const show = createShowCart(deps)
  return async ({ cartToken }: GetCartRequest, call: Call): Promise<Cart> => {
    const owner = ownerOf(call, cartToken)
    return show(owner ? (await store.read(db, [owner])).get(owner) : undefined, call)
  }
}
