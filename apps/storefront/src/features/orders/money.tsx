import type { Payment } from '@souk/contract/payment'
import { useText } from '../../parts/use-text.ts'

const methods = new Set(['sandbox', 'pay_on_delivery', 'balance', 'gift_card', 'stripe'])

/** Attempts to pay and what was given back, each with its state. */
export const Payments = ({ payments }: { payments: readonly Payment[] }) => {
  const { t, exact, moment } = useText()
  if (payments.length === 0) return <p className="text-ink-2">{t('order.noPayments')}</p>
  return (
    <ul className="space-y-4">
      {payments.map(({ id, method, status, amount, createdAt, refunds }) => (
        <li key={id}>
          <div className="flex justify-between gap-4">
            <span>{methods.has(method) ? t(`method.${method}`) : method}</span>
            <span className="tabular-nums">{amount && exact(amount)}</span>
          </div>
          <p className="text-small text-ink-3">
            {t(`payment.status.${status}`)}
            {createdAt && ` · ${moment(createdAt)}`}
          </p>
          {refunds.map((refund) => (
            <div key={refund.id} className="mt-2 border-l-2 border-line pl-4">
              <div className="flex justify-between gap-4">
                <span>{t('order.refund')}</span>
                <span className="tabular-nums">{refund.amount && `−${exact(refund.amount)}`}</span>
              </div>
              <p className="text-small text-ink-3">
                {t(`refund.status.${refund.status}`)}
                {refund.createdAt && ` · ${moment(refund.createdAt)}`}
              </p>
            </div>
          ))}
        </li>
      ))}
    </ul>
  )
}
