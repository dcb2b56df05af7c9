import type { Category, ListCategoriesAnswer, ListCategoriesRequest } from '@souk/contract/catalog'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { inLocale } from '../domain/texts.ts'
import { allCategories, type CategoryRow } from '../store/categories.ts'

/** A category with its name in one locale. */
export const presentCategory = (row: CategoryRow, locale: string): Category => ({
  id: row.id,
  slug: row.slug,
  name: inLocale(row.name, row.names, locale),
  parentId: row.parent_id ?? '',
  hue: row.hue,
  image: row.image,
  position: row.position,
  names: row.names,
  attributes: row.attributes,
})

/** The whole tree, departments first; it is small. */
export const listCategories =
  ({ db }: Pick<Deps, 'db'>) =>
  async (_request: ListCategoriesRequest, call: Call): Promise<ListCategoriesAnswer> => {
    const rows = await allCategories(db, db)
    return { categories: rows.map((row) => presentCategory(row, call.locale)), nextPageToken: '' }
  }
