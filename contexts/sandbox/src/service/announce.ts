import { newId } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { type Announcement, resendAfterMs } from '../domain.ts'
import type { ChargeRow, RefundRow } from '../store.ts'

/** How a timer names the message it sends. */
export const callbackTimer = 'sandbox.callback'

const bodyOf = (told: Announcement, now: Date, charge: ChargeRow, refund: RefundRow | undefined): string =>
  JSON.stringify({
    eventId: `evt_${newId()}`,
    type: told.type,
    paymentId: charge.payment_id,
    channelReference: refund?.channel_reference ?? charge.channel_reference,
    ...(refund ? { refundId: refund.refund_id } : {}),
    amount: told.amount,
    occurredAt: new Date(now.getTime() + told.occurredMs).toISOString(),
  })

/**
 * Writes the messages of a decision beside it, each with its timer, and answers the ids of those that may be sent as
 * soon as this transaction is committed. Their timers come one resend later, in case the process dies before.
 */
export const announce = async (
  { clock, store }: Pick<Deps, 'clock' | 'store'>,
  tx: Tx,
  charge: ChargeRow,
  announcements: readonly Announcement[],
  refund?: RefundRow,
): Promise<string[]> => {
  const now = clock.now()
  const soon: string[] = []
  for (const told of announcements) {
    const body = bodyOf(told, now, charge, refund)
    const callbacks = Array.from({ length: told.copies }, () => ({ id: newId(), body }))
    await store.insertCallbacks(tx, charge.payment_id, charge.callback_url, callbacks)
    const waitMs = told.afterMs || resendAfterMs(1)
    for (const { id } of callbacks)
      await tx.schedule({ kind: callbackTimer, aggregateId: id, dueAt: new Date(now.getTime() + waitMs) })
    if (told.afterMs === 0) soon.push(...callbacks.map(({ id }) => id))
  }
  return soon
}
