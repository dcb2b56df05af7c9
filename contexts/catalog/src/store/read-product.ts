import type { Media, Translation } from '@souk/contract/catalog'
import { isId } from '@souk/kernel'
import { type Db, empty, join, type Query, type Sql, sql } from '@souk/platform'
import type { Option, ProductView, Sku } from '../domain/product.ts'

type SkuJson = Omit<Sku, 'listPrice'> & { listPrice: number | null }

type Row = {
  id: string
  slug: string
  merchant_id: string
  state: ProductView['state']
  version: number
  publish_requested: boolean
  name: string
  description: string
  names: Record<string, string>
  descriptions: Record<string, string>
  words: Record<string, Record<string, string>>
  brand: string
  tags: string[]
  attributes: Record<string, string>
  options: Option[]
  pictures: Media[]
  category_ids: string[]
  currency: string
  price: number
  list_price: number | null
  availability: ProductView['availability']
  hue: number | null
  created_at: Date
  updated_at: Date
  skus: SkuJson[] | null
}

const translations = ({ names, descriptions, words }: Row): Record<string, Translation> =>
  Object.fromEntries(
    Object.keys(names).map((locale) => [
      locale,
      { name: names[locale] ?? '', description: descriptions[locale] ?? '', words: words[locale] ?? {} },
    ]),
  )

const viewFromRow = (row: Row): ProductView => ({
  id: row.id,
  slug: row.slug,
  merchantId: row.merchant_id,
  state: row.state,
  version: row.version,
  publishRequested: row.publish_requested,
  currency: row.currency,
  name: row.name,
  description: row.description,
  brand: row.brand,
  tags: row.tags,
  attributes: row.attributes,
  options: row.options,
  pictures: row.pictures,
  translations: translations(row),
  categoryIds: row.category_ids,
  skus: (row.skus ?? []).map((sku) => ({ ...sku, listPrice: sku.listPrice ?? undefined })),
  price: row.price,
  listPrice: row.list_price ?? undefined,
  availability: row.availability,
  hue: row.hue ?? undefined,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const whole = ({ schema }: Db): Sql => sql`
  select p.id, p.slug, p.merchant_id, p.state, p.version, p.publish_requested, p.name, p.description, p.names, p.descriptions,
    p.words, p.brand, p.tags, p.attributes, p.options, p.pictures, p.category_ids, p.currency, p.price, p.list_price,
    p.availability, p.created_at, p.updated_at,
    (select c.hue from ${schema}.category c where c.id = p.category_ids[1]) as hue,
    (select json_agg(json_build_object('id', s.id, 'code', s.code, 'options', s.options, 'price', s.price,
        'listPrice', s.list_price, 'weight', s.weight, 'barcode', s.barcode, 'image', s.image, 'retired', s.retired,
        'initialStock', s.initial_stock, 'availability', coalesce(k.band, 'OUT_OF_STOCK')) order by s.place, s.id)
      from ${schema}.sku s left join ${schema}.sku_stock k on k.sku_id = s.id where s.product_id = p.id) as skus
  from ${schema}.product p`

const named = (idOrSlug: string): Sql => (isId(idOrSlug) ? sql`p.id = ${idOrSlug}::uuid` : sql`p.slug = ${idOrSlug}`)

/** A product by id or slug with its SKUs, in one statement; `state` narrows to one state. */
export const findProduct = async (
  db: Db,
  query: Query,
  idOrSlug: string,
  state?: ProductView['state'],
): Promise<ProductView | undefined> => {
  const narrowed = state ? sql`and p.state = ${state}` : empty
  const row = await query.one<Row>(sql`${whole(db)} where ${named(idOrSlug)} ${narrowed}`)
  return row && viewFromRow(row)
}

/** Products by id, in no order. */
export const findProducts = async (db: Db, query: Query, ids: readonly string[]): Promise<ProductView[]> =>
  ids.length === 0 ? [] : (await query.all<Row>(sql`${whole(db)} where p.id = any(${ids}::uuid[])`)).map(viewFromRow)

/** Each pattern alone, since an index can serve `like`, but not `like all`. */
export const matching = (patterns: readonly string[]): Sql =>
  join(
    patterns.map((pattern) => sql`p.search_text like ${pattern}`),
    ' and ',
  )

export type StaffList = { state: string; patterns: readonly string[]; before: string | undefined; limit: number }

/** Products in any state, newest first. */
export const listForStaff = async (db: Db, { state, patterns, before, limit }: StaffList): Promise<ProductView[]> => {
  const rows = await db.all<Row>(sql`
    ${whole(db)}
    where ${before === undefined ? sql`true` : sql`p.id < ${before}::uuid`}
      ${state === '' ? empty : sql`and p.state = ${state}`}
      ${patterns.length === 0 ? empty : sql`and ${matching(patterns)}`}
    order by p.id desc limit ${limit}`)
  return rows.map(viewFromRow)
}

/** Products in any state, oldest first, behind `after`. */
export const listForExport = async (db: Db, after: string | undefined, limit: number): Promise<ProductView[]> => {
  const behind = after === undefined ? empty : sql`where p.id > ${after}::uuid`
  return (await db.all<Row>(sql`${whole(db)} ${behind} order by p.id limit ${limit}`)).map(viewFromRow)
}

/** The ids of known products by slug, locked until the transaction ends, always in the same order. */
export const lockBySlugs = async (
  { schema }: Db,
  tx: Query,
  slugs: readonly string[],
): Promise<{ id: string; slug: string; import_job: string | null; import_row: number | null }[]> =>
  tx.all(
    sql`select id, slug, import_job, import_row from ${schema}.product where slug = any(${slugs}) order by id for update`,
  )

/** Locks products until the transaction ends, always in the same order; answers those that exist. */
export const lockProducts = async ({ schema }: Db, tx: Query, ids: readonly string[]): Promise<string[]> =>
  (
    await tx.all<{ id: string }>(
      sql`select id from ${schema}.product where id = any(${ids}::uuid[]) order by id for update`,
    )
  ).map(({ id }) => id)

/** Which of these slugs are taken. */
export const takenSlugs = async ({ schema }: Db, query: Query, slugs: readonly string[]): Promise<Set<string>> =>
  new Set(
    (await query.all<{ slug: string }>(sql`select slug from ${schema}.product where slug = any(${slugs})`)).map(
      ({ slug }) => slug,
    ),
  )

/** Who has these SKU codes. */
export const codeOwners = async (
  { schema }: Db,
  query: Query,
  codes: readonly string[],
): Promise<Map<string, string>> =>
  new Map(
    (
      await query.all<{ code: string; product_id: string }>(
        sql`select code, product_id from ${schema}.sku where code = any(${codes})`,
      )
    ).map(({ code, product_id }) => [code, product_id]),
  )
