import type { OrderPage } from '@souk/contract/edge'
import type { Order } from '@souk/contract/order'
import { Countdown } from '@souk/ui'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Problem } from '../../api.ts'
import { orderQuery } from '../../data/orders.ts'
import { AddressText } from '../../parts/address-text.tsx'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { NotFoundPage } from '../../parts/not-found-page.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { SignedIn } from '../../parts/signed-in.tsx'
import { Totals } from '../../parts/totals.tsx'
import { useText } from '../../parts/use-text.ts'
import { serverNow } from '../../session/connection.ts'
import { CancelDialog } from './cancel-dialog.tsx'
import { Groups } from './groups.tsx'
import { Payments } from './money.tsx'
import { OrderStatus } from './status.tsx'
import { Timeline } from './timeline.tsx'

const Box = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="rounded-band bg-surface p-6">
    <h2 className="text-h3 mb-3.5">{title}</h2>
    {children}
  </section>
)

/** What the server allows now, and nothing else. */
const Actions = ({ order }: { order: Order }) => {
  const { t, money } = useText()
  const [cancelling, setCancelling] = useState(false)
  const may = new Set(order.actions.map(({ name }) => name))
  return (
    <div className="flex flex-wrap gap-3">
      {may.has('pay') && (
        <ButtonLink to="/pay/$orderId" params={{ orderId: order.id }}>
          {t('pay.now', { total: order.total ? money(order.total) : '' })}
        </ButtonLink>
      )}
      {may.has('cancel') && (
        <Button look="line" onClick={() => setCancelling(true)}>
          {t('cancel.open')}
        </Button>
      )}
      {cancelling && <CancelDialog order={order} onClose={() => setCancelling(false)} />}
    </div>
  )
}

const Head = ({ order }: { order: Order }) => {
  const { t } = useText()
  const due = order.status === 'AWAITING_PAYMENT' && !order.payBefore
  return (
    <div className="mb-8">
      <Link to="/orders" className="inline-flex min-h-11 items-center gap-1 text-small text-ink-2 hover:text-ink">
        <ChevronLeft size={16} aria-hidden />
        {t('nav.orders')}
      </Link>
      <PageTitle
        title={t('order.number', { number: order.number })}
        className="tabular-nums max-md:text-[26px] [overflow-wrap:anywhere]"
      />
      <div className="mt-4 flex flex-wrap items-center justify-between gap-4">
        <div>
          <OrderStatus order={order} />
          <p className="mt-1 max-w-[60ch] text-ink-2">
            {t(`order.says.${due ? 'ON_DELIVERY' : order.status}`)}{' '}
            {order.payBefore && (
              <>
                {t('pay.left')} <Countdown until={order.payBefore} now={serverNow} className="font-semibold text-ink" />
              </>
            )}
          </p>
        </div>
        <Actions order={order} />
      </div>
    </div>
  )
}

const failedPayments = ({ parts }: OrderPage): boolean =>
  parts.some(({ name, state }) => name === 'payments' && state === 'FAILED')

const OrderView = ({ page, order, onRetry }: { page: OrderPage; order: Order; onRetry: () => void }) => {
  const { t } = useText()
  return (
    <>
      <Head order={order} />
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_400px] lg:gap-14">
        <div className="space-y-10">
          <Groups order={order} />
          <section>
            <h2 className="text-h3 mb-4">{t('order.timeline')}</h2>
            <Timeline entries={order.timeline} />
          </section>
        </div>
        <div className="space-y-4">
          <Box title={t('totals.heading')}>
            <Totals sums={order} />
          </Box>
          <Box title={t('order.payments')}>
            {failedPayments(page) ? (
              <Button look="line" size="small" onClick={onRetry}>
                {t('problem.retry')}
              </Button>
            ) : (
              <Payments payments={page.payments} />
            )}
          </Box>
          {order.address && (
            <Box title={t('checkout.address')}>
              <AddressText address={order.address} />
            </Box>
          )}
          {order.note && (
            <Box title={t('checkout.note')}>
              <p className="[overflow-wrap:anywhere] whitespace-pre-line text-ink-2">{order.note}</p>
            </Box>
          )}
        </div>
      </div>
    </>
  )
}

/** States that go on by themselves within moments. */
const moving = new Set(['PAID', 'CANCELLING'])
const settled = new Set(['COMPLETED', 'CANCELLED'])

/** Milliseconds until the order is looked at again. */
const pace = (page: OrderPage | undefined): number | false => {
  const status = page?.order?.status ?? ''
  if (settled.has(status)) return false
  return moving.has(status) ? 2_000 : 15_000
}

const OrderById = ({ id }: { id: string }) => {
  const { data, error, refetch } = useQuery({ ...orderQuery(id), refetchInterval: ({ state }) => pace(state.data) })
  if (data?.order) return <OrderView page={data} order={data.order} onRetry={() => void refetch()} />
  if (error instanceof Problem && error.status === 404) return <NotFoundPage />
  return error ? <ProblemBlock error={error} onRetry={refetch} /> : <div className="skeleton h-96 rounded-band!" />
}

export const OrderScreen = ({ id }: { id: string }) => {
  const { t } = useText()
  return (
    <SignedIn title={t('nav.orders')} why={t('orders.why')}>
      <div className="container-page pt-3 md:pt-5">
        <OrderById id={id} />
      </div>
    </SignedIn>
  )
}
