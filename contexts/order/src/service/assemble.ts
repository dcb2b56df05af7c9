import type { CartLinesService } from '@souk/contract/cart'
import type { CatalogPriceService } from '@souk/contract/catalog'
import type { Address, IdentityService } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { quotedLines } from '../domain/draft.ts'
import type { Draft } from '../domain/order.ts'
import { noAdjustments, priceOrder } from '../domain/pricing.ts'
import { mergeLines, type Wish, type WishLine } from '../domain/wish.ts'
import { cartEmpty } from '../faults.ts'

/** A priced wish: everything of an order that is known before its stock is held. */
export type Basket = Omit<Draft, 'groups'>

type Deps = {
  catalog: CatalogPriceService<Call>
  cart: CartLinesService<Call>
  identity: IdentityService<Call>
}

/** Asks the neighbours for lines, prices and address and prices it all. Holds nothing, writes nothing. */
export const createAssembly = ({ catalog, cart, identity }: Deps) => {
  const wishedLines = async (wish: Wish, call: Call): Promise<WishLine[]> => {
    if (wish.lines) return wish.lines
    const { lines } = await cart.listSelectedLines({ userId: userId(call) }, call)
    if (lines.length === 0) throw cartEmpty()
    return mergeLines(lines)
  }

  const quoted = async (wish: Wish, call: Call) => {
    const wished = await wishedLines(wish, call)
    const { quotes } = await catalog.quoteSkus({ skuIds: wished.map(({ skuId }) => skuId), locale: call.locale }, call)
    return quotedLines(wished, quotes)
  }

  const addressOf = async ({ address }: Wish, call: Call): Promise<Address> =>
    'typed' in address
      ? { ...address.typed, id: '' }
      : identity.snapshotAddress({ userId: userId(call), addressId: address.id }, call)

  return async (wish: Wish, call: Call): Promise<Basket> => {
    const [{ currency, lines }, address] = await Promise.all([quoted(wish, call), addressOf(wish, call)])
    return { ...priceOrder(currency, lines, noAdjustments), address, note: wish.note }
  }
}

export type Assemble = ReturnType<typeof createAssembly>
