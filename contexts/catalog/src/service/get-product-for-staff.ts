import type { GetProductRequest, Product as ProductMessage } from '@souk/contract/catalog'
import type { Deps } from '../deps.ts'
import { presentForStaff } from '../domain/present.ts'
import { notFound } from '../faults.ts'
import { findProduct } from '../store/read-product.ts'

/** A product in any state, as it is edited. */
export const getProductForStaff =
  ({ db }: Pick<Deps, 'db'>) =>
  async ({ idOrSlug }: GetProductRequest): Promise<ProductMessage> => {
    const view = await findProduct(db, db, idOrSlug)
    if (!view) throw notFound()
    return presentForStaff(view)
  }
