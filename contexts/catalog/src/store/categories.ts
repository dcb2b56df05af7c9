import type { AttributeTemplate } from '@souk/contract/catalog'
import { type Db, type Query, sql } from '@souk/platform'

export type CategoryRow = {
  id: string
  slug: string
  name: string
  names: Record<string, string>
  parent_id: string | null
  path: string[]
  hue: number
  image: string
  position: number
  attributes: AttributeTemplate[]
}

const columns = sql`id, slug, name, names, parent_id, path, hue, image, position, attributes`

/** The whole tree, parents before children. */
export const allCategories = ({ schema }: Db, query: Query): Promise<CategoryRow[]> =>
  query.all(sql`select ${columns} from ${schema}.category order by cardinality(path), position, slug`)

/** Holds off every other change of the tree until the transaction ends. */
export const lockTree = async ({ schema }: Db, tx: Query): Promise<void> =>
  void (await tx.run(sql`select from ${schema}.category_tree for update`))

export const findCategory = ({ schema }: Db, query: Query, id: string): Promise<CategoryRow | undefined> =>
  query.one(sql`select ${columns} from ${schema}.category where id = ${id}::uuid`)

/** Which of these ids are categories. */
export const knownCategories = async ({ schema }: Db, query: Query, ids: readonly string[]): Promise<Set<string>> =>
  new Set(
    (await query.all<{ id: string }>(sql`select id from ${schema}.category where id = any(${ids}::uuid[])`)).map(
      ({ id }) => id,
    ),
  )

/** What each of these categories asks of its products, itself and by those above it. */
const askedBy = ({ schema }: Db, query: Query, ids: readonly string[]) =>
  query.all<{ id: string; above: string; attributes: AttributeTemplate[] }>(sql`
    select c.id, a.id as above, a.attributes from ${schema}.category c join ${schema}.category a on a.id = any(c.path)
    where c.id = any(${ids}::uuid[]) and a.attributes <> '[]' order by cardinality(a.path)`)

/** What sets of these categories, with all above them, ask of a product. */
export const templatesBy = async (
  db: Db,
  query: Query,
  ids: readonly string[],
): Promise<(categoryIds: readonly string[]) => AttributeTemplate[]> => {
  const rows = ids.length === 0 ? [] : await askedBy(db, query, ids)
  return (categoryIds) => {
    const asking = rows.filter(({ id }) => categoryIds.includes(id))
    return [...new Map(asking.map(({ above, attributes }) => [above, attributes])).values()].flat()
  }
}

export const takenCategorySlugs = async (
  { schema }: Db,
  query: Query,
  slugs: readonly string[],
): Promise<Set<string>> =>
  new Set(
    (await query.all<{ slug: string }>(sql`select slug from ${schema}.category where slug = any(${slugs})`)).map(
      ({ slug }) => slug,
    ),
  )

export const countCategories = async ({ schema }: Db, query: Query): Promise<number> =>
  (await query.one<{ count: number }>(sql`select count(*) as count from ${schema}.category`))?.count ?? 0

/** Violates `category_slug` when another category has the slug. */
export const insertCategory = async ({ schema }: Db, tx: Query, row: CategoryRow): Promise<void> =>
  void (await tx.run(sql`
    insert into ${schema}.category (id, slug, name, names, parent_id, path, hue, image, position, attributes)
    values (${row.id}, ${row.slug}, ${row.name}, ${JSON.stringify(row.names)}::jsonb, ${row.parent_id}::uuid, ${row.path}::uuid[],
      ${row.hue}, ${row.image}, ${row.position}, ${JSON.stringify(row.attributes)}::jsonb)`))

export const updateCategory = async ({ schema }: Db, tx: Query, row: CategoryRow): Promise<void> =>
  void (await tx.run(sql`
    update ${schema}.category set name = ${row.name}, names = ${JSON.stringify(row.names)}::jsonb, parent_id = ${row.parent_id}::uuid,
      hue = ${row.hue}, image = ${row.image}, position = ${row.position},
      attributes = ${JSON.stringify(row.attributes)}::jsonb where id = ${row.id}::uuid`))

/** Levels below a category. */
export const heightBelow = async ({ schema }: Db, query: Query, id: string): Promise<number> =>
  (
    await query.one<{ height: number }>(sql`
    select coalesce(max(cardinality(path) - array_position(path, ${id}::uuid)), 0) as height
    from ${schema}.category where ${id}::uuid = any(path)`)
  )?.height ?? 0

/** Hangs a category and all below it under `parentPath`. */
export const movePaths = async ({ schema }: Db, tx: Query, id: string, parentPath: readonly string[]): Promise<void> =>
  void (await tx.run(sql`
    update ${schema}.category set path = ${parentPath}::uuid[] || path[array_position(path, ${id}::uuid):]
    where ${id}::uuid = any(path)`))

/** Counts one more fact of a category whose row stays locked. */
export const takeCategoryVersion = async ({ schema }: Db, tx: Query, id: string): Promise<number> =>
  (
    await tx.one<{ fact_version: number }>(
      sql`update ${schema}.category set fact_version = fact_version + 1 where id = ${id}::uuid returning fact_version`,
    )
  )?.fact_version ?? 0

/**
 * Published products in a category or below it, after `after`, by id. They stand on its shelf whatever is above it, so a
 * move of the category takes none of them off.
 */
export const publishedBelow = async (
  { schema }: Db,
  query: Query,
  id: string,
  after: string,
  limit: number,
): Promise<string[]> =>
  (
    await query.all<{ product_id: string }>(sql`
    select product_id from ${schema}.listing where shelf = ${`c:${id}`} and product_id > ${after}::uuid
    order by product_id limit ${limit}`)
  ).map((row) => row.product_id)
