import { EmptyState } from '@souk/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import nothing from '../../../../server/demo/media/illustration-nothing-found.webp'
import type { BrowseSearch } from '../../data/browse-search.ts'
import { type Browse, browseQuery } from '../../data/catalog.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { ProductGrid, ProductGridSkeleton } from '../../parts/product-grid.tsx'
import { useText } from '../../parts/use-text.ts'
import { Filters } from './filters.tsx'

const Nothing = ({ q }: { q: string | undefined }) => {
  const { t } = useText()
  return (
    <EmptyState
      picture={nothing}
      title={q ? t('browse.nothing.for', { q }) : t('browse.nothing')}
      action={<ButtonLink to="/categories">{t('browse.toCategories')}</ButtonLink>}
    >
      {t('browse.nothing.text')}
    </EmptyState>
  )
}

type ResultsProps = { search: BrowseSearch; wish: Browse }

/** A list of goods with its filters; more rows come by a button, so that the footer stays reachable. */
export const Results = ({ search, wish }: ResultsProps) => {
  const { t, locale } = useText()
  const list = useInfiniteQuery(browseQuery(wish, locale))
  const products = list.data?.pages.flatMap((page) => page.products) ?? []
  const filtered = search.min !== undefined || search.max !== undefined
  const empty = list.data && products.length === 0
  return (
    <>
      <div className={empty && !filtered ? 'invisible' : undefined}>
        <Filters search={search} currency={products[0]?.price?.currency} />
      </div>
      <div className="mt-6 md:mt-8">
        {list.error && !list.data && <ProblemBlock error={list.error} onRetry={list.refetch} />}
        {list.isPending && <ProductGridSkeleton count={8} />}
        {empty ? (
          <Nothing q={search.q} />
        ) : (
          <ProductGrid products={products} early={4} dimmed={list.isPlaceholderData} />
        )}
        {list.isFetchNextPageError && <ProblemBlock error={list.error} onRetry={() => list.fetchNextPage()} />}
        {list.hasNextPage && !list.isFetchNextPageError && (
          <p className="mt-10 text-center">
            <Button look="line" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
              {t('browse.more')}
            </Button>
          </p>
        )}
      </div>
    </>
  )
}
