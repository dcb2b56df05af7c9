import { isId } from '@souk/kernel'
import { type Db, empty, type Sql, sql } from '@souk/platform'
import type { ListedProduct } from '../domain/present.ts'
import { matching } from './read-product.ts'

/** Where a page begins: the sorted value and the product after which it goes on. */
export type Position = readonly [number | string, string]

export type ListSort = 'newest' | 'price' | '-price' | 'name'

export type ListWish = {
  /** Id or slug; empty: no matter. */
  category: string
  brand: string
  patterns: readonly string[]
  minPrice: number | undefined
  maxPrice: number | undefined
  sort: ListSort
  after: Position | undefined
  limit: number
}

export type ListedRow = ListedProduct & { newest: number; shelf_price: number; sort_name: string }

const brandShelf = (brand: string): Sql => sql`('b:' || lower(${brand}))`

const categoryShelf = (schema: Sql, category: string): Sql =>
  isId(category) ? sql`${`c:${category}`}` : sql`(select 'c:' || id from ${schema}.category where slug = ${category})`

const shelf = (schema: Sql, { category, brand }: ListWish): Sql => {
  if (category !== '') return categoryShelf(schema, category)
  return brand === '' ? sql`'all'` : brandShelf(brand)
}

const beyond = ({ sort, after }: ListWish): Sql => {
  if (!after) return empty
  const [value, id] = after
  switch (sort) {
    case 'newest':
      return sql`and (l.newest, l.product_id) < (${value}::bigint, ${id}::uuid)`
    case 'price':
      return sql`and (l.price, l.product_id) > (${value}::bigint, ${id}::uuid)`
    case '-price':
      return sql`and (l.price, l.product_id) < (${value}::bigint, ${id}::uuid)`
    case 'name':
      return sql`and (l.sort_name, l.product_id) > (${value}, ${id}::uuid)`
  }
}

const order: Record<ListSort, Sql> = {
  newest: sql`l.newest desc, l.product_id desc`,
  price: sql`l.price, l.product_id`,
  '-price': sql`l.price desc, l.product_id desc`,
  name: sql`l.sort_name, l.product_id`,
}

/** The statement of one page of the shop's list; walks one index of one shelf. */
export const listStatement = (schema: Sql, wish: ListWish): Sql => {
  const both = wish.category !== '' && wish.brand !== ''
  return sql`
    select p.id, p.slug, p.name, p.names, p.brand, p.currency, p.price, p.list_price, p.availability, p.category_ids, p.tags,
      jsonb_path_query_array(p.pictures, '$[0 to 7]') as pictures,
      (select c.hue from ${schema}.category c where c.id = p.category_ids[1]) as hue,
      l.newest, l.price as shelf_price, l.sort_name
    from ${schema}.listing l join ${schema}.product p on p.id = l.product_id
    where l.shelf = ${shelf(schema, wish)} ${beyond(wish)}
      ${wish.minPrice === undefined ? empty : sql`and l.price >= ${wish.minPrice}`}
      ${wish.maxPrice === undefined ? empty : sql`and l.price <= ${wish.maxPrice}`}
      ${both ? sql`and exists (select from ${schema}.listing b where b.shelf = ${brandShelf(wish.brand)} and b.product_id = l.product_id)` : empty}
      ${wish.patterns.length === 0 ? empty : sql`and ${matching(wish.patterns)}`}
    order by ${order[wish.sort]} limit ${wish.limit}`
}

export const listProducts = (db: Db, wish: ListWish): Promise<ListedRow[]> => db.all(listStatement(db.schema, wish))
