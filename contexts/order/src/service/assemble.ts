import type { CartLinesService } from '@souk/contract/cart'
import type { CatalogPriceService } from '@souk/contract/catalog'
import type { Address, IdentityService } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { quotedLines } from '../domain/draft.ts'
import type { Draft } from '../domain/order.ts'
import { noAdjustments, priceOrder } from '../domain/pricing.ts'
import { mergeLines, type Wish, type WishLine } from '../domain/wish.ts'
import { cartEmpty } from '../faults.ts'
import type { PreparationStore } from '../store/preparations.ts'

/** A priced wish: everything of an order that is known before its stock is held. */
export type Basket = Omit<Draft, 'groups'>

/** `replaces`: the buyer's preparation, whose hold is freed for this one. */
export type Assembled = { basket: Basket; replaces: string | undefined }

type Deps = {
  catalog: CatalogPriceService<Call>
  cart: CartLinesService<Call>
  identity: IdentityService<Call>
  preparations: PreparationStore
}

/** Asks the neighbours for lines, prices and address, all at once, and prices it all. Holds nothing, writes nothing. */
export const createAssembly = ({ catalog, cart, identity, preparations }: Deps) => {
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

  return async (wish: Wish, call: Call): Promise<Assembled> => {
    const [{ currency, lines }, address, replaces] = await Promise.all([
      quoted(wish, call),
      addressOf(wish, call),
      preparations.idOf(userId(call), call.deadline),
    ])
    return { basket: { ...priceOrder(currency, lines, noAdjustments), address, note: wish.note }, replaces }
  }
}

export type Assemble = ReturnType<typeof createAssembly>
