import type { Cart, GetCartRequest } from '@souk/contract/cart'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { createEditCart } from './edit-cart.ts'

export const emptyCart = (deps: Deps) => {
  const edit = createEditCart(deps)
  return ({ cartToken }: GetCartRequest, call: Call): Promise<Cart> =>
    edit(call, cartToken, (tx, owner) => deps.store.remove(tx, owner))
}
