import type { Order } from '@souk/contract/order'
import { useIntent } from '@souk/ui'
import { useState } from 'react'
import { cancelOrder } from '../../data/orders.ts'
import { toast } from '../../parts/announce.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemBlock } from '../../parts/problem.tsx'
import { useText } from '../../parts/use-text.ts'
import { queryClient } from '../../query-client.ts'

const reasons = ['mind', 'address', 'wrong', 'slow'] as const
type Reason = (typeof reasons)[number]

const Reasons = ({ chosen, onChoose }: { chosen: Reason; onChoose: (reason: Reason) => void }) => {
  const { t } = useText()
  return (
    <fieldset className="mb-5">
      <legend className="mb-1 text-small font-medium">{t('cancel.why')}</legend>
      {reasons.map((one) => (
        <label key={one} className="flex min-h-11 items-center gap-3">
          <input
            type="radio"
            name="reason"
            className="size-4"
            checked={one === chosen}
            onChange={() => onChoose(one)}
          />
          {t(`cancel.reason.${one}`)}
        </label>
      ))}
    </fieldset>
  )
}

type CancelDialogProps = { order: Order; onClose: () => void }

/** Asks why and says what cancelling means for the money. */
export const CancelDialog = ({ order, onClose }: CancelDialogProps) => {
  const { t } = useText()
  const [reason, setReason] = useState<Reason>('mind')
  const { send, pending, error } = useIntent<Order>(`cancel.${order.id}`)
  const cancel = async () => {
    const words = t(`cancel.reason.${reason}`)
    const answer = await send({ id: order.id, reason: words }, (key) => cancelOrder(order.id, words, key))
    await queryClient.invalidateQueries({ queryKey: ['orders'] })
    if (!answer) return
    toast(t(answer.status === 'CANCELLED' ? 'cancel.done' : 'cancel.begun'))
    onClose()
  }
  const meaning = order.paymentStatus === 'PAID' ? 'cancel.paid' : 'cancel.unpaid'
  return (
    <Dialog open onClose={onClose} title={t('cancel.title', { number: order.number })} description={t(meaning)}>
      <Reasons chosen={reason} onChoose={setReason} />
      {error !== undefined && (
        <div className="mb-4">
          <ProblemBlock error={error} />
        </div>
      )}
      <div className="flex flex-col gap-3 sm:flex-row-reverse">
        <Button look="danger" busy={pending} onClick={() => void cancel()}>
          {t('cancel.confirm')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t('cancel.keep')}
        </Button>
      </div>
    </Dialog>
  )
}
