import type { Built } from '@souk/platform'
import type { Deps } from './deps.ts'
import { takeOrdered } from './service/take-ordered.ts'

/** Fact heard → verb; many facts share one transaction. */
export const onFacts = (deps: Deps) => {
  const take = takeOrdered(deps)
  return {
    'order.OrderPlaced': {
      batch: (facts, tx) =>
        take(
          facts.map(({ payload }) => payload),
          tx,
        ),
    },
  } satisfies Built['facts']
}
