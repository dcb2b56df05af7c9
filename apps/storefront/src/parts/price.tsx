import type { Money } from '@souk/contract/common'
import { savedPercent } from '@souk/ui'
import { cx } from './cx.ts'
import { useText } from './use-text.ts'

type PriceProps = {
  price: Money | undefined
  listPrice?: Money
  /** When the SKUs of the product differ in price. */
  from?: boolean
  size?: 'card' | 'large'
}

/** The price, and beside it what it was. */
export const Price = ({ price, listPrice, from = false, size = 'card' }: PriceProps) => {
  const { t, money } = useText()
  if (!price) return null
  const lowered = savedPercent(price, listPrice) > 0
  const shown = money(price)
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <span className={cx(size === 'large' ? 'text-price' : 'text-price-card', lowered && 'text-accent')}>
        {from ? t('price.from', { price: shown }) : shown}
      </span>
      {lowered && listPrice && (
        <s className="text-small text-ink-3 tabular-nums">
          <span className="sr-only">{t('price.before')}</span>
          {money(listPrice)}
        </s>
      )}
    </p>
  )
}
