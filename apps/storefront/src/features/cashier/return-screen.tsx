import type { OrderPage } from '@souk/contract/edge'
import { EmptyState } from '@souk/ui'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import broken from '../../../../server/demo/media/illustration-error.webp'
import placed from '../../../../server/demo/media/illustration-placed.webp'
import receipt from '../../../../server/demo/media/illustration-receipt.webp'
import shipped from '../../../../server/demo/media/illustration-shipped.webp'
import waiting from '../../../../server/demo/media/illustration-waiting.webp'
import { orderQuery } from '../../data/orders.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { WindowTitle } from '../../parts/page-title.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { SignedIn } from '../../parts/signed-in.tsx'
import { useText } from '../../parts/use-text.ts'
import { latestPayment, type Outcome, outcomeOf } from './outcome.ts'
import { pollDelay } from './poll-schedule.ts'

const pictures: Record<Outcome, string> = {
  paid: placed,
  accepted: shipped,
  waiting,
  open: receipt,
  failed: broken,
  cancelled: receipt,
}

/** Somebody else's answer is awaited: the page asks again by itself. */
const awaited = (page: OrderPage | undefined): boolean => page === undefined || outcomeOf(page) === 'waiting'

const NextSteps = ({ orderId, outcome }: { orderId: string; outcome: Outcome }) => {
  const { t } = useText()
  const again = outcome === 'failed' || outcome === 'open' || outcome === 'waiting'
  return (
    <div className="mt-3 flex flex-wrap justify-center gap-3">
      {(outcome === 'failed' || outcome === 'open') && (
        <ButtonLink to="/pay/$orderId" params={{ orderId }}>
          {t('return.otherMethod')}
        </ButtonLink>
      )}
      <ButtonLink to="/orders/$id" params={{ id: orderId }} look={again && outcome !== 'waiting' ? 'line' : 'ink'}>
        {t('return.toOrder')}
      </ButtonLink>
      {!again && (
        <ButtonLink to="/" look="line">
          {t('return.shop')}
        </ButtonLink>
      )}
    </div>
  )
}

const Result = ({ page }: { page: OrderPage }) => {
  const { t, exact } = useText()
  const outcome = outcomeOf(page)
  const { order, payments } = page
  const latest = latestPayment(payments)
  const late = outcome === 'cancelled' && payments.some(({ captured }) => (captured?.amount ?? 0) > 0)
  const text: ReactNode = late ? t('return.late') : t(`return.text.${outcome}`)
  return (
    <div className="container-page">
      <WindowTitle title={t(`return.title.${outcome}`)} />
      <EmptyState
        heading="h1"
        picture={pictures[outcome]}
        title={
          <span data-testid="order-status" data-status={order?.status} role="status">
            {t(`return.title.${outcome}`)}
          </span>
        }
        action={order && <NextSteps orderId={order.id} outcome={outcome} />}
      >
        {text}
        {outcome === 'failed' && latest?.failure && (
          <span className="block text-ink-3">{t('return.reason', { reason: latest.failure })}</span>
        )}
        {order?.total && (
          <span className="mt-4 block">
            {t('order.number', { number: order.number })} · <span data-testid="total">{exact(order.total)}</span>
          </span>
        )}
      </EmptyState>
    </div>
  )
}

const Return = ({ orderId }: { orderId: string }) => {
  const { data, error, refetch } = useQuery({
    ...orderQuery(orderId),
    staleTime: 0,
    refetchInterval: ({ state }) => (awaited(state.data) ? pollDelay(state.dataUpdateCount - 1) : false),
  })
  if (data) return <Result page={data} />
  return (
    <div className="container-page pt-10">
      {error ? (
        <ProblemBlock error={error} onRetry={refetch} />
      ) : (
        <div className="skeleton mx-auto h-80 max-w-140 rounded-band!" />
      )}
    </div>
  )
}

/** Where the channel sends the buyer back to; says what is known, and never more. */
export const ReturnScreen = ({ orderId }: { orderId: string }) => {
  const { t } = useText()
  return (
    <SignedIn title={t('pay.title')} why={t('orders.why')}>
      <Return orderId={orderId} />
    </SignedIn>
  )
}
