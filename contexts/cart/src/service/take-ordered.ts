import type { OrderPlaced } from '@souk/contract/order'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { userOwner } from './owner.ts'

/** Ordered quantities leave the buyers' carts. */
export const takeOrdered =
  ({ store, failpoint }: Deps) =>
  async (orders: readonly OrderPlaced[], tx: Tx): Promise<void> => {
    const ordered = orders.flatMap(({ buyerId, lines }) =>
      lines.map((line) => ({ owner: userOwner(buyerId), ...line })),
    )
    await store.lock(tx, [...new Set(ordered.map(({ owner }) => owner))])
    await store.subtract(tx, ordered)
    await failpoint('cart.takeOrdered.beforeCommit')
  }
