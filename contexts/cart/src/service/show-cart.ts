import type { Cart } from '@souk/contract/cart'
import type { SkuQuote } from '@souk/contract/catalog'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { presentCart } from '../domain.ts'
import type { StoredCart } from '../store.ts'
import { createMarket } from './market.ts'

const nothing: StoredCart = { version: 0, lines: [] }

/** A stored cart with live prices and stock; nobody's cart is an empty one. */
export const createShowCart = (deps: Deps) => {
  const market = createMarket(deps)
  return async (cart: StoredCart = nothing, call: Call, known?: ReadonlyMap<string, SkuQuote>): Promise<Cart> => {
    const skuIds = cart.lines.map((line) => line.skuId)
    return presentCart(cart, await market.look(skuIds, call, known), deps.currency)
  }
}
