import type { Media } from '@souk/contract/catalog'
import { checkProduct } from '../check.ts'
import type { Workshop } from '../draft.ts'
import { completedOptions } from '../options.ts'
import { hashInUrl } from '../pictures.ts'
import type { Problem } from '../problem.ts'
import { onSale, type Product, type Sku } from '../product.ts'
import { titleOf } from './columns.ts'
import { type ParsedProduct, type ParsedVariant, refuseAll } from './parse.ts'

export type MergeContext = Workshop & {
  publicUrl: string
  /** The category that the file's Type names. */
  categoryId: string | undefined
  /** Product of each SKU code that is known. */
  codeOwners: ReadonlyMap<string, string>
}

export type Merged = {
  product: Product
  /** SKU id → row of the file. */
  rows: ReadonlyMap<string, number>
  /** What the file says about being in the shop; undefined: nothing. */
  published: boolean | undefined
}

const emptyProduct = (id: string, slug: string, currency: string): Product => ({
  id,
  slug,
  merchantId: 'main',
  state: 'DRAFT',
  version: 0,
  publishRequested: false,
  currency,
  name: '',
  description: '',
  brand: '',
  tags: [],
  attributes: {},
  options: [],
  pictures: [],
  translations: {},
  categoryIds: [],
  skus: [],
})

const refuse = (parsed: ParsedProduct, row: number, field: string, message: string): void => {
  if (!parsed.errors.some((error) => error.row === row)) parsed.errors.push({ row, field, message })
}

/** A blank cell leaves the list price, unless the new price is beyond it. */
const keptListPrice = (known: Sku | undefined, price: number): number | undefined =>
  known?.listPrice !== undefined && known.listPrice > price ? known.listPrice : undefined

/** The variant as a SKU: the one with its code, else the one with its options, else a new one. */
const mergeVariant = (
  skus: readonly Sku[],
  variant: ParsedVariant,
  options: Record<string, string>,
  context: MergeContext,
): Sku => {
  const key = JSON.stringify(Object.entries(options).sort())
  const known =
    skus.find(({ code }) => code === variant.code) ??
    onSale(skus).find((sku) => JSON.stringify(Object.entries(sku.options).sort()) === key)
  const hash = hashInUrl(variant.image, context.publicUrl)
  const image = hash === undefined ? undefined : context.media.get(hash)?.url
  return {
    id: known?.id ?? context.newId(),
    code: known?.code ?? variant.code,
    options,
    price: variant.price,
    listPrice: variant.listPrice === undefined ? keptListPrice(known, variant.price) : (variant.listPrice ?? undefined),
    weight: variant.grams ?? known?.weight ?? 0,
    barcode: variant.barcode || known?.barcode || '',
    image: image ?? known?.image ?? '',
    retired: false,
    initialStock: known?.initialStock ?? variant.quantity,
    availability: known?.availability ?? 'OUT_OF_STOCK',
  }
}

const optionsOf = (
  parsed: ParsedProduct,
  names: readonly string[],
  variant: ParsedVariant,
): Record<string, string> | undefined => {
  if (variant.values.length === names.length)
    return Object.fromEntries(names.map((name, place) => [name, variant.values[place]!]))
  const message =
    names.length === 0 ? 'the product has no option names' : `needs a value for each of ${names.join(', ')}`
  refuse(parsed, variant.row, titleOf('option1Value'), message)
  return undefined
}

const mergeSkus = (before: Product, parsed: ParsedProduct, context: MergeContext) => {
  const names = parsed.optionNames.length > 0 ? parsed.optionNames : before.options.map(({ name }) => name)
  const skus = [...before.skus]
  const rows = new Map<string, number>()
  for (const variant of parsed.variants) {
    const owner = context.codeOwners.get(variant.code)
    const options = optionsOf(parsed, names, variant)
    if (owner !== undefined && owner !== before.id)
      refuse(parsed, variant.row, titleOf('sku'), 'another product has this code')
    else if (options) {
      const sku = mergeVariant(skus, variant, options, context)
      const place = skus.findIndex(({ id }) => id === sku.id)
      if (rows.has(sku.id))
        refuse(parsed, variant.row, titleOf('sku'), `the same variant as in row ${rows.get(sku.id)}`)
      else {
        skus.splice(place < 0 ? skus.length : place, place < 0 ? 0 : 1, sku)
        rows.set(sku.id, variant.row)
      }
    }
  }
  return { skus, rows }
}

/** Pictures of our own that the file names, put behind those already there. */
const mergePictures = (before: Product, parsed: ParsedProduct, context: MergeContext): Media[] => {
  const named = parsed.pictures.flatMap(({ url, alt }) => {
    const media = context.media.get(hashInUrl(url, context.publicUrl) ?? '')
    return media && !before.pictures.some((picture) => picture.url === media.url) ? [{ ...media, alt }] : []
  })
  return [...before.pictures, ...named].slice(0, 30)
}

const build = (before: Product, parsed: ParsedProduct, context: MergeContext): Omit<Merged, 'published'> => {
  const { skus, rows } = mergeSkus(before, parsed, context)
  const { categoryId } = context
  const rest = before.categoryIds.filter((id) => id !== categoryId)
  return {
    rows,
    product: {
      ...before,
      name: parsed.title ?? before.name,
      description: parsed.body === undefined ? before.description : context.clean(parsed.body),
      brand: parsed.vendor ?? before.brand,
      tags: parsed.tags ?? before.tags,
      categoryIds: categoryId === undefined ? before.categoryIds : [categoryId, ...rest].slice(0, 20),
      options: completedOptions(before.options, onSale(skus)),
      pictures: mergePictures(before, parsed, context),
      skus,
    },
  }
}

/** Rows of the file that a product's problems come from. */
const rowsOf = (problems: readonly Problem[], { product, rows }: Omit<Merged, 'published'>): Map<number, string> =>
  new Map(
    problems.flatMap(({ sku, message }) => {
      const row = sku === undefined ? undefined : rows.get(product.skus[sku]?.id ?? '')
      return row === undefined ? [] : [[row, message] as const]
    }),
  )

/**
 * The product after a file's rows: blank cells leave what is there, SKUs and pictures that the file does not name stay.
 * Rows that cannot be taken become errors of `parsed`; undefined when nothing of it can.
 */
export const mergeProduct = (
  existing: Product | undefined,
  parsed: ParsedProduct,
  id: string,
  context: MergeContext,
): Merged | undefined => {
  const all = [...parsed.variants, ...parsed.pictures].map(({ row }) => ({ number: row }))
  const refuseEvery = (message: string): undefined => {
    refuseAll(parsed, [{ number: parsed.row }, ...all], message)
    return undefined
  }
  if (existing?.state === 'ARCHIVED') return refuseEvery('the product with this handle is archived')
  if (existing && existing.currency !== context.currency)
    return refuseEvery('the product has prices in another currency')
  if (!existing && parsed.title === undefined) return refuseEvery('a new product needs a title')
  const before = existing ?? emptyProduct(id, parsed.slug, context.currency)
  let merged = build(before, parsed, context)
  const wrong = rowsOf(checkProduct(merged.product), merged)
  if (wrong.size > 0) {
    for (const [row, message] of wrong) refuse(parsed, row, titleOf('option1Value'), message)
    parsed.variants = parsed.variants.filter(({ row }) => !wrong.has(row))
    merged = build(before, parsed, context)
  }
  const [left] = checkProduct(merged.product)
  if (left) return refuseEvery(left.message)
  return { ...merged, published: parsed.published ?? (existing ? undefined : true) }
}
