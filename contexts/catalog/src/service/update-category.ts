import type { AttributeTemplate, Category, UpdateCategoryRequest } from '@souk/contract/catalog'
import { isId } from '@souk/kernel'
import { audited, type Call, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { checkTemplates, trimmedTemplates } from '../domain/attributes.ts'
import { checkNames, checkPlace } from '../domain/category.ts'
import { notFound, refused } from '../faults.ts'
import {
  type CategoryRow,
  findCategory,
  heightBelow,
  lockTree,
  movePaths,
  takeCategoryVersion,
  updateCategory as writeCategory,
} from '../store/categories.ts'
import { parentPath } from './create-category.ts'
import { patienceFrom } from './finish-products.ts'
import { presentCategory } from './list-categories.ts'
import { reshelve, reshelveTimer } from './reshelve.ts'

const parentOf = (row: CategoryRow, { parentId, clear }: UpdateCategoryRequest): string | null => {
  if (clear.includes('parentId')) return null
  return parentId ? parentId : row.parent_id
}

const withNames = (old: Record<string, string>, news: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...old, ...news }).filter(([, name]) => name !== ''))

const templatesAfter = (row: CategoryRow, { attributes, clear }: UpdateCategoryRequest): AttributeTemplate[] => {
  if (clear.includes('attributes')) return []
  return attributes.length > 0 ? trimmedTemplates(attributes) : row.attributes
}

const move = async (
  deps: Pick<Deps, 'db' | 'clock'>,
  tx: Tx,
  row: CategoryRow,
  parentId: string | null,
): Promise<void> => {
  const above = await parentPath(deps, tx, parentId)
  const wrong = checkPlace(row.id, above, await heightBelow(deps.db, tx, row.id))
  if (wrong.length > 0) throw refused(wrong)
  await movePaths(deps.db, tx, row.id, above)
  await tx.schedule({ kind: reshelveTimer, aggregateId: row.id, dueAt: patienceFrom(deps.clock.now()) })
}

/** Renames, recolours or moves a category; what stands in it moves with it. */
export const updateCategory =
  (deps: Pick<Deps, 'db' | 'keys' | 'clock'>) =>
  async (request: UpdateCategoryRequest, call: Call): Promise<Category> => {
    const { db, keys } = deps
    if (!isId(request.id)) throw notFound()
    let moved = false
    const reply = await keys.once(call, async (tx) => {
      await lockTree(db, tx)
      const row = await findCategory(db, tx, request.id)
      if (!row) throw notFound()
      const names = withNames(row.names, request.names)
      const attributes = templatesAfter(row, request)
      const wrong = [...checkNames(names), ...checkTemplates(attributes)]
      if (wrong.length > 0) throw refused(wrong)
      const parent_id = parentOf(row, request)
      moved = parent_id !== row.parent_id
      if (moved) await move(deps, tx, row, parent_id)
      const image = request.clear.includes('image') ? '' : (request.image ?? row.image)
      const hue = request.hue === undefined ? row.hue : request.hue % 360
      const after = {
        ...row,
        name: request.name?.trim() ?? row.name,
        names,
        parent_id,
        hue,
        image,
        position: request.position ?? row.position,
        attributes,
      }
      await writeCategory(db, tx, after)
      const version = await takeCategoryVersion(db, tx, row.id)
      tx.publish({
        type: 'catalog.CategoriesChanged',
        aggregateId: row.id,
        aggregateVersion: version,
        payload: { categoryId: row.id },
      })
      tx.audit(audited(call, 'category.update', `category:${row.id}`, { before: row, after }))
      return presentCategory(after, '')
    })
    if (moved) await reshelve(deps)(request.id)
    return reply
  }
