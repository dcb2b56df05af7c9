import type { Cart, RemoveItemRequest } from '@souk/contract/cart'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { createEditCart } from './edit-cart.ts'

/** Removing what is not there is done already. */
export const removeItem = (deps: Deps) => {
  const edit = createEditCart(deps)
  return ({ skuId, cartToken }: RemoveItemRequest, call: Call): Promise<Cart> =>
    edit(call, cartToken, (tx, owner) => deps.store.remove(tx, owner, skuId))
}
