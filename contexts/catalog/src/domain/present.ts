import type { Media, Product as ProductMessage, ProductSummary, Sku as SkuMessage } from '@souk/contract/catalog'
import { money } from '@souk/kernel'
import { onSale, type ProductView, type Sku } from './product.ts'
import { hueOf } from './slug.ts'
import { descriptionIn, inLocale, nameIn, optionsIn, wordsOf } from './texts.ts'

const optionalMoney = (currency: string, amount: number | undefined | null) =>
  amount === undefined || amount === null ? undefined : money(currency, amount)

const withAlt = (pictures: readonly Media[], name: string): Media[] =>
  pictures.map((picture) => ({ ...picture, alt: picture.alt || name }))

const presentSku =
  (view: ProductView, locale: string) =>
  (sku: Sku): SkuMessage => ({
    id: sku.id,
    code: sku.code,
    options: wordsOf(view, sku.options, locale),
    price: money(view.currency, sku.price),
    listPrice: optionalMoney(view.currency, sku.listPrice),
    availability: sku.availability,
    image: sku.image,
    weight: sku.weight,
    barcode: sku.barcode,
  })

/** The page of a product, texts in one locale. */
export const presentProduct = (view: ProductView, locale: string): ProductMessage => {
  const name = nameIn(view, locale)
  return {
    id: view.id,
    slug: view.slug,
    name,
    description: descriptionIn(view, locale),
    brand: view.brand,
    image: view.pictures[0]?.url ?? '',
    images: view.pictures.map(({ url }) => url),
    media: withAlt(view.pictures, name),
    price: money(view.currency, view.price),
    listPrice: optionalMoney(view.currency, view.listPrice),
    availability: view.availability,
    options: optionsIn(view, locale),
    skus: onSale(view.skus).map(presentSku(view, locale)),
    categoryIds: view.categoryIds,
    hue: view.hue ?? hueOf(view.slug),
    tags: view.tags,
    attributes: wordsOf(view, view.attributes, locale),
    merchantId: view.merchantId,
    state: view.state,
    version: view.version,
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
    translations: {},
  }
}

/** The base texts as they are edited, with the translations beside them. */
export const presentForStaff = (view: ProductView): ProductMessage => ({
  ...presentProduct({ ...view, translations: {} }, ''),
  translations: view.translations,
})

/** What a list shows of a product. */
export type ListedProduct = {
  id: string
  slug: string
  name: string
  names: Record<string, string>
  brand: string
  pictures: Media[]
  currency: string
  price: number
  list_price: number | null
  availability: ProductSummary['availability']
  category_ids: string[]
  hue: number | null
  tags: string[]
}

export const presentSummary = (row: ListedProduct, locale: string): ProductSummary => {
  const name = inLocale(row.name, row.names, locale)
  return {
    id: row.id,
    slug: row.slug,
    name,
    brand: row.brand,
    image: row.pictures[0]?.url ?? '',
    media: withAlt(row.pictures, name),
    price: money(row.currency, row.price),
    listPrice: optionalMoney(row.currency, row.list_price),
    availability: row.availability,
    categoryIds: row.category_ids,
    hue: row.hue ?? hueOf(row.slug),
    tags: row.tags,
  }
}
