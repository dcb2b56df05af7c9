import type { Category } from '@souk/contract/catalog'
import { Media, Stage } from '@souk/ui'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { BrowseSearch } from '../../data/browse-search.ts'
import { categoriesQuery, wishOf } from '../../data/catalog.ts'
import { NotFoundPage } from '../../parts/not-found-page.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProductGridSkeleton } from '../../parts/product-grid.tsx'
import { useText } from '../../parts/use-text.ts'
import { Results } from './results.tsx'

type Place = { category: Category; parent: Category | undefined; children: readonly Category[] }

const placeOf = (categories: readonly Category[], slug: string): Place | undefined => {
  const category = categories.find((one) => one.slug === slug)
  return (
    category && {
      category,
      parent: categories.find(({ id }) => id === category.parentId),
      children: categories.filter(({ parentId }) => parentId === category.id),
    }
  )
}

const Breadcrumb = ({ parent }: { parent: Category | undefined }) => {
  const { t } = useText()
  const step = 'flex min-h-8 items-center text-ink-2 hover:text-ink'
  return (
    <nav aria-label={t('nav.breadcrumb')} className="text-small">
      <ol className="flex items-center gap-2">
        <li>
          <Link to="/" className={step}>
            Souk
          </Link>
        </li>
        {parent && (
          <li className="flex items-center gap-2">
            <span aria-hidden className="text-ink-3">
              /
            </span>
            <Link to="/c/$slug" params={{ slug: parent.slug }} className={step}>
              {parent.name}
            </Link>
          </li>
        )}
      </ol>
    </nav>
  )
}

/** The objects of a department stand side by side; a category has its one. */
const covers = ({ category, children }: Place): string[] =>
  [category.image, ...children.map(({ image }) => image)].filter(Boolean).slice(0, 3)

const Band = (place: Place) => {
  const { category, parent, children } = place
  const hue = category.image ? category.hue : children[0]?.hue
  return (
    <Stage hue={hue} className="rounded-band">
      <div className="grid w-full grid-cols-[1fr_auto] items-center gap-4 py-6 pr-4 pl-6 md:py-8 md:pr-12 md:pl-10">
        <div>
          <Breadcrumb parent={parent} />
          <PageTitle title={category.name} className="mt-1.5" />
        </div>
        <div className="flex h-24 gap-4 md:h-36 md:gap-8" aria-hidden>
          {covers(place).map((url, at) => (
            <div
              key={url}
              className={at > 0 ? 'hidden w-36 place-items-center md:grid' : 'grid w-24 place-items-center md:w-36'}
            >
              <Media
                picture={{ url, width: 512, height: 512, cutout: true, alt: '' }}
                alt=""
                share="92%"
                sizes="144px"
                first
              />
            </div>
          ))}
        </div>
      </div>
    </Stage>
  )
}

const Children = ({ categories }: { categories: readonly Category[] }) => {
  const { t } = useText()
  if (categories.length === 0) return null
  return (
    <nav aria-label={t('nav.categories')} className="mt-5">
      <ul className="flex flex-wrap gap-2">
        {categories.map(({ id, slug, name }) => (
          <li key={id}>
            <Link
              to="/c/$slug"
              params={{ slug }}
              className="flex min-h-11 items-center rounded-full bg-sunken px-5 text-[15px] font-medium hover:bg-line"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export const CategoryScreen = ({ slug, search }: { slug: string; search: BrowseSearch }) => {
  const { locale } = useText()
  const { data } = useQuery(categoriesQuery(locale))
  const place = data && placeOf(data, slug)
  if (data && !place) return <NotFoundPage />
  return (
    <div className="container-page pt-2 md:pt-3">
      {place ? <Band {...place} /> : <div className="skeleton h-40 rounded-band! md:h-52" />}
      {place && <Children categories={place.children} />}
      <div className="mt-5 md:mt-6">
        {place ? (
          <Results search={search} wish={wishOf(search, place.category.id)} />
        ) : (
          <ProductGridSkeleton count={8} />
        )}
      </div>
    </div>
  )
}
