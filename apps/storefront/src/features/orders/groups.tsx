import type { Order, OrderLine } from '@souk/contract/order'
import { Link } from '@tanstack/react-router'
import { LinePicture } from '../../parts/line-picture.tsx'
import { optionsText } from '../../parts/options-text.ts'
import { useText } from '../../parts/use-text.ts'

const Line = ({ line }: { line: OrderLine }) => {
  const { t, exact } = useText()
  const { slug, code, name, options, image, quantity, unitPrice, total } = line
  return (
    <li className="flex gap-4 py-4">
      <LinePicture image={image} className="size-18 md:size-20" />
      <div className="min-w-0 flex-1">
        <Link to="/p/$slug" params={{ slug }} search={{ sku: code }} className="font-medium hover:underline">
          {name}
        </Link>
        <p className="text-small text-ink-2">{optionsText(options)}</p>
        <p className="text-small text-ink-2 tabular-nums">
          {unitPrice && t('drawer.line', { count: quantity, price: exact(unitPrice) })}
        </p>
      </div>
      <p className="font-medium tabular-nums">{total && exact(total)}</p>
    </li>
  )
}

const shipments = new Set([
  'CREATED',
  'LABELLED',
  'PICKED_UP',
  'IN_TRANSIT',
  'DELIVERED',
  'REFUSED',
  'LOST',
  'RETURNED',
  'VOIDED',
])

/** The parcels of an order; one parcel needs no number. */
export const Groups = ({ order }: { order: Order }) => {
  const { t } = useText()
  const groups = order.groups.length > 0 ? order.groups : [{ id: order.id, lines: order.lines, status: '' }]
  return (
    <div className="space-y-6">
      {groups.map(({ id, lines, status }, place) => (
        <section key={id} aria-label={t('parcel.number', { number: place + 1, of: groups.length })}>
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line pb-3">
            <h2 className="text-h3">
              {groups.length > 1 ? t('parcel.number', { number: place + 1, of: groups.length }) : t('parcel.one')}
            </h2>
            {shipments.has(status) && <span className="text-small text-ink-2">{t(`parcel.status.${status}`)}</span>}
          </div>
          <ul className="divide-y divide-line">
            {lines.map((line) => (
              <Line key={line.skuId} line={line} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
