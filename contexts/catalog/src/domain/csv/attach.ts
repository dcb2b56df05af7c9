import type { Media } from '@souk/contract/catalog'
import type { Product } from '../product.ts'

/** A picture of an import file that has arrived. */
export type Fetched = { media: Media; place: number; alt: string; gallery: boolean; skuIds: readonly string[] }

const mostPictures = 30

/**
 * The product with the pictures that have arrived: in the order of the file, before all others. A gallery that has them
 * already is left in its own order.
 */
export const withFetched = (product: Product, fetched: readonly Fetched[]): Product => {
  const gallery = fetched.filter((one) => one.gallery).sort((a, b) => a.place - b.place)
  const shown = new Set(product.pictures.map(({ url }) => url))
  const urls = new Set(gallery.map(({ media }) => media.url))
  const arrived = gallery.map(({ media, alt }) => ({ ...media, alt }))
  const complete = [...urls].every((url) => shown.has(url))
  const imageOf = new Map(fetched.flatMap(({ media, skuIds }) => skuIds.map((id) => [id, media.url] as const)))
  return {
    ...product,
    pictures: complete
      ? product.pictures
      : [...arrived, ...product.pictures.filter(({ url }) => !urls.has(url))].slice(0, mostPictures),
    skus: product.skus.map((sku) => ({ ...sku, image: imageOf.get(sku.id) ?? sku.image })),
  }
}
