import type { Category, CreateCategoryRequest } from '@souk/contract/catalog'
import { invalid, isId, newId } from '@souk/kernel'
import { audited, type Call, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { checkTemplates, trimmedTemplates } from '../domain/attributes.ts'
import { checkNames, checkPlace, mostCategories } from '../domain/category.ts'
import { hueOf, slugCandidates } from '../domain/slug.ts'
import { limitReached, refused, slugTaken } from '../faults.ts'
import {
  type CategoryRow,
  countCategories,
  findCategory,
  insertCategory,
  lockTree,
  takeCategoryVersion,
  takenCategorySlugs,
} from '../store/categories.ts'
import { presentCategory } from './list-categories.ts'

type Needs = Pick<Deps, 'db'>
export type NewCategory = Omit<CategoryRow, 'id' | 'slug' | 'path' | 'hue'> & {
  slug: string | undefined
  hue: number | undefined
}

/** The path of a parent, empty without one. @throws VALIDATION_FAILED when there is no such category */
export const parentPath = async ({ db }: Needs, tx: Tx, parentId: string | null): Promise<string[]> => {
  if (parentId === null) return []
  const parent = isId(parentId) ? await findCategory(db, tx, parentId) : undefined
  if (!parent) throw invalid({ field: 'parentId', rule: 'unknown', message: 'there is no such category' })
  return parent.path
}

/** Adds a category to the tree, which the caller has locked, and says so. */
export const addCategory = async (deps: Needs, tx: Tx, wish: NewCategory): Promise<CategoryRow> => {
  const { db } = deps
  if ((await countCategories(db, tx)) >= mostCategories) throw limitReached('categories', mostCategories)
  const id = newId()
  const above = await parentPath(deps, tx, wish.parent_id)
  const wrong = [...checkPlace(id, above, 0), ...checkNames(wish.names), ...checkTemplates(wish.attributes)]
  if (wrong.length > 0) throw refused(wrong)
  const candidates = wish.slug ? [wish.slug] : slugCandidates(wish.name, id, 'c')
  const taken = await takenCategorySlugs(db, tx, candidates)
  const slug = candidates.find((one) => !taken.has(one))
  if (!slug) throw slugTaken(wish.slug ?? '')
  const row: CategoryRow = { ...wish, id, slug, path: [...above, id], hue: wish.hue ?? hueOf(slug) }
  await insertCategory(db, tx, row)
  const version = await takeCategoryVersion(db, tx, id)
  tx.publish({
    type: 'catalog.CategoriesChanged',
    aggregateId: id,
    aggregateVersion: version,
    payload: { categoryId: id },
  })
  return row
}

/** A new department, or a category below another one. */
export const createCategory =
  (deps: Pick<Deps, 'db' | 'keys'>) =>
  (request: CreateCategoryRequest, call: Call): Promise<Category> =>
    deps.keys.once(call, async (tx) => {
      if (request.slug && isId(request.slug))
        throw invalid({ field: 'slug', rule: 'format', message: 'must not look like an id' })
      await lockTree(deps.db, tx)
      const row = await addCategory(deps, tx, {
        slug: request.slug,
        name: request.name.trim(),
        names: request.names,
        parent_id: request.parentId || null,
        hue: request.hue === undefined ? undefined : request.hue % 360,
        image: request.image ?? '',
        position: request.position ?? 0,
        attributes: trimmedTemplates(request.attributes),
      })
      tx.audit(audited(call, 'category.create', `category:${row.id}`, { after: { slug: row.slug, name: row.name } }))
      return presentCategory(row, '')
    })
