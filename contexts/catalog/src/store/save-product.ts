import { type Db, type Query, sql } from '@souk/platform'
import { combination, inDeclaredOrder } from '../domain/options.ts'
import { lowestPrice, type Product, type Sku } from '../domain/product.ts'
import { labelsOf, searchText } from '../domain/texts.ts'

/** Which import wrote a product last, and the row where it began. */
export type ImportMark = { job: string; row: number }

const textsBy = (product: Product, of: 'name' | 'description' | 'words') =>
  Object.fromEntries(Object.entries(product.translations).map(([locale, texts]) => [locale, texts[of]]))

const productRow = (product: Product, mark?: ImportMark) => {
  const { price, listPrice } = lowestPrice(product.skus)
  return {
    id: product.id,
    slug: product.slug,
    merchant_id: product.merchantId,
    state: product.state,
    version: product.version,
    publish_requested: product.publishRequested,
    name: product.name,
    description: product.description,
    names: textsBy(product, 'name'),
    descriptions: textsBy(product, 'description'),
    words: textsBy(product, 'words'),
    brand: product.brand,
    tags: product.tags,
    attributes: product.attributes,
    options: product.options,
    pictures: product.pictures,
    category_ids: product.categoryIds,
    currency: product.currency,
    price,
    list_price: listPrice ?? null,
    search_text: searchText(product),
    import_job: mark?.job ?? null,
    import_row: mark?.row ?? null,
  }
}

/**
 * Writes products whole: new ones are inserted, known ones (locked by the caller) replaced but for their state, which
 * only moves by `moveProduct`. Violates `product_slug` when another product has the slug.
 */
export const saveProducts = async (
  { schema }: Db,
  tx: Query,
  products: readonly Product[],
  marks: ReadonlyMap<string, ImportMark> = new Map(),
): Promise<void> => {
  if (products.length === 0) return
  const rows = JSON.stringify(products.map((product) => productRow(product, marks.get(product.id))))
  await tx.run(sql`
    insert into ${schema}.product as p (id, slug, merchant_id, state, version, publish_requested, name, description, names,
      descriptions, words, brand, tags, attributes, options, pictures, category_ids, currency, price, list_price, search_text,
      import_job, import_row)
    select t.* from jsonb_to_recordset(${rows}::jsonb) as t(id uuid, slug text, merchant_id text, state text, version bigint,
      publish_requested boolean, name text, description text, names jsonb, descriptions jsonb, words jsonb, brand text,
      tags text[], attributes jsonb, options jsonb, pictures jsonb, category_ids uuid[], currency text, price bigint,
      list_price bigint, search_text text, import_job uuid, import_row integer)
    on conflict (id) do update set slug = excluded.slug, version = excluded.version,
      publish_requested = excluded.publish_requested, name = excluded.name, description = excluded.description,
      names = excluded.names, descriptions = excluded.descriptions, words = excluded.words, brand = excluded.brand,
      tags = excluded.tags, attributes = excluded.attributes, options = excluded.options, pictures = excluded.pictures,
      category_ids = excluded.category_ids, price = excluded.price, list_price = excluded.list_price,
      search_text = excluded.search_text, import_job = coalesce(excluded.import_job, p.import_job),
      import_row = coalesce(excluded.import_row, p.import_row), updated_at = now()`)
}

const skuRow = (product: Product, sku: Sku, place: number) => {
  const options = inDeclaredOrder(product.options, sku)
  return {
    id: sku.id,
    product_id: product.id,
    code: sku.code,
    place,
    options,
    labels: labelsOf(product, options),
    option_key: sku.retired ? `retired ${sku.id}` : combination(product.options, sku),
    price: sku.price,
    list_price: sku.listPrice ?? null,
    weight: sku.weight,
    barcode: sku.barcode,
    image: sku.image,
    retired: sku.retired,
    initial_stock: sku.initialStock,
  }
}

/** Writes the SKUs of a product that `changed` names. Violates `sku_code` when another SKU has the code. */
export const saveSkus = async (
  { schema }: Db,
  tx: Query,
  changed: readonly { product: Product; skus: readonly Sku[] }[],
): Promise<void> => {
  const rows = changed.flatMap(({ product, skus }) => {
    const places = new Map(product.skus.map((sku, place) => [sku.id, place]))
    return skus.map((sku) => skuRow(product, sku, places.get(sku.id) ?? 0))
  })
  if (rows.length === 0) return
  await tx.run(sql`
    insert into ${schema}.sku (id, product_id, code, place, options, labels, option_key, price, list_price, weight, barcode,
      image, retired, initial_stock)
    select t.* from json_to_recordset(${JSON.stringify(rows)}::json) as t(id uuid, product_id uuid, code text, place integer,
      options json, labels json, option_key text, price bigint, list_price bigint, weight integer, barcode text, image text,
      retired boolean, initial_stock bigint)
    on conflict (id) do update set place = excluded.place, options = excluded.options, labels = excluded.labels,
      option_key = excluded.option_key, price = excluded.price, list_price = excluded.list_price, weight = excluded.weight,
      barcode = excluded.barcode, image = excluded.image, retired = excluded.retired`)
}
