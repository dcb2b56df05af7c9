import type { Money } from '@souk/contract/common'
import { cx } from './cx.ts'
import { useText } from './use-text.ts'

/** The sums of a quote, a preparation or an order. */
type Sums = {
  subtotal: Money | undefined
  discount: Money | undefined
  freight: Money | undefined
  tax: Money | undefined
  total: Money | undefined
}

type Part = { name: string; money: Money | undefined; text?: string }

type TotalsProps = {
  sums: Sums | undefined
  /** The server is computing newer ones. */
  busy?: boolean
}

const isNothing = (money: Money | undefined): boolean => !money || money.amount === 0

/** The rows of the sum as the server computed them; discounts and tax only where there are some. */
export const Totals = ({ sums, busy = false }: TotalsProps) => {
  const { t, exact } = useText()
  const free = isNothing(sums?.freight)
  const parts: Part[] = [
    { name: 'subtotal', money: sums?.subtotal },
    ...(isNothing(sums?.discount) ? [] : [{ name: 'discount', money: sums?.discount }]),
    { name: 'freight', money: sums?.freight, text: free ? t('totals.free') : undefined },
    ...(isNothing(sums?.tax) ? [] : [{ name: 'tax', money: sums?.tax }]),
  ]
  return (
    <dl aria-busy={busy || undefined} className={cx('transition-opacity', busy && 'opacity-45')}>
      {parts.map(({ name, money, text }) => (
        <div key={name} className="flex justify-between gap-4 py-1.5 text-ink-2">
          <dt>{t(`totals.${name}`)}</dt>
          <dd className="tabular-nums">
            {sums && (text ?? (money && `${name === 'discount' ? '−' : ''}${exact(money)}`))}
          </dd>
        </div>
      ))}
      <div className="mt-2 flex items-baseline justify-between gap-4 border-t border-line pt-3.5">
        <dt className="font-semibold">{t('totals.total')}</dt>
        <dd
          data-testid="total"
          className="text-[22px] leading-tight font-semibold tabular-nums [font-family:var(--face-display)]"
        >
          {sums?.total ? exact(sums.total) : <span className="skeleton inline-block h-6 w-24" />}
        </dd>
      </div>
    </dl>
  )
}
