import type { Cart } from '@souk/contract/cart'

export type BagChange = { name: string; from: number; to: number }

const quantities = (cart: Cart): Map<string, number> =>
  new Map(cart.lines.map(({ skuId, quantity }) => [skuId, quantity]))

/** What merging a guest's bag into an account's bag came to, line by line, so that nothing changes in silence. */
export const mergeChanges = (guest: Cart, account: Cart, merged: Cart): BagChange[] => {
  const had = quantities(account)
  const brought = quantities(guest)
  return merged.lines.flatMap(({ skuId, quantity, product }) => {
    const from = had.get(skuId) ?? 0
    return brought.has(skuId) && quantity !== from ? [{ name: product?.name ?? '', from, to: quantity }] : []
  })
}

/** A late answer must not undo a newer one. */
export const newer = (held: Cart | undefined, answer: Cart): Cart =>
  held && held.version > answer.version ? held : answer

/** Shows quantities that are still on their way. */
export const withQuantities = (cart: Cart, waiting: ReadonlyMap<string, number>): Cart => {
  if (waiting.size === 0) return cart
  const lines = cart.lines.map((line) => ({ ...line, quantity: waiting.get(line.skuId) ?? line.quantity }))
  return { ...cart, lines, count: lines.reduce((sum, { quantity }) => sum + quantity, 0) }
}
