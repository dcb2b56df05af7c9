import type { SkuPatch, UpdateProductRequest } from '@souk/contract/catalog'
import { checkProduct, mustBeSound } from './check.ts'
import { checkSku, cleanTranslations, newSku, trimmedMap, type Workshop } from './draft.ts'
import { completedOptions, declaredOptions } from './options.ts'
import { picturesAt } from './pictures.ts'
import type { Problem } from './problem.ts'
import type { Product, Sku } from './product.ts'
import { withTranslations } from './texts.ts'

export type PriceChange = { skuId: string; oldPrice: number; newPrice: number }

export type Change = {
  /** Anything at all is different. */
  any: boolean
  /** Something else than prices is different. */
  texts: boolean
  prices: PriceChange[]
  /** SKUs that are new or different. */
  skus: Sku[]
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What differs between two states of a product. */
export const changeBetween = (before: Product, after: Product): Change => {
  const old = new Map(before.skus.map((sku) => [sku.id, sku]))
  // What is kept per SKU in the words of each locale changes with these.
  const relabelled = !same([before.translations, before.options], [after.translations, after.options])
  const skus = relabelled ? after.skus : after.skus.filter((sku) => !same(old.get(sku.id), sku))
  const prices = skus.flatMap(({ id, price }) => {
    const known = old.get(id)
    return known && known.price !== price ? [{ skuId: id, oldPrice: known.price, newPrice: price }] : []
  })
  const unpriced = (product: Product) => ({
    ...product,
    version: 0,
    skus: product.skus.map((sku) => ({ ...sku, price: 0 })),
  })
  const texts = !same(unpriced(before), unpriced(after))
  return { any: texts || prices.length > 0, texts, prices, skus }
}

const moneyOf = (amount: number | undefined, currency: string) =>
  amount === undefined ? undefined : { currency, amount }

const patchedSku = (old: Sku, patch: SkuPatch): Sku => ({
  ...old,
  options: Object.keys(patch.options).length > 0 ? trimmedMap(patch.options) : old.options,
  price: patch.price?.amount ?? old.price,
  listPrice: patch.noListPrice ? undefined : (patch.listPrice?.amount ?? old.listPrice),
  weight: patch.weight ?? old.weight,
  barcode: patch.barcode?.trim() ?? old.barcode,
  image: patch.image ?? old.image,
  retired: patch.retired ?? old.retired,
})

const patchSkus = (product: Product, patches: readonly SkuPatch[], workshop: Workshop, problems: Problem[]): Sku[] => {
  const skus = [...product.skus]
  patches.forEach((patch, place) => {
    const at = skus.findIndex(({ code }) => code === patch.code.trim())
    const old = skus[at]
    const price = patch.price ?? moneyOf(old?.price, product.currency)
    if (!price) {
      problems.push({ sku: place, field: 'price', rule: 'required', message: 'a new SKU needs a price' })
      return
    }
    const listPrice = patch.noListPrice ? undefined : (patch.listPrice ?? moneyOf(old?.listPrice, product.currency))
    problems.push(...checkSku({ price, listPrice, image: patch.image }, place, workshop))
    if (old) skus[at] = patchedSku(old, patch)
    else skus.push(newSku({ ...patch, listPrice }, price, workshop))
  })
  return skus
}

/** Places of problems in the request instead of in the product. */
const inRequest = (problem: Problem, product: Product, patches: readonly SkuPatch[]): Problem => {
  if (problem.sku === undefined) return problem
  const code = product.skus[problem.sku]?.code
  const place = patches.findIndex((patch) => patch.code.trim() === code)
  return place < 0
    ? { ...problem, sku: undefined, field: 'skus', message: `${code}: ${problem.message}` }
    : { ...problem, sku: place }
}

/** The product after an edit; absent fields stay, cleared ones become empty. @throws VALIDATION_FAILED */
export const patchProduct = (product: Product, request: UpdateProductRequest, workshop: Workshop): Product => {
  const problems: Problem[] = []
  const cleared = new Set(request.clear)
  const text = (field: 'description' | 'brand') => (cleared.has(field) ? '' : request[field])
  const list = <T>(field: 'categoryIds' | 'images' | 'tags', news: T[]): T[] | undefined =>
    cleared.has(field) ? [] : news.length > 0 ? news : undefined
  const urls = list('images', request.images)
  const shown = urls && picturesAt(urls, workshop.media, product.pictures)
  problems.push(...(shown?.problems ?? []))
  const description = text('description')
  const skus = patchSkus(product, request.skus, workshop, problems)
  const options = request.options.length > 0 ? declaredOptions(request.options) : product.options
  const patched: Product = {
    ...product,
    name: request.name?.trim() ?? product.name,
    slug: request.slug ?? product.slug,
    description: description === undefined ? product.description : workshop.clean(description),
    brand: text('brand')?.trim() ?? product.brand,
    attributes: cleared.has('attributes')
      ? {}
      : Object.keys(request.attributes).length > 0
        ? trimmedMap(request.attributes)
        : product.attributes,
    tags: list('tags', request.tags)?.map((tag) => tag.trim()) ?? product.tags,
    categoryIds: list('categoryIds', request.categoryIds) ?? product.categoryIds,
    pictures: shown?.pictures ?? product.pictures,
    translations: withTranslations(product.translations, cleanTranslations(request.translations, workshop.clean)),
    options:
      request.options.length > 0
        ? options
        : completedOptions(
            options,
            skus.filter((sku) => !sku.retired),
          ),
    skus,
  }
  if (problems.length === 0)
    problems.push(...checkProduct(patched).map((problem) => inRequest(problem, patched, request.skus)))
  mustBeSound(problems)
  return patched
}
