import type { GetProductRequest, Product as ProductMessage } from '@souk/contract/catalog'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { presentProduct } from '../domain/present.ts'
import { notFound } from '../faults.ts'
import { findProduct } from '../store/read-product.ts'

/** A published product as buyers see it; all others do not exist for them. */
export const getProduct =
  ({ db }: Pick<Deps, 'db'>) =>
  async ({ idOrSlug }: GetProductRequest, call: Call): Promise<ProductMessage> => {
    const view = await findProduct(db, db, idOrSlug, 'PUBLISHED')
    if (!view) throw notFound()
    return presentProduct(view, call.locale)
  }
