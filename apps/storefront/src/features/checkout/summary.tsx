import type { Preparation } from '@souk/contract/order'
import { Countdown } from '@souk/ui'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Problem } from '../../api.ts'
import { cartQuery } from '../../data/cart.ts'
import { Button } from '../../parts/button.tsx'
import { LinePicture } from '../../parts/line-picture.tsx'
import { optionsText } from '../../parts/options-text.ts'
import { Totals } from '../../parts/totals.tsx'
import { useOnline } from '../../parts/use-online.ts'
import { useText } from '../../parts/use-text.ts'
import { serverNow } from '../../session/connection.ts'
import { pendingOrder } from './pending-order.ts'
import { ChangedTotal, CheckoutProblem } from './problems.tsx'
import { firstQuoteQuery } from './queries.ts'
import type { usePlace } from './use-place.ts'
import { usePreparation } from './use-preparation.ts'
import type { Wanted } from './wanted.ts'

type Line = {
  skuId: string
  name: string
  options: Record<string, string>
  image: string
  quantity: number
  total: Preparation['total']
}

const Lines = ({ lines }: { lines: readonly Line[] }) => {
  const { t, money } = useText()
  return (
    <ul className="mb-5 space-y-4">
      {lines.map(({ skuId, name, options, image, quantity, total }) => (
        <li key={skuId} className="flex gap-4">
          <LinePicture image={image} className="size-16" />
          <div className="min-w-0 flex-1">
            <p className="leading-snug font-medium">{name}</p>
            <p className="text-small text-ink-2">{optionsText(options)}</p>
            <p className="text-small text-ink-2">{t('line.count', { count: quantity })}</p>
          </div>
          <p className="tabular-nums">{total && money(total)}</p>
        </li>
      ))}
    </ul>
  )
}

/** Milliseconds before its end at which the hold is mentioned. */
const mentionMs = 120_000

/** Only mentioned when it matters. */
const Hold = ({ until }: { until: string }) => {
  const { t } = useText()
  const [near, setNear] = useState(false)
  useEffect(() => {
    const left = Date.parse(until) - serverNow() - mentionMs
    setNear(left <= 0)
    const timer = setTimeout(() => setNear(true), Math.max(0, left))
    return () => clearTimeout(timer)
  }, [until])
  if (!near) return null
  return (
    <p className="mt-3 text-center text-small text-ink-2">
      {t('checkout.held')} <Countdown until={until} now={serverNow} className="font-semibold text-ink" />
    </p>
  )
}

type SummaryProps = {
  wanted: Wanted
  addressId: string | undefined
  note: string
  placing: ReturnType<typeof usePlace>
}

/** Refusals after which the preparation is worth nothing. */
const outdated = new Set(['PREPARATION_EXPIRED', 'PRICE_CHANGED', 'OUT_OF_STOCK', 'NOT_BUYABLE'])

/** Lines and sums: from the quote until the address is known, then from the preparation only. */
const useSums = (props: SummaryProps) => {
  const { locale } = useText()
  const { wanted, addressId, note, placing } = props
  // While an order's fate is open, preparing anew could lead to a second one.
  const free = !placing.pending && !placing.unsure
  const prepared = usePreparation({ wanted, addressId, note, enabled: free })
  const cart = useQuery(cartQuery(locale))
  const quote = useQuery({
    ...firstQuoteQuery(wanted, cart.data?.version ?? 0, locale),
    enabled: addressId === undefined && free && cart.data !== undefined,
  })
  const { refetch } = prepared.query
  const { error } = placing
  useEffect(() => {
    if (error instanceof Problem && outdated.has(error.code)) void refetch()
  }, [error, refetch])
  const quoted = quote.data?.lines.map(({ product, ...line }) => ({
    ...line,
    name: product?.name ?? '',
    options: product?.options ?? {},
    image: product?.image ?? '',
  }))
  return { prepared, lines: prepared.preparation?.lines ?? quoted ?? [], sums: prepared.preparation ?? quote.data }
}

type PlaceBarProps = SummaryProps & { prepared: ReturnType<typeof usePreparation>; onPlace: () => void }

/** The button with the sum; on phones it stays at the bottom of the screen. */
const PlaceBar = ({ addressId, placing, prepared, onPlace }: PlaceBarProps) => {
  const { t, money } = useText()
  const online = useOnline()
  const { preparation, query, before, settled } = prepared
  const ready = placing.unsure || (preparation?.total !== undefined && settled && !before && !query.isFetching)
  const text = (): string => {
    if (placing.unsure) return t('checkout.again')
    return preparation?.total ? t('checkout.placeFor', { total: money(preparation.total) }) : t('checkout.place')
  }
  return (
    <div
      data-own-bar
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-canvas px-4 pt-3 pb-[calc(12px+env(safe-area-inset-bottom))] lg:static lg:mt-6 lg:border-0 lg:bg-transparent lg:p-0"
    >
      <Button
        data-testid="place-order"
        size="large"
        wide
        disabled={!ready || !online}
        busy={placing.pending}
        onClick={onPlace}
      >
        {text()}
      </Button>
      {preparation?.holdExpiresAt && <Hold until={preparation.holdExpiresAt} />}
      {addressId === undefined && (
        <p className="mt-2 text-center text-small text-ink-3">{t('checkout.addressFirst')}</p>
      )}
    </div>
  )
}

export const CheckoutSummary = (props: SummaryProps) => {
  const { t } = useText()
  const { placing } = props
  const { prepared, lines, sums } = useSums(props)
  const { preparation, query, before } = prepared
  const place = () => {
    // Asking about the same order again, not about a newer preparation of it.
    const open = placing.unsure ? pendingOrder() : undefined
    if (open) void placing.place(open)
    else if (preparation?.total)
      void placing.place({ preparationId: preparation.preparationId, expectedTotal: preparation.total })
  }
  return (
    <aside aria-label={t('totals.heading')} className="h-fit rounded-band bg-surface p-6 md:p-8 lg:sticky lg:top-22">
      <h2 className="text-h3 mb-5">{t('totals.heading')}</h2>
      <Lines lines={lines} />
      <Totals sums={sums} busy={query.isFetching} />
      <div className="mt-5 space-y-4">
        {before && preparation?.total && (
          <ChangedTotal before={before} now={preparation.total} onAccept={prepared.accept} />
        )}
        <CheckoutProblem
          error={query.error ?? placing.error}
          unsure={placing.unsure}
          onRetry={query.error ? query.refetch : place}
          lines={lines}
        />
      </div>
      <PlaceBar {...props} prepared={prepared} onPlace={place} />
    </aside>
  )
}
