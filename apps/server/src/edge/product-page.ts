import { Availability_Value } from '@souk/contract/catalog'
import type { GetProductPageRequest, ProductPage } from '@souk/contract/edge'
import type { Call } from '@souk/platform'
import type { EdgeDeps } from './deps.ts'
import { absent, part } from './part.ts'

/** Most related products shown. */
const related = 8

/** Product, live stock and similar goods in one answer; only a missing product fails it. */
export const getProductPage =
  ({ catalog, inventory }: EdgeDeps) =>
  async ({ id }: GetProductPageRequest, call: Call): Promise<ProductPage> => {
    const product = await catalog.getProduct({ idOrSlug: id }, call)
    const skuIds = product.skus.map((sku) => sku.id)
    const category = product.categoryIds[0]
    const [stock, similar] = await Promise.all([
      part('stock', inventory.listAvailability({ skuIds }, call), { skus: [] }),
      part(
        'related',
        category
          ? catalog.listProducts(
              { pageSize: related + 1, pageToken: '', categoryId: category, brandId: '', q: '', sort: '' },
              call,
            )
          : Promise.resolve({ products: [], nextPageToken: '' }),
        { products: [], nextPageToken: '' },
      ),
    ])
    return {
      product,
      stock: stock.value.skus.map(({ skuId, band }) => ({ skuId, availability: Availability_Value[band] })),
      related: similar.value.products.filter((other) => other.id !== product.id).slice(0, related),
      parts: [{ name: 'product', state: 'OK' }, stock.part, similar.part, absent('promotions'), absent('reviews')],
    }
  }
