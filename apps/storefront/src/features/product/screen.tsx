import type { Product } from '@souk/contract/catalog'
import type { ProductPage } from '@souk/contract/edge'
import { pictureOf } from '@souk/ui'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { categoriesQuery, productQuery } from '../../data/catalog.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Price } from '../../parts/price.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { ProductGrid } from '../../parts/product-grid.tsx'
import { useText } from '../../parts/use-text.ts'
import { BuyBox } from './buy-box.tsx'
import { Gallery } from './gallery.tsx'
import { OptionPicker } from './option-picker.tsx'
import { ProductSkeleton } from './skeleton.tsx'
import { useChoice } from './use-choice.ts'

/** The product with the stock as inventory told it just now, where it did. */
const withStock = ({ product, stock }: ProductPage): Product | undefined => {
  if (!product || stock.length === 0) return product
  const live = new Map(stock.map(({ skuId, availability }) => [skuId, availability]))
  return {
    ...product,
    skus: product.skus.map((sku) => ({ ...sku, availability: live.get(sku.id) ?? sku.availability })),
  }
}

const CategoryLink = ({ id }: { id: string | undefined }) => {
  const { locale } = useText()
  const { data } = useQuery(categoriesQuery(locale))
  const category = data?.find((one) => one.id === id)
  if (!category) return <span className="block min-h-8" />
  return (
    <Link
      to="/c/$slug"
      params={{ slug: category.slug }}
      className="inline-flex min-h-8 items-center text-small text-ink-2 hover:text-ink"
    >
      {category.name}
    </Link>
  )
}

const Facts = ({ product }: { product: Product }) => {
  const { t } = useText()
  const facts = Object.entries(product.attributes)
  return (
    <div className="space-y-8 border-t border-line pt-8">
      {product.description && (
        <section>
          <h2 className="text-h3 mb-2">{t('product.about')}</h2>
          {/* The server cleans it by its allow-list, and the content policy runs no script. */}
          <div className="prose" dangerouslySetInnerHTML={{ __html: product.description }} />
        </section>
      )}
      {facts.length > 0 && (
        <section>
          <h2 className="text-h3 mb-2">{t('product.facts')}</h2>
          <dl>
            {facts.map(([name, value]) => (
              <div key={name} className="flex justify-between gap-6 border-b border-line py-2.5">
                <dt className="text-ink-2">{name}</dt>
                <dd className="text-right">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section>
        <h2 className="text-h3 mb-2">{t('product.service')}</h2>
        <p className="text-ink-2">{t('product.service.text')}</p>
      </section>
    </div>
  )
}

const ProductView = ({ product, page, code }: { product: Product; page: ProductPage; code: string | undefined }) => {
  const { t } = useText()
  const { matrix, sku, selection, onChoose } = useChoice(product, code)
  const { name, brand, hue, media } = product
  return (
    <div className="container-page pt-2 md:pt-3">
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1.25fr)_minmax(340px,1fr)] lg:gap-14">
        <Gallery name={name} hue={hue} pictures={media} chosen={sku && pictureOf(sku.image, media)} />
        <div className="space-y-7 lg:pt-6 lg:pb-10">
          <div>
            <CategoryLink id={product.categoryIds[0]} />
            <PageTitle title={name} className="mt-1" />
            {brand && <p className="mt-2 text-ink-2">{brand}</p>}
            <div className="mt-4">
              <Price
                price={sku?.price ?? product.price}
                listPrice={sku ? sku.listPrice : product.listPrice}
                size="large"
              />
            </div>
          </div>
          <OptionPicker matrix={matrix} selection={selection} hue={hue} media={media} onChoose={onChoose} />
          {sku && <BuyBox key={sku.id} product={product} sku={sku} selection={selection} />}
          <Facts product={product} />
        </div>
      </div>
      {page.related.length > 0 && (
        <section className="mt-12 md:mt-18">
          <h2 className="text-h2 mb-5 md:mb-7">{t('product.related')}</h2>
          <ProductGrid products={page.related} shelf />
        </section>
      )}
    </div>
  )
}

export const ProductScreen = ({ slug, code }: { slug: string; code: string | undefined }) => {
  const { locale } = useText()
  const { data, error, refetch } = useQuery(productQuery(slug, locale))
  const product = useMemo(() => data && withStock(data), [data])
  if (product && data) return <ProductView product={product} page={data} code={code} />
  return error ? (
    <div className="container-page pt-8">
      <ProblemBlock error={error} onRetry={refetch} />
    </div>
  ) : (
    <ProductSkeleton />
  )
}
