import type { Cart, ChangeItemRequest } from '@souk/contract/cart'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { notInCart } from '../faults.ts'
import { createEditCart } from './edit-cart.ts'
import { ownerOf } from './owner.ts'

/** Sets quantity, selection or both; what is absent stays. */
export const changeItem = (deps: Deps) => {
  const edit = createEditCart(deps)
  return async ({ skuId, quantity, selected, cartToken }: ChangeItemRequest, call: Call): Promise<Cart> => {
    if (!ownerOf(call, cartToken)) throw notInCart(skuId)
    return edit(call, cartToken, async (tx, owner) => {
      if (!(await deps.store.change(tx, owner, skuId, { quantity, selected }))) throw notInCart(skuId)
    })
  }
}
