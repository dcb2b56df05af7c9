import type { Quote, QuoteCartRequest } from '@souk/contract/cart'
import { fault } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { quote, sumWanted, type Wanted } from '../domain.ts'
import { createMarket } from './market.ts'
import { ownerOf } from './owner.ts'

/** What the given lines, else the selected lines of the cart, would cost now. */
export const quoteCart = (deps: Deps) => {
  const { db, store, currency } = deps
  const market = createMarket(deps)

  const fromCart = async (owner: string | undefined): Promise<Wanted[]> => {
    const cart = owner ? (await store.read(db, [owner])).get(owner) : undefined
    return (cart?.lines ?? []).filter((line) => line.selected)
  }

  return async ({ lines, cartToken }: QuoteCartRequest, call: Call): Promise<Quote> => {
    const given = lines.length > 0
    const wanted = given ? sumWanted(lines) : await fromCart(ownerOf(call, cartToken))
    const now = await market.look(
      wanted.map((line) => line.skuId),
      call,
    )
    // A cart's line has a last known price; a line out of the blue has none to show.
    if (given && !now.offers) throw fault('UNAVAILABLE')
    return quote(wanted, now, { currency, locale: call.locale })
  }
}
