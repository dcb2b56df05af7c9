import type { AddItemRequest, Cart } from '@souk/contract/cart'
import { newSecret } from '@souk/kernel'
import { type Call, createBatcher, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { mostLines, mostPieces, snapshot } from '../domain.ts'
import { noSuchSku, notBuyable, tooManyLines, tooManyPieces } from '../faults.ts'
import type { Put, StoredCart } from '../store.ts'
import { createMarket } from './market.ts'
import { guestOwner, ownerOf } from './owner.ts'
import { createShowCart } from './show-cart.ts'

/** `owner` undefined: a visitor without a cart. Only a signed-in buyer's cart may be made under a given owner. */
type Asked = { owner: string | undefined; signedIn: boolean; line: Put['line'] }
/** `token`: of the cart that was made for a visitor. */
type Added = { taken: boolean; cart: StoredCart; token: string }

/** Each list holds a cart at most once; a cart's lines keep their order over the lists. */
const rounds = (puts: readonly Put[]): Put[][] => {
  const lists: Put[][] = []
  const seen = new Map<string, number>()
  for (const put of puts) {
    const round = seen.get(put.owner) ?? 0
    seen.set(put.owner, round + 1)
    const list = lists[round]
    if (list) list.push(put)
    else lists.push([put])
  }
  return lists
}

/** Additions that arrive while a transaction is under way share the next one. */
const createAdditions = ({ db, store, failpoint }: Deps) => {
  /** A token that nobody was given opens no cart: its sender gets a new one. */
  const placed = (asked: readonly Asked[], existing: ReadonlySet<string>) =>
    asked.map(({ owner, signedIn, line }) => {
      if (owner && (signedIn || existing.has(owner))) return { owner, line, token: '' }
      const token = newSecret()
      return { owner: guestOwner(token), line, token }
    })

  const addTogether = async (tx: Tx, asked: readonly Asked[]): Promise<Added[]> => {
    const existing = await store.lock(tx, [...new Set(asked.flatMap(({ owner }) => owner ?? []))])
    const puts = placed(asked, existing)
    const owners = [...new Set(puts.map((put) => put.owner))]
    const made = owners.filter((owner) => !existing.has(owner))
    const lists = rounds(puts)
    // One connection serves these in order; waiting once for all of them saves the round trips.
    const [, takenBy, carts] = await Promise.all([
      store.create(tx, made),
      Promise.all(lists.map((list) => store.addLines(tx, list))),
      store.read(tx, owners),
    ])
    const taken = new Map(lists.flatMap((list, round) => list.map((put) => [put, takenBy[round]?.has(put.owner)])))
    await failpoint('cart.addItem.beforeCommit')
    return puts.map((put) => ({
      taken: taken.get(put) ?? false,
      cart: carts.get(put.owner) ?? { version: 0, lines: [] },
      token: put.token,
    }))
  }

  return createBatcher<Asked, Added>({
    name: 'cart',
    max: 100,
    bytesOf: ({ line }) => 300 + JSON.stringify(line.product).length,
    run: (asked) => db.tx((tx) => addTogether(tx, asked)),
  })
}

/** Puts a SKU that is on sale into the caller's cart; a visitor without one gets a cart and its token. */
export const addItem = (deps: Deps) => {
  const market = createMarket(deps)
  const show = createShowCart(deps)
  const additions = createAdditions(deps)
  return async ({ skuId, quantity, cartToken }: AddItemRequest, call: Call): Promise<Cart> => {
    const known = await market.quotes([skuId], call)
    const offer = known.get(skuId)
    if (!offer?.price) throw noSuchSku(skuId)
    if (!offer.buyable) throw notBuyable(skuId)
    const line = { skuId, quantity, selected: true, price: offer.price, product: snapshot(offer) }
    const asked = { owner: ownerOf(call, cartToken), signedIn: call.actor.kind === 'user', line }
    const { taken, cart, token } = await additions.add(asked, call.deadline)
    if (!taken) throw cart.lines.some((l) => l.skuId === skuId) ? tooManyPieces(mostPieces) : tooManyLines(mostLines)
    return { ...(await show(cart, call, known)), cartToken: token }
  }
}
