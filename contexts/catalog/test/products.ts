import { CreateProductRequest, type SkuInput } from '@souk/contract/catalog'
import { newId } from '@souk/kernel'
import type { Workshop } from '../src/domain/draft.ts'
import type { Product, Sku } from '../src/domain/product.ts'

export const cny = (amount: number) => ({ currency: 'CNY', amount })

export const workshop: Workshop = { currency: 'CNY', newId, clean: (html) => html, media: new Map() }

export const skuInput = (code: string, more: Partial<SkuInput> = {}): SkuInput => ({
  code,
  options: {},
  price: cny(19900),
  initialStock: 10,
  ...more,
})

/** A create request as it arrives: complete, with defaults. */
export const productInput = (more: Partial<CreateProductRequest> = {}): CreateProductRequest =>
  CreateProductRequest.fromPartial({ name: 'Court sneaker', skus: [skuInput(`CODE-${newId()}`)], ...more })

/** A request with one SKU per colour and size. */
export const matrixInput = (colours: string[], sizes: string[], more: Partial<CreateProductRequest> = {}) => {
  const base = newId()
  return productInput({
    skus: colours.flatMap((colour) =>
      sizes.map((size) => skuInput(`${base}-${colour}-${size}`, { options: { Colour: colour, Size: size } })),
    ),
    ...more,
  })
}

export const sku = (more: Partial<Sku> = {}): Sku => ({
  id: newId(),
  code: 'A',
  options: {},
  price: 1000,
  listPrice: undefined,
  weight: 0,
  barcode: '',
  image: '',
  retired: false,
  initialStock: 0,
  availability: 'OUT_OF_STOCK',
  ...more,
})

export const product = (more: Partial<Product> = {}): Product => ({
  id: newId(),
  slug: 'thing',
  merchantId: 'main',
  state: 'DRAFT',
  version: 1,
  publishRequested: false,
  currency: 'CNY',
  name: 'Thing',
  description: '',
  brand: '',
  tags: [],
  attributes: {},
  options: [],
  pictures: [],
  translations: {},
  categoryIds: [],
  skus: [sku()],
  ...more,
})
