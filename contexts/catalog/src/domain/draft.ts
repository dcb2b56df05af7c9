import type { CreateProductRequest, SkuInput, Translation } from '@souk/contract/catalog'
import type { Money } from '@souk/kernel'
import { checkProduct, mustBeSound } from './check.ts'
import { completedOptions, declaredOptions } from './options.ts'
import { type KnownMedia, pictureAt, picturesAt } from './pictures.ts'
import { checkPrices } from './price.ts'
import type { Problem } from './problem.ts'
import type { Product, Sku } from './product.ts'
import { withTranslations } from './texts.ts'

/** What the outside lends to decisions about products. */
export type Workshop = {
  currency: string
  newId: () => string
  /** Sanitises HTML. */
  clean: (html: string) => string
  media: KnownMedia
}

type SkuTexts = { code: string; options: Record<string, string>; barcode?: string; image?: string }

export const trimmedMap = (map: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name.trim(), value.trim()]))

/** What is wrong with the money and the picture of a SKU as they were sent. */
export const checkSku = (
  { price, listPrice, image }: { price: Money; listPrice?: Money; image?: string },
  sku: number,
  { currency, media }: Workshop,
): Problem[] => {
  const problems = checkPrices(price, listPrice, currency, sku)
  const picture = image ? pictureAt(image, media) : undefined
  if (typeof picture === 'string') problems.push({ sku, field: 'image', rule: 'picture', message: picture })
  return problems
}

const skuTexts = ({ code, options, barcode, image }: SkuTexts) => ({
  code: code.trim(),
  options: trimmedMap(options),
  barcode: (barcode ?? '').trim(),
  image: image ?? '',
})

/** A SKU that is not known yet. */
export const newSku = (
  input: SkuTexts & Omit<SkuInput, keyof SkuTexts | 'price'>,
  price: Money,
  workshop: Workshop,
): Sku => ({
  id: workshop.newId(),
  ...skuTexts(input),
  price: price.amount,
  listPrice: input.listPrice?.amount,
  weight: input.weight ?? 0,
  retired: false,
  initialStock: input.initialStock ?? 0,
  availability: 'OUT_OF_STOCK',
})

export const cleanTranslations = (
  translations: Record<string, Translation>,
  clean: Workshop['clean'],
): Record<string, Translation> =>
  Object.fromEntries(
    Object.entries(translations).map(([locale, { name, description, words }]) => [
      locale,
      { name: name.trim(), description: clean(description), words: trimmedMap(words) },
    ]),
  )

/** A new product as asked for, a draft until it is published. @throws VALIDATION_FAILED */
export const draftProduct = (request: CreateProductRequest, id: string, slug: string, workshop: Workshop): Product => {
  const { currency, clean, media } = workshop
  const problems: Problem[] = []
  const skus = request.skus.map((input, place) => {
    const price = input.price ?? { currency, amount: 0 }
    problems.push(...checkSku({ price, listPrice: input.listPrice, image: input.image }, place, workshop))
    return newSku(input, price, workshop)
  })
  const shown = picturesAt(request.images, media)
  const product: Product = {
    id,
    slug,
    merchantId: request.merchantId || 'main',
    state: 'DRAFT',
    version: 1,
    publishRequested: request.publish ?? false,
    currency,
    name: request.name.trim(),
    description: clean(request.description ?? ''),
    brand: (request.brand ?? '').trim(),
    tags: request.tags.map((tag) => tag.trim()),
    attributes: trimmedMap(request.attributes),
    options: request.options.length > 0 ? declaredOptions(request.options) : completedOptions([], skus),
    pictures: shown.pictures,
    translations: withTranslations({}, cleanTranslations(request.translations, clean)),
    categoryIds: request.categoryIds,
    skus,
  }
  const pricesSound = problems.length === 0
  problems.push(...shown.problems)
  problems.push(...checkProduct(product).filter(({ field }) => pricesSound || !['price', 'listPrice'].includes(field)))
  mustBeSound(problems)
  return product
}
