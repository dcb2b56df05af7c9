import type { Product as ProductMessage, ProductVerbRequest } from '@souk/contract/catalog'
import { isId } from '@souk/kernel'
import type { Call, Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { presentForStaff } from '../domain/present.ts'
import { onSale, type ProductView } from '../domain/product.ts'
import { nextState } from '../domain/publish.ts'
import { notFound, notPublishable } from '../faults.ts'
import { findProduct } from '../store/read-product.ts'
import { finishProducts } from './finish-products.ts'
import { moveInTransaction } from './move-product.ts'

const mustBeComplete = (currency: string) => (view: ProductView) => {
  if (onSale(view.skus).length === 0) throw notPublishable('skus')
  // The shop's currency was changed after the prices had been written.
  if (view.currency !== currency) throw notPublishable('price')
}

/** Puts a product into the shop; inventory is told of its SKUs first, should it not know them yet. */
export const publishProduct =
  (deps: Pick<Deps, 'db' | 'keys' | 'config' | 'inventory' | 'failpoint'>) =>
  ({ id }: ProductVerbRequest, call: Call): Promise<ProductMessage> =>
    deps.keys.first(call, async () => {
      const { db, keys, config } = deps
      const before = isId(id) ? await findProduct(db, db, id) : undefined
      if (!before) throw notFound()
      nextState(before.state, 'publish')
      mustBeComplete(config.currency)(before)
      const publish = async (tx: Tx): Promise<ProductMessage> => {
        const waited = await findProduct(db, tx, id)
        // A create that was cut off had asked for it already: finishing it has published it just now.
        if (waited?.state === 'PUBLISHED' && before.publishRequested) return presentForStaff(waited)
        return moveInTransaction(deps)(tx, id, 'publish', call, mustBeComplete(config.currency))
      }
      return finishProducts(deps)([id], call, async (tx) => {
        const reply = await publish(tx)
        await keys.finish(tx, call, reply)
        return reply
      })
    })
