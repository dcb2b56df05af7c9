import type { ProductSummary } from '@souk/contract/catalog'
import { Media, Stage, savedPercent } from '@souk/ui'
import { Link } from '@tanstack/react-router'
import { cx } from './cx.ts'
import { Price } from './price.tsx'
import { travel } from './travel.ts'
import { useText } from './use-text.ts'

/** What a card says above its picture: at most one thing, the most useful first. */
const useBadge = ({ availability, price, listPrice, tags }: ProductSummary) => {
  const { t } = useText()
  if (availability === 'OUT_OF_STOCK') return { text: t('card.soldOut'), className: 'bg-canvas text-ink-2' }
  const saved = price ? savedPercent(price, listPrice) : 0
  if (saved > 0) return { text: t('card.save', { percent: saved }), className: 'bg-accent text-on-accent' }
  if (availability === 'LOW') return { text: t('card.low'), className: 'bg-canvas text-ink' }
  return tags.includes('new') ? { text: t('card.new'), className: 'bg-ink text-on-ink' } : undefined
}

type ProductCardProps = {
  product: ProductSummary
  /** In the first view of the page: its picture is not lazy. */
  early?: boolean
}

const sizes = '(min-width: 1680px) 200px, (min-width: 1200px) 210px, (min-width: 768px) 19vw, 34vw'

export const ProductCard = ({ product, early = false }: ProductCardProps) => {
  const { slug, name, brand, hue, media, price, listPrice, availability } = product
  const badge = useBadge(product)
  const picture = media[0]
  return (
    <article data-testid="product-card" className="souk-lift group relative">
      <Stage hue={hue} className={cx('aspect-[4/5] rounded-card', availability === 'OUT_OF_STOCK' && 'saturate-50')}>
        {picture && <Media picture={picture} alt="" sizes={sizes} share="var(--card-object, 70%)" first={early} />}
      </Stage>
      {badge && (
        <span
          className={cx('absolute top-3 left-3 rounded-full px-2.5 py-1 text-badge font-semibold', badge.className)}
        >
          {badge.text}
        </span>
      )}
      <div className="mt-3 space-y-0.5">
        <h3 className="text-[15px] leading-snug font-medium">
          <Link
            to="/p/$slug"
            params={{ slug }}
            preload="intent"
            onClick={travel}
            className="after:absolute after:inset-0 after:rounded-card focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-2 focus-visible:after:outline-ink"
          >
            {name}
          </Link>
        </h3>
        {brand && <p className="text-small text-ink-3">{brand}</p>}
        <div className="pt-0.5">
          <Price price={price} listPrice={listPrice} />
        </div>
      </div>
    </article>
  )
}

/** The same geometry while the goods are on their way. */
export const ProductCardSkeleton = () => (
  <div aria-hidden>
    <div className="skeleton aspect-[4/5] rounded-card!" />
    <div className="skeleton mt-4 h-4 w-3/4" />
    <div className="skeleton mt-2 h-4 w-1/3" />
  </div>
)
