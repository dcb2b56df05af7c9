import type { OrderSummary } from '@souk/contract/order'
import { Countdown, EmptyState } from '@souk/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import noOrders from '../../../../server/demo/media/illustration-no-orders.webp'
import { ordersQuery } from '../../data/orders.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { cx } from '../../parts/cx.ts'
import { LinePicture } from '../../parts/line-picture.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { SignedIn } from '../../parts/signed-in.tsx'
import { useText } from '../../parts/use-text.ts'
import { serverNow } from '../../session/connection.ts'
import { OrderStatus } from './status.tsx'
import { type Tab, tabs } from './tabs.ts'

const Tabs = ({ tab }: { tab: Tab }) => {
  const { t } = useText()
  return (
    <nav aria-label={t('orders.tabs')} className="mt-5 -mx-4 overflow-x-auto px-4">
      <ul className="flex gap-1">
        {(Object.keys(tabs) as Tab[]).map((one) => (
          <li key={one}>
            <Link
              to="/orders"
              search={one === 'all' ? {} : { tab: one }}
              resetScroll={false}
              aria-current={one === tab ? 'page' : undefined}
              className={cx(
                'flex min-h-11 items-center rounded-full px-4 text-[15px] font-medium whitespace-nowrap',
                one === tab ? 'bg-ink text-on-ink' : 'text-ink-2 hover:bg-surface',
              )}
            >
              {t(`orders.tab.${one}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const OrderCard = ({ order }: { order: OrderSummary }) => {
  const { t, exact, near } = useText()
  const { id, number, lines, quantity, total, createdAt, payBefore, actions } = order
  const payable = actions.some(({ name }) => name === 'pay')
  return (
    <article className="relative rounded-band bg-surface p-5 md:p-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="text-[15px] font-medium">
          <Link to="/orders/$id" params={{ id }} className="after:absolute after:inset-0 after:rounded-band">
            {t('order.number', { number })}
          </Link>
        </h2>
        <OrderStatus order={order} />
      </div>
      <p className="text-small text-ink-3">{createdAt && <time dateTime={createdAt}>{near(createdAt)}</time>}</p>
      <div className="mt-4 flex items-end justify-between gap-4">
        <div className="flex min-w-0 gap-2">
          {lines.slice(0, 4).map(({ skuId, image }) => (
            <LinePicture key={skuId} image={image} className="size-14 bg-sunken md:size-18" />
          ))}
        </div>
        <div className="shrink-0 text-right">
          <p className="text-price-card">{total && exact(total)}</p>
          <p className="text-small text-ink-2">{t('line.count', { count: quantity })}</p>
        </div>
      </div>
      {payable && (
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
          <p className="text-small text-ink-2">
            {payBefore && (
              <>
                {t('pay.left')} <Countdown until={payBefore} now={serverNow} className="font-semibold text-ink" />
              </>
            )}
          </p>
          <ButtonLink to="/pay/$orderId" params={{ orderId: id }} size="small" className="relative z-10">
            {t('orders.pay')}
          </ButtonLink>
        </div>
      )}
    </article>
  )
}

const Orders = ({ tab }: { tab: Tab }) => {
  const { t } = useText()
  const list = useInfiniteQuery(ordersQuery(tabs[tab]))
  const orders = list.data?.pages.flatMap((page) => page.orders) ?? []
  if (!list.data)
    return list.error ? (
      <ProblemBlock error={list.error} onRetry={list.refetch} />
    ) : (
      <div className="skeleton h-44 rounded-band!" />
    )
  if (orders.length === 0)
    return (
      <EmptyState
        picture={noOrders}
        title={tab === 'all' ? t('orders.empty') : t('orders.emptyTab')}
        action={<ButtonLink to="/">{t('bag.shop')}</ButtonLink>}
      />
    )
  return (
    <>
      <ul className="space-y-4">
        {orders.map((order) => (
          <li key={order.id}>
            <OrderCard order={order} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <p className="mt-8 text-center">
          <Button look="line" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {t('browse.more')}
          </Button>
        </p>
      )}
    </>
  )
}

export const OrdersScreen = ({ tab = 'all' }: { tab?: Tab }) => {
  const { t } = useText()
  return (
    <SignedIn title={t('nav.orders')} why={t('orders.why')}>
      <div className="container-page pt-6 md:pt-8">
        <div className="mx-auto max-w-200">
          <PageTitle title={t('nav.orders')} />
          <Tabs tab={tab} />
          <div className="mt-6">
            <Orders tab={tab} />
          </div>
        </div>
      </div>
    </SignedIn>
  )
}
