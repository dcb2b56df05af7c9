import type { ProductSummary } from '@souk/contract/catalog'

type Goods = readonly ProductSummary[]

const inStock = ({ availability }: ProductSummary): boolean => availability !== 'OUT_OF_STOCK'

/** Takes turns between categories, so that one full category does not fill a shelf. */
export const mixed = (goods: Goods): ProductSummary[] => {
  const shelves = new Map<string, ProductSummary[]>()
  for (const product of goods) {
    const shelf = product.categoryIds[0] ?? ''
    shelves.set(shelf, [...(shelves.get(shelf) ?? []), product])
  }
  const turns: ProductSummary[] = []
  for (let turn = 0; turns.length < goods.length; turn++)
    for (const shelf of shelves.values()) {
      const product = shelf[turn]
      if (product) turns.push(product)
    }
  return turns
}

const heroes = 3
/** Two rows on the widest screens; narrower ones leave out what would not fill a row. */
const shelf = 10

export type HomeGoods = {
  heroes: ProductSummary[]
  fresh: ProductSummary[]
  lowered: ProductSummary[]
  more: ProductSummary[]
}

/** What the home page shows of the newest goods: nothing twice, nothing sold out on top. */
export const chooseGoods = (newest: Goods): HomeGoods => {
  const goods = mixed(newest.filter(inStock))
  const shown = new Set<string>()
  const take = (wanted: (product: ProductSummary) => boolean, most: number): ProductSummary[] => {
    const taken = goods.filter((product) => !shown.has(product.id) && wanted(product)).slice(0, most)
    for (const { id } of taken) shown.add(id)
    return taken
  }
  const tagged = take(({ tags }) => tags.includes('hero'), heroes)
  const top = tagged.length > 0 ? tagged : take(() => true, heroes)
  const fresh = take(({ tags }) => tags.includes('new'), shelf)
  const lowered = take(({ listPrice }) => listPrice !== undefined, shelf)
  return { heroes: top, fresh, lowered, more: take(() => true, 2 * shelf) }
}
