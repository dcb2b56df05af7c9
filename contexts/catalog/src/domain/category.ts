import type { Violation } from '@souk/kernel'
import { locales } from './texts.ts'

export const mostCategories = 1000
/** Levels of the tree, departments being the first. */
export const deepestCategory = 5

/** Ids from a category's department down to itself. */
export type Path = readonly string[]

/** What is wrong with hanging `id`, below which the tree goes on for `height` levels, under a category with `parent`. */
export const checkPlace = (id: string, parent: Path, height: number): Violation[] => {
  if (parent.includes(id))
    return [{ field: 'parentId', rule: 'cycle', message: 'a category cannot stand below itself' }]
  if (parent.length + 1 + height > deepestCategory)
    return [{ field: 'parentId', rule: 'depth', message: `the tree has at most ${deepestCategory} levels` }]
  return []
}

/** What is wrong with the names of a category. */
export const checkNames = (names: Record<string, string>): Violation[] =>
  Object.entries(names).flatMap(([locale, name]) => {
    const field = `names.${locale}`
    if (!locales.some((known) => known === locale))
      return [{ field, rule: 'one_of', message: `names are kept in ${locales.join(' and ')}` }]
    return name.length > 100 ? [{ field, rule: 'max_length', message: 'must have at most 100 characters' }] : []
  })
