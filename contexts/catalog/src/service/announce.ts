import { money } from '@souk/kernel'
import type { Db, Publish, Tx } from '@souk/platform'
import type { PriceChange } from '../domain/patch.ts'
import { takeFactVersions } from '../store/move-product.ts'

/** One thing to say about a product. */
export type ProductNews = { productId: string } & (
  | { kind: 'changed' | 'published' | 'unpublished' | 'archived' | 'availability' }
  | { kind: 'prices'; currency: string; prices: readonly PriceChange[] }
)

const factOf = (news: ProductNews, version: number): Publish => {
  const { productId } = news
  const base = { aggregateId: productId, aggregateVersion: version }
  const payload = { productId, version }
  switch (news.kind) {
    case 'changed':
      return { type: 'catalog.ProductChanged', ...base, payload }
    case 'published':
      return { type: 'catalog.ProductPublished', ...base, payload }
    case 'unpublished':
    case 'archived':
      return {
        type: 'catalog.ProductUnpublished',
        ...base,
        payload: { ...payload, archived: news.kind === 'archived' },
      }
    case 'availability':
      return { type: 'catalog.ShownAvailabilityChanged', ...base, payload }
    case 'prices': {
      const skus = news.prices.map(({ skuId, oldPrice, newPrice }) => ({
        skuId,
        oldPrice: money(news.currency, oldPrice),
        newPrice: money(news.currency, newPrice),
      }))
      return { type: 'catalog.PriceChanged', ...base, payload: { ...payload, skus } }
    }
  }
}

/** Publishes facts of products, each with a version of its own taken under the product's row lock. */
export const announce = async (db: Db, tx: Tx, news: readonly ProductNews[]): Promise<void> => {
  if (news.length === 0) return
  const counts = new Map<string, number>()
  for (const { productId } of news) counts.set(productId, (counts.get(productId) ?? 0) + 1)
  const next = new Map(
    [...(await takeFactVersions(db, tx, counts))].map(([id, last]) => [id, last - (counts.get(id) ?? 0)]),
  )
  for (const one of news) {
    const version = (next.get(one.productId) ?? 0) + 1
    next.set(one.productId, version)
    tx.publish(factOf(one, version))
  }
}
