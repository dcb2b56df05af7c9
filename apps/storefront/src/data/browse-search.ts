export const sorts = ['newest', 'price', '-price', 'name'] as const
type Sort = (typeof sorts)[number]

/** The state of a list as its address keeps it; prices in minor units. */
export type BrowseSearch = { q?: string; sort?: Sort; min?: number; max?: number }

const wholeOf = (value: unknown): number | undefined => {
  const number = Number(value)
  return value !== '' && value !== null && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

/** Reads an address somebody may have typed: what makes no sense is left out. */
export const parseBrowse = (search: Record<string, unknown>): BrowseSearch => {
  const sort = sorts.find((one) => one === search.sort)
  const q = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q).slice(0, 100) : undefined
  const min = search.min === undefined ? undefined : wholeOf(search.min)
  const max = search.max === undefined ? undefined : wholeOf(search.max)
  return {
    ...(q ? { q } : {}),
    ...(sort && sort !== 'newest' ? { sort } : {}),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }
}
