import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { categoriesQuery, newestQuery } from '../../data/catalog.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { CategoryShelf, CategoryShelfSkeleton } from '../../parts/category-shelf.tsx'
import { WindowTitle } from '../../parts/page-title.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { ProductGrid, ProductGridSkeleton } from '../../parts/product-grid.tsx'
import { useText } from '../../parts/use-text.ts'
import { chooseGoods, type HomeGoods } from './choose.ts'
import { Hero } from './hero.tsx'
import { Promises } from './promises.tsx'

const Section = ({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) => (
  <section className="mt-12 md:mt-18">
    <div className="mb-5 flex items-baseline justify-between gap-4 md:mb-7">
      <h2 className="text-h2">{title}</h2>
      {more}
    </div>
    {children}
  </section>
)

const Categories = () => {
  const { t, locale } = useText()
  const { data, error, refetch } = useQuery(categoriesQuery(locale))
  if (!data) return error ? <ProblemBlock error={error} onRetry={refetch} /> : <CategoryShelfSkeleton />
  const departments = data.filter(({ parentId }) => parentId === '')
  const shown = departments.flatMap(({ id }) => data.filter(({ parentId }) => parentId === id))
  return (
    <nav aria-label={t('nav.categories')}>
      <CategoryShelf categories={shown} />
    </nav>
  )
}

const Shelves = ({ fresh, lowered, more }: HomeGoods) => {
  const { t } = useText()
  const seeAll = (
    <Link to="/search" className="link text-[15px] font-medium">
      {t('home.seeAll')}
    </Link>
  )
  return (
    <>
      {fresh.length > 0 && (
        <Section title={t('home.fresh')} more={seeAll}>
          <ProductGrid products={fresh} shelf />
        </Section>
      )}
      {lowered.length > 0 && (
        <Section title={t('home.lowered')}>
          <ProductGrid products={lowered} shelf />
        </Section>
      )}
      <div className="mt-12 md:mt-18">
        <Promises />
      </div>
      {more.length > 0 && (
        <Section title={t('home.more')}>
          <ProductGrid products={more} />
          <p className="mt-10 text-center">
            <ButtonLink to="/search" look="line">
              {t('home.browse')}
            </ButtonLink>
          </p>
        </Section>
      )}
    </>
  )
}

export const HomeScreen = () => {
  const { t, locale } = useText()
  const { data, error, refetch } = useQuery(newestQuery(locale))
  const goods = useMemo(() => chooseGoods(data ?? []), [data])
  return (
    <div className="container-page pt-2 md:pt-3">
      <WindowTitle title={t('home.title')} />
      <Hero heroes={goods.heroes} />
      <div className="mt-8 md:mt-12">
        <Categories />
      </div>
      <div className="mt-12 md:mt-18">
        {!data && (error ? <ProblemBlock error={error} onRetry={refetch} /> : <ProductGridSkeleton count={8} />)}
      </div>
      {data && <Shelves {...goods} />}
    </div>
  )
}
