import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { mostCategories } from '../domain/category.ts'
import { slugify } from '../domain/slug.ts'
import { folded } from '../domain/texts.ts'
import { allCategories, type CategoryRow, lockTree } from '../store/categories.ts'
import { addCategory } from './create-category.ts'

const byType = (rows: readonly CategoryRow[]) => {
  const known = new Map<string, string>()
  for (const { id, slug, name, names } of rows.toReversed())
    for (const word of [`slug ${slug}`, folded(name), ...Object.values(names).map(folded)]) known.set(word, id)
  return (type: string): string | undefined => known.get(folded(type)) ?? known.get(`slug ${slugify(type)}`)
}

/**
 * The categories that the Type column of a product file names, by name in any language or by slug; missing ones become
 * departments. A type beyond the limit of the tree has none.
 */
export const categoriesOfTypes =
  (deps: Pick<Deps, 'db'>) =>
  async (tx: Tx, types: ReadonlySet<string>): Promise<(type: string) => string | undefined> => {
    const find = byType(await allCategories(deps.db, tx))
    if ([...types].every(find)) return find
    await lockTree(deps.db, tx)
    const rows = await allCategories(deps.db, tx)
    for (const type of types) {
      if (byType(rows)(type) !== undefined || rows.length >= mostCategories) continue
      const wish = {
        slug: undefined,
        hue: undefined,
        name: type,
        names: {},
        parent_id: null,
        image: '',
        position: 0,
        attributes: [],
      }
      rows.push(await addCategory(deps, tx, wish))
    }
    return byType(rows)
  }
