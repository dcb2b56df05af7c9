import type { ProductSummary } from '@souk/contract/catalog'
import { cx } from './cx.ts'
import { ProductCard, ProductCardSkeleton } from './product-card.tsx'

type ProductGridProps = {
  products: readonly ProductSummary[]
  /** How many cards belong to the first view. */
  early?: number
  /** Newer rows are on their way. */
  dimmed?: boolean
  /** Two full rows at most, whatever the width. */
  shelf?: boolean
}

export const ProductGrid = ({ products, early = 0, dimmed = false, shelf = false }: ProductGridProps) => (
  <ul
    className={cx('grid-products transition-opacity', shelf && 'full-rows', dimmed && 'opacity-50')}
    aria-busy={dimmed || undefined}
  >
    {products.map((product, place) => (
      <li key={product.id}>
        <ProductCard product={product} early={place < early} />
      </li>
    ))}
  </ul>
)

export const ProductGridSkeleton = ({ count }: { count: number }) => (
  <div className="grid-products appear-late" aria-hidden>
    {Array.from({ length: count }, (_, place) => (
      <ProductCardSkeleton key={place} />
    ))}
  </div>
)
