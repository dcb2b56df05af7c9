import type { Order } from '@souk/contract/order'
import type { Payment, PaymentMethod } from '@souk/contract/payment'
import { Countdown, useIntent } from '@souk/ui'
import { useQuery } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { Banknote, CreditCard } from 'lucide-react'
import { useState } from 'react'
import { createPayment, methodsQuery, orderQuery } from '../../data/orders.ts'
import { Button } from '../../parts/button.tsx'
import { cx } from '../../parts/cx.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { SignedIn } from '../../parts/signed-in.tsx'
import { useOnline } from '../../parts/use-online.ts'
import { useText } from '../../parts/use-text.ts'
import { queryClient } from '../../query-client.ts'
import { serverNow } from '../../session/connection.ts'
import { isWebAddress, outcomeOf } from './outcome.ts'

type MethodsProps = { methods: readonly PaymentMethod[]; chosen: string | undefined; onChoose: (id: string) => void }

const Methods = ({ methods, chosen, onChoose }: MethodsProps) => {
  const { t } = useText()
  return (
    <fieldset className="space-y-3">
      <legend className="text-h3 mb-4">{t('pay.methods')}</legend>
      {methods.map(({ id, name, available, reason }) => {
        const Icon = id === 'pay_on_delivery' ? Banknote : CreditCard
        return (
          <label
            key={id}
            className={cx(
              'flex items-center gap-4 rounded-card border p-4 md:p-5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink',
              id === chosen ? 'border-ink ring-1 ring-ink' : 'border-line',
              available ? 'hover:border-line-strong' : 'text-ink-3',
            )}
          >
            <input
              type="radio"
              name="method"
              className="size-4"
              checked={id === chosen}
              disabled={!available}
              onChange={() => onChoose(id)}
            />
            <Icon size={22} aria-hidden className="shrink-0" />
            <span className="min-w-0">
              <span className="block font-medium">{name || id}</span>
              {!available && reason && <span className="block text-small">{reason}</span>}
              {id === 'sandbox' && <span className="block text-small text-ink-2">{t('pay.sandbox')}</span>}
              {id === 'pay_on_delivery' && <span className="block text-small text-ink-2">{t('pay.onDelivery')}</span>}
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}

const Due = ({ order }: { order: Order }) => {
  const { t, exact } = useText()
  return (
    <div className="mt-5 flex flex-wrap items-end justify-between gap-4 rounded-band bg-surface p-6 md:p-8">
      <div>
        <p className="text-small text-ink-2">{t('order.number', { number: order.number })}</p>
        <p
          data-testid="total"
          className="mt-1 font-display text-[40px] leading-none font-semibold tracking-tight tabular-nums"
        >
          {order.total && exact(order.total)}
        </p>
      </div>
      {order.payBefore && (
        <p className="text-small text-ink-2 md:text-right">
          {t('pay.left')}
          <Countdown
            until={order.payBefore}
            now={serverNow}
            className="block text-price text-ink"
            onEnd={() => void queryClient.invalidateQueries({ queryKey: orderQuery(order.id).queryKey })}
          />
        </p>
      )}
    </div>
  )
}

/** Starts an attempt and sends the buyer to its channel; one key however often it is pressed. */
const usePay = (orderId: string) => {
  const navigate = useNavigate()
  const { send, ...intent } = useIntent<Payment>(`pay.${orderId}`)
  const pay = async (method: string) => {
    const payment = await send({ orderId, method }, (key) => createPayment(orderId, method, key))
    if (!payment) return
    await queryClient.invalidateQueries({ queryKey: ['orders'] })
    if (isWebAddress(payment.redirectUrl)) location.assign(payment.redirectUrl)
    else await navigate({ to: '/pay/$orderId/return', params: { orderId }, replace: true })
  }
  return { ...intent, pay }
}

const Pay = ({ order }: { order: Order }) => {
  const { t, locale, money } = useText()
  const online = useOnline()
  const { data: methods, error, refetch } = useQuery(methodsQuery(locale))
  const [picked, setPicked] = useState<string>()
  const intent = usePay(order.id)
  const method = picked ?? methods?.find(({ available }) => available)?.id
  const sum = order.total ? money(order.total) : ''
  return (
    <div className="mx-auto w-full max-w-140">
      <PageTitle title={t('pay.title')} />
      <Due order={order} />
      <div className="mt-8 space-y-6">
        {error && !methods && <ProblemBlock error={error} onRetry={refetch} />}
        {methods && <Methods methods={methods} chosen={method} onChoose={setPicked} />}
        {intent.error !== undefined && (
          <ProblemBlock error={intent.error} title={intent.unsure ? t('pay.unsure') : undefined} />
        )}
        <Button
          data-testid="pay"
          size="large"
          wide
          busy={intent.pending}
          disabled={method === undefined || !online}
          onClick={() => method && void intent.pay(method)}
        >
          {method === 'pay_on_delivery' ? t('pay.confirmDelivery') : t('pay.now', { total: sum })}
        </Button>
      </div>
    </div>
  )
}

const Cashier = ({ orderId }: { orderId: string }) => {
  const { data, error, refetch } = useQuery({ ...orderQuery(orderId), refetchInterval: 15_000 })
  if (!data?.order)
    return error ? (
      <ProblemBlock error={error} onRetry={refetch} />
    ) : (
      <div className="skeleton mx-auto h-80 max-w-140 rounded-band!" />
    )
  const outcome = outcomeOf(data)
  const payable = data.order.actions.some(({ name }) => name === 'pay')
  // Another tab may have paid or the time may be over: the return page knows what to say.
  if (!payable || outcome === 'paid' || outcome === 'accepted')
    return <Navigate to="/pay/$orderId/return" params={{ orderId }} replace />
  return <Pay order={data.order} />
}

/** Chooses how an order is paid. */
export const CashierScreen = ({ orderId }: { orderId: string }) => {
  const { t } = useText()
  return (
    <SignedIn title={t('pay.title')} why={t('orders.why')}>
      <div className="container-page pt-6 md:pt-10">
        <Cashier orderId={orderId} />
      </div>
    </SignedIn>
  )
}
