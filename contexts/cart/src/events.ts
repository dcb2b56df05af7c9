import type { Built } from '@souk/platform'
import type { Deps } from './deps.ts'
import { userOwner } from './service/owner.ts'

/** Fact heard → verb. */
export const onFacts = ({ store, failpoint }: Deps) =>
  ({
    'order.OrderPlaced': {
      batch: async (facts, tx) => {
        const ordered = facts.flatMap(({ payload: { buyerId, lines } }) =>
          lines.map((line) => ({ owner: userOwner(buyerId), ...line })),
        )
        await store.lock(tx, [...new Set(ordered.map(({ owner }) => owner))])
        await store.subtract(tx, ordered)
        await failpoint('cart.orderPlaced.beforeCommit')
      },
    },
  }) satisfies Built['facts']
