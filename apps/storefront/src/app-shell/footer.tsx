import { Link } from '@tanstack/react-router'
import { useText } from '../parts/use-text.ts'
import { Mark } from './mark.tsx'

export const Footer = () => {
  const { t } = useText()
  return (
    <footer className="mt-18 border-t border-line pb-20 md:pb-0">
      <div className="container-page flex flex-wrap items-center gap-x-8 gap-y-3 py-8 text-small text-ink-2">
        <span className="flex items-center gap-2 text-ink">
          <Mark />
          <span className="font-display text-[19px] font-bold tracking-[-0.03em]">Souk</span>
        </span>
        <p className="grow">{t('footer.about')}</p>
        <nav aria-label={t('footer.links')} className="flex flex-wrap gap-x-6">
          <Link to="/search" className="flex min-h-11 items-center hover:text-ink">
            {t('footer.all')}
          </Link>
          <Link to="/orders" className="flex min-h-11 items-center hover:text-ink">
            {t('nav.orders')}
          </Link>
          <a href="/docs" className="flex min-h-11 items-center hover:text-ink">
            {t('footer.docs')}
          </a>
        </nav>
      </div>
    </footer>
  )
}
