import type { Order, OrderSummary } from '@souk/contract/order'
import { cx } from '../../parts/cx.ts'
import { useText } from '../../parts/use-text.ts'

const tones: Partial<Record<Order['status'], string>> = {
  AWAITING_PAYMENT: 'text-warn',
  PAID: 'text-ok',
  ALLOCATED: 'text-ok',
  SHIPPED: 'text-link',
  DELIVERED: 'text-ok',
  COMPLETED: 'text-ok',
  CANCELLING: 'text-ink-2',
  CANCELLED: 'text-ink-2',
}

/** The state of an order: a dot and a word. */
export const OrderStatus = ({ order }: { order: Pick<OrderSummary, 'status' | 'paymentStatus'> }) => {
  const { t } = useText()
  const { status, paymentStatus } = order
  const refunded = paymentStatus === 'REFUNDED' || paymentStatus === 'PART_REFUNDED'
  return (
    <span
      data-testid="order-status"
      data-status={status}
      data-payment={paymentStatus}
      className={cx('inline-flex items-center gap-2 font-semibold', tones[status])}
    >
      <span aria-hidden className="size-2 rounded-full bg-current" />
      {t(`order.status.${status}`)}
      {refunded && <span className="font-normal text-ink-2">· {t(`order.payment.${paymentStatus}`)}</span>}
    </span>
  )
}
