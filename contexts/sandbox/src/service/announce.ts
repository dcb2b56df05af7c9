import { type Clock, newId } from '@souk/kernel'
import { type Announcement, answerWithinMs, resendAfterMs } from '../domain.ts'
import type { ChargeRow, NewCallback, RefundRow } from '../store.ts'

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
 * The messages of a decision, to be written beside it. Those to be sent as soon as that is committed (`sentSoon`) count
 * their first try already; their timers come when that try should have been answered, in case the process dies before.
 */
export const announce = (
  clock: Clock,
  charge: ChargeRow,
  announcements: readonly Announcement[],
  refund?: RefundRow,
): NewCallback[] => {
  const now = clock.now()
  return announcements.flatMap((told) => {
    const body = bodyOf(told, now, charge, refund)
    const waitMs = told.afterMs || answerWithinMs + resendAfterMs(1)
    return Array.from({ length: told.copies }, () => ({
      id: newId(),
      payment_id: charge.payment_id,
      url: charge.callback_url,
      body,
      attempts: told.afterMs === 0 ? 1 : 0,
      created_at: now,
      dueAt: new Date(now.getTime() + waitMs),
    }))
  })
}

/** What of it goes out at once. */
export const sentSoon = (callbacks: readonly NewCallback[]): NewCallback[] =>
  callbacks.filter(({ attempts }) => attempts > 0)
