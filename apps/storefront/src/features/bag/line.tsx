import type { CartLine, QuoteLine } from '@souk/contract/cart'
import { Link } from '@tanstack/react-router'
import { cx } from '../../parts/cx.ts'
import { LinePicture } from '../../parts/line-picture.tsx'
import { optionsText } from '../../parts/options-text.ts'
import { Stepper } from '../../parts/stepper.tsx'
import { useText } from '../../parts/use-text.ts'
import { LineProblems } from './line-problems.tsx'
import { useBagLine } from './use-bag-line.ts'

type BagLineProps = {
  line: CartLine
  /** The server's sum for this line; undefined while it is being computed or the line is not selected. */
  quoted: QuoteLine | undefined
  settling: boolean
}

/** The thing itself; the name beside it is the link for keyboards. */
const Picture = ({ product, selected }: CartLine) => (
  <Link to="/p/$slug" params={{ slug: product?.slug ?? '' }} search={{ sku: product?.code }} tabIndex={-1} aria-hidden>
    <LinePicture image={product?.image ?? ''} className={cx('size-20 md:size-24', !selected && 'opacity-50')} />
  </Link>
)

const Words = ({ line, quoted, settling }: BagLineProps) => {
  const { t, money } = useText()
  const { skuId, product, quantity, unitPrice } = line
  const total = quoted?.total ?? (quantity === 1 ? unitPrice : undefined)
  return (
    <>
      <div className="flex justify-between gap-x-4">
        <Link
          to="/p/$slug"
          params={{ slug: product?.slug ?? '' }}
          search={{ sku: product?.code }}
          className="font-medium hover:underline"
        >
          {product?.name ?? skuId}
        </Link>
        <span
          className={cx('text-price-card shrink-0 transition-opacity', settling && 'opacity-40')}
          aria-busy={settling || undefined}
        >
          {total && money(total)}
        </span>
      </div>
      <p className="text-small text-ink-2">{optionsText(product?.options)}</p>
      {quantity > 1 && unitPrice && (
        <p className="text-small text-ink-3">{t('bag.each', { price: money(unitPrice) })}</p>
      )}
    </>
  )
}

export const BagLine = (props: BagLineProps) => {
  const { t } = useText()
  const { line } = props
  const { change, select, remove } = useBagLine(line)
  const { skuId, product, quantity, selected } = line
  const name = product?.name ?? skuId
  return (
    <li data-testid={`line-${skuId}`} className="flex gap-3 border-b border-line py-5 md:gap-5" tabIndex={-1}>
      <label className="-ml-2 grid size-11 shrink-0 place-items-center self-start md:mt-6">
        <input
          type="checkbox"
          className="size-5"
          checked={selected}
          onChange={(event) => select(event.target.checked)}
          aria-label={t('bag.select', { name })}
        />
      </label>
      <Picture {...line} />
      <div className="min-w-0 flex-1">
        <Words {...props} />
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1">
          <Stepper value={quantity} onChange={change} label={t('bag.quantityOf', { name })} />
          <button
            type="button"
            className="min-h-11 px-1 text-small text-ink-2 underline-offset-4 hover:text-ink hover:underline"
            aria-label={t('bag.removeName', { name })}
            onClick={remove}
          >
            {t('bag.remove')}
          </button>
        </div>
        <LineProblems line={line} onChange={change} onRemove={remove} />
      </div>
    </li>
  )
}
