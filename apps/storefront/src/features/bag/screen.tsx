import { EmptyState } from '@souk/ui'
import { useNavigate } from '@tanstack/react-router'
import emptyBag from '../../../../server/demo/media/illustration-empty-bag.webp'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { PageTitle, WindowTitle } from '../../parts/page-title.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { Totals } from '../../parts/totals.tsx'
import { useOnline } from '../../parts/use-online.ts'
import { useText } from '../../parts/use-text.ts'
import { BagLine } from './line.tsx'
import { isBlocked } from './line-problems.tsx'
import { useBag } from './use-bag.ts'

type Bag = ReturnType<typeof useBag>

const BagSkeleton = () => (
  <div className="appear-late mt-8 space-y-5" aria-hidden>
    {[0, 1, 2].map((place) => (
      <div key={place} className="flex gap-5">
        <div className="skeleton size-24 rounded-tile!" />
        <div className="flex-1 space-y-3 py-2">
          <div className="skeleton h-4 w-1/2" />
          <div className="skeleton h-4 w-1/4" />
        </div>
      </div>
    ))}
  </div>
)

/** The button stays live: with a problem in the bag it leads to the problem. */
const CheckOut = ({ bag }: { bag: Bag }) => {
  const { t, money } = useText()
  const navigate = useNavigate()
  const online = useOnline()
  const { lines, quote, chosen } = bag
  const total = quote?.total
  const press = () => {
    const blocked = lines.find(isBlocked)
    if (!blocked) return void navigate({ to: '/checkout' })
    const line = document.querySelector<HTMLElement>(`[data-testid="line-${blocked.skuId}"]`)
    line?.scrollIntoView({ block: 'center' })
    line?.focus()
  }
  return (
    <Button size="large" wide onClick={press} disabled={!chosen || !online}>
      {total && !bag.settling ? t('bag.checkOutFor', { total: money(total) }) : t('bag.checkOut')}
    </Button>
  )
}

const Summary = ({ bag }: { bag: Bag }) => {
  const { t } = useText()
  return (
    <aside aria-label={t('totals.heading')} className="h-fit rounded-band bg-surface p-6 md:p-8 lg:sticky lg:top-22">
      <h2 className="text-h3 mb-4">{t('totals.heading')}</h2>
      {bag.quoteError && bag.chosen ? (
        <div className="mb-4">
          <ProblemBlock error={bag.quoteError} onRetry={() => void bag.retryQuote()} />
        </div>
      ) : (
        <Totals sums={bag.quote} busy={bag.settling} />
      )}
      <div className="mt-6">
        <CheckOut bag={bag} />
      </div>
      <p className="mt-3 text-center text-small text-ink-3">{bag.chosen ? t('bag.next') : t('bag.nothingSelected')}</p>
    </aside>
  )
}

export const BagScreen = () => {
  const { t } = useText()
  const bag = useBag()
  const { cart, lines, quote, settling } = bag
  if (cart.data && lines.length === 0)
    return (
      <div className="container-page">
        <WindowTitle title={t('bag.title')} />
        <EmptyState
          heading="h1"
          picture={emptyBag}
          title={t('bag.empty')}
          action={<ButtonLink to="/">{t('bag.shop')}</ButtonLink>}
        >
          {t('bag.empty.text')}
        </EmptyState>
      </div>
    )
  return (
    <div className="container-page pt-6 md:pt-8">
      <PageTitle title={t('bag.title')} />
      {!cart.data && (cart.error ? <ProblemBlock error={cart.error} onRetry={cart.refetch} /> : <BagSkeleton />)}
      {cart.data && (
        <div className="mt-4 grid gap-8 lg:grid-cols-[minmax(0,1fr)_400px] lg:gap-16">
          <ul className="border-t border-line">
            {lines.map((line) => (
              <BagLine
                key={line.skuId}
                line={line}
                quoted={line.selected ? quote?.lines.find(({ skuId }) => skuId === line.skuId) : undefined}
                settling={settling}
              />
            ))}
          </ul>
          <Summary bag={bag} />
        </div>
      )}
    </div>
  )
}
