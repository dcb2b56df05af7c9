import type { Availability, Media, PublishState, Translation } from '@souk/contract/catalog'

export type Option = {
  name: string
  values: string[]
  /** `#rrggbb` or empty per value. */
  colours: string[]
}

export type Sku = {
  id: string
  code: string
  /** Exactly one value per option of the product. */
  options: Record<string, string>
  /** Minor units of the product's currency, as is the list price. */
  price: number
  listPrice: number | undefined
  /** Grams. */
  weight: number
  barcode: string
  image: string
  /** No longer for sale; keeps its code, gives its combination back. */
  retired: boolean
  /** What inventory is told to receive when it first hears of the SKU. */
  initialStock: number
  availability: Availability
}

/** A product with all its SKUs, as it is edited. Texts are in the base language; `translations` override per locale. */
export type Product = {
  id: string
  slug: string
  merchantId: string
  state: PublishState
  version: number
  publishRequested: boolean
  currency: string
  name: string
  /** Sanitised HTML. */
  description: string
  brand: string
  tags: string[]
  attributes: Record<string, string>
  options: Option[]
  pictures: Media[]
  translations: Record<string, Translation>
  categoryIds: string[]
  skus: Sku[]
}

/** A product as it is read: with what is derived from its SKUs, its first category and the clock. */
export type ProductView = Product & {
  price: number
  listPrice: number | undefined
  availability: Availability
  /** Stage hue of the first category; undefined without one. */
  hue: number | undefined
  createdAt: Date
  updatedAt: Date
}

export type Price = { price: number; listPrice: number | undefined }

export const onSale = (skus: readonly Sku[]): Sku[] => skus.filter((sku) => !sku.retired)

/** The lowest price of the SKUs on sale with its own list price; a product without any costs nothing yet. */
export const lowestPrice = (skus: readonly Sku[]): Price =>
  onSale(skus).reduce<Price | undefined>(
    (lowest, { price, listPrice }) => (lowest && lowest.price <= price ? lowest : { price, listPrice }),
    undefined,
  ) ?? { price: 0, listPrice: undefined }
