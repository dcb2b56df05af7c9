import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ShoppingBag, UserRound } from 'lucide-react'
import { categoriesQuery } from '../data/catalog.ts'
import { useText } from '../parts/use-text.ts'
import { BagCount, useBagCount } from './bag-count.tsx'
import { Mark } from './mark.tsx'
import { Preferences } from './preferences.tsx'
import { SearchBox } from './search-box.tsx'

const Departments = () => {
  const { t, locale } = useText()
  const { data = [] } = useQuery(categoriesQuery(locale))
  const departments = data.filter(({ parentId }) => parentId === '')
  return (
    <nav aria-label={t('nav.departments')} className="hidden lg:block">
      <ul className="flex">
        {departments.map(({ id, slug, name }) => (
          <li key={id}>
            <Link
              to="/c/$slug"
              params={{ slug }}
              className="flex min-h-11 items-center rounded-full px-3.5 text-[15px] font-medium text-ink-2 hover:text-ink data-[status=active]:bg-surface data-[status=active]:text-ink"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Bag = () => {
  const { t } = useText()
  const count = useBagCount()
  return (
    <Link
      to="/bag"
      className="relative grid size-11 place-items-center rounded-full hover:bg-surface"
      aria-label={t('bag.open', { count })}
      aria-keyshortcuts="b"
    >
      <ShoppingBag size={21} aria-hidden />
      <BagCount count={count} testId="bag-count" />
    </Link>
  )
}

export const Header = () => {
  const { t } = useText()
  return (
    <header className="sticky top-0 z-30 bg-canvas">
      <div className="container-page flex h-14 items-center gap-2 md:h-17 md:gap-4">
        <Link
          to="/"
          className="mr-1 flex shrink-0 items-center gap-2 rounded-lg md:mr-3"
          aria-label={t('nav.home.label')}
        >
          <Mark />
          <span className="hidden font-display text-[23px] leading-none font-bold tracking-[-0.03em] sm:block">
            Souk
          </span>
        </Link>
        <Departments />
        <div className="hidden flex-1 lg:block" />
        <SearchBox />
        <div className="flex items-center md:gap-1">
          <span className="hidden md:block">
            <Preferences />
          </span>
          <Link
            to="/me"
            className="hidden size-11 place-items-center rounded-full hover:bg-surface md:grid"
            aria-label={t('nav.me')}
          >
            <UserRound size={21} aria-hidden />
          </Link>
          <Bag />
        </div>
      </div>
    </header>
  )
}
