import { isId } from '@souk/kernel'
import type { Fact, FactHandler, Tx } from '@souk/platform'
import type { Deps } from './deps.ts'
import { announce } from './service/announce.ts'
import { lockProducts } from './store/read-product.ts'
import { type Band, productsOf, projectStock, refreshAvailability } from './store/stock.ts'

type Heard = 'inventory.AvailabilityChanged'

const bandsOf = (facts: readonly Fact<Heard>[]): Band[] =>
  facts.flatMap(({ payload: { skuId, band, version } }) =>
    band === 'UNSPECIFIED' || !isId(skuId) ? [] : [{ skuId, band, version }],
  )

/** Keeps the stock bands that browsing shows; an older version never replaces a newer one. */
const showAvailability =
  ({ db }: Pick<Deps, 'db'>) =>
  async (facts: Fact<Heard>[], tx: Tx): Promise<void> => {
    const bands = bandsOf(facts)
    const products = await productsOf(
      db,
      tx,
      bands.map(({ skuId }) => skuId),
    )
    await lockProducts(db, tx, products)
    const shown = await projectStock(db, tx, bands)
    await refreshAvailability(db, tx, products)
    await announce(
      db,
      tx,
      shown.map((productId) => ({ productId, kind: 'availability' })),
    )
  }

/** What this context does when it hears a fact. */
export const onFacts = (deps: Pick<Deps, 'db'>): { [K in Heard]: FactHandler<K> } => ({
  'inventory.AvailabilityChanged': { batch: showAvailability(deps) },
})
