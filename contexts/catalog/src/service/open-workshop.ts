import { isId, newId } from '@souk/kernel'
import type { Query } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { checkByTemplates } from '../domain/attributes.ts'
import type { Workshop } from '../domain/draft.ts'
import { hashInUrl } from '../domain/pictures.ts'
import type { Problem } from '../domain/problem.ts'
import type { Product } from '../domain/product.ts'
import { skuCodeTaken } from '../faults.ts'
import { knownCategories, templatesBy } from '../store/categories.ts'
import { findMedia } from '../store/media.ts'
import { codeOwners } from '../store/read-product.ts'

/** Gathers what decisions about a product need from outside; `urls` are the pictures that it names. */
export const openWorkshop =
  ({ db, config, cleaner }: Pick<Deps, 'db' | 'config' | 'cleaner'>) =>
  async (urls: readonly string[]): Promise<Workshop> => {
    const hashes = urls.flatMap((url) => hashInUrl(url) ?? [])
    const [clean, media] = await Promise.all([cleaner(), findMedia(db, db, hashes)])
    return { currency: config.currency, newId, clean, media }
  }

/** What is wrong with a product's categories: those that do not exist. */
export const checkCategories = async (
  { db }: Pick<Deps, 'db'>,
  query: Query,
  ids: readonly string[],
): Promise<Problem[]> => {
  const known = ids.length === 0 ? new Set<string>() : await knownCategories(db, query, ids.filter(isId))
  return ids.flatMap((id, place) =>
    known.has(id) ? [] : [{ field: `categoryIds[${place}]`, rule: 'unknown', message: 'there is no such category' }],
  )
}

/** What a product's attributes lack of what its categories ask. */
export const checkAttributesOf = async (
  { db }: Pick<Deps, 'db'>,
  query: Query,
  { categoryIds, attributes }: Pick<Product, 'categoryIds' | 'attributes'>,
): Promise<Problem[]> => checkByTemplates((await templatesBy(db, query, categoryIds))(categoryIds), attributes)

/** Refuses SKU codes that belong to another product. @throws SKU_CODE_TAKEN */
export const refuseTaken = async ({ db }: Pick<Deps, 'db'>, query: Query, { id, skus }: Product): Promise<void> => {
  const owners = await codeOwners(
    db,
    query,
    skus.map(({ code }) => code),
  )
  for (const [code, owner] of owners) if (owner !== id) throw skuCodeTaken(code)
}
