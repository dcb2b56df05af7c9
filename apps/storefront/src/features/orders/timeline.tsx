import type { TimelineEntry } from '@souk/contract/order'
import { cx } from '../../parts/cx.ts'
import { useText } from '../../parts/use-text.ts'

const known = new Set([
  'PLACED',
  'PAYMENT_OPENED',
  'PAYMENT_FAILED',
  'PAYMENT_RECEIVED',
  'CAPTURE_REQUESTED',
  'PAY_ON_DELIVERY',
  'PAID',
  'ALLOCATED',
  'SHIPPING',
  'PARCEL_SHIPPED',
  'SHIPPED',
  'PARCEL_DELIVERED',
  'DELIVERED',
  'COMPLETED',
  'CANCELLING',
  'CANCELLED',
  'REFUNDED',
])
const actors = new Set(['buyer', 'staff', 'system', 'payment', 'inventory', 'fulfillment'])

/** What happened to an order, newest first, each with who did it. */
export const Timeline = ({ entries }: { entries: readonly TimelineEntry[] }) => {
  const { t, moment } = useText()
  return (
    <ol>
      {[...entries].reverse().map(({ at, event, actor }, place) => (
        <li key={`${at} ${event}`} className="relative flex gap-4 pb-5 last:pb-0">
          <span
            aria-hidden
            className={cx(
              'relative z-10 mt-1.5 size-2.5 shrink-0 rounded-full',
              place === 0 ? 'bg-ink' : 'bg-line-strong',
            )}
          />
          {place < entries.length - 1 && (
            <span aria-hidden className="absolute top-3 bottom-0 left-[4.5px] w-px bg-line" />
          )}
          <div>
            <p className={place === 0 ? 'font-medium' : undefined}>{known.has(event) ? t(`event.${event}`) : event}</p>
            <p className="text-small text-ink-3">
              {at && <time dateTime={at}>{moment(at)}</time>}
              {actors.has(actor) && ` · ${t(`actor.${actor}`)}`}
            </p>
          </div>
        </li>
      ))}
    </ol>
  )
}
