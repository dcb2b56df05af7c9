import type { Product as ProductMessage, PublishState } from '@souk/contract/catalog'
import { isId } from '@souk/kernel'
import { audited, type Call, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { presentForStaff } from '../domain/present.ts'
import type { ProductView } from '../domain/product.ts'
import { nextState, type PublishEvent } from '../domain/publish.ts'
import { illegalTransition, notFound } from '../faults.ts'
import { moveProduct, refreshListing } from '../store/move-product.ts'
import { findProduct, lockProducts } from '../store/read-product.ts'
import { announce, type ProductNews } from './announce.ts'

const wordOf: Record<PublishEvent, 'published' | 'unpublished' | 'archived'> = {
  publish: 'published',
  unpublish: 'unpublished',
  archive: 'archived',
}

/** What leaving or entering `state` is to the shop: taking away what never was there is no news. */
const newsOf = (productId: string, from: PublishState, event: PublishEvent): ProductNews[] =>
  event === 'archive' && from !== 'PUBLISHED' ? [] : [{ productId, kind: wordOf[event] }]

/**
 * One step of a product's life inside a transaction; `allowed` may refuse after the row is locked.
 * @throws NOT_FOUND, ILLEGAL_TRANSITION
 */
export const moveInTransaction =
  ({ db }: Pick<Deps, 'db'>) =>
  async (
    tx: Tx,
    id: string,
    event: PublishEvent,
    call: Call,
    allowed: (view: ProductView) => void = () => {},
  ): Promise<ProductMessage> => {
    await lockProducts(db, tx, [id])
    const view = await findProduct(db, tx, id)
    if (!view) throw notFound()
    const to = nextState(view.state, event)
    allowed(view)
    if (!(await moveProduct(db, tx, id, { from: view.state, to }))) throw illegalTransition(view.state, event)
    await refreshListing(db, tx, [id])
    await announce(db, tx, newsOf(id, view.state, event))
    tx.audit(
      audited(call, `product.${event}`, `product:${id}`, { before: { state: view.state }, after: { state: to } }),
    )
    const moved = await findProduct(db, tx, id)
    if (!moved) throw notFound()
    return presentForStaff(moved)
  }

/** A verb that takes a product one step further in its life. */
export const productVerb =
  (event: PublishEvent) =>
  (deps: Pick<Deps, 'db' | 'keys'>) =>
  ({ id }: { id: string }, call: Call): Promise<ProductMessage> => {
    if (!isId(id)) throw notFound()
    return deps.keys.once(call, (tx) => moveInTransaction(deps)(tx, id, event, call))
  }
