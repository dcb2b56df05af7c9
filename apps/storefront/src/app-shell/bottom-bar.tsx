import { Link, type LinkProps } from '@tanstack/react-router'
import { House, LayoutGrid, type LucideIcon, Package, ShoppingBag, UserRound } from 'lucide-react'
import { useText } from '../parts/use-text.ts'
import { BagCount, useBagCount } from './bag-count.tsx'

const places: readonly { to: LinkProps['to']; icon: LucideIcon; text: string }[] = [
  { to: '/', icon: House, text: 'nav.home' },
  { to: '/categories', icon: LayoutGrid, text: 'nav.categories' },
  { to: '/bag', icon: ShoppingBag, text: 'nav.bag' },
  { to: '/orders', icon: Package, text: 'nav.orders' },
  { to: '/me', icon: UserRound, text: 'nav.me' },
]

/** The phone's way around. */
export const BottomBar = () => {
  const { t } = useText()
  const count = useBagCount()
  return (
    <nav
      aria-label={t('nav.main')}
      className="bottom-bar fixed inset-x-0 bottom-0 z-30 border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="grid grid-cols-5">
        {places.map(({ to, icon: Icon, text }) => (
          <li key={text}>
            <Link
              to={to}
              activeOptions={{ exact: to === '/' }}
              className="flex h-14 flex-col items-center justify-center gap-0.5 text-[11px] font-medium text-ink-3 data-[status=active]:text-ink"
            >
              <span className="relative">
                <Icon size={21} aria-hidden />
                {to === '/bag' && <BagCount count={count} />}
              </span>
              {t(text)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
