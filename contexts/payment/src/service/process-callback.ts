import { isId } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { askForMs } from '../domain/backoff.ts'
import type { AttemptRow } from '../store/attempts.ts'
import type { CallbackRow } from '../store/callbacks.ts'
import { nextTry, timerKinds } from '../timers.ts'
import { askRefund } from './drive-refund.ts'
import { askChannel } from './reach-channel.ts'

/** Both parts of an event's key in one timer id; channel ids have no slash. */
export const callbackTimerId = (channel: string, eventId: string): string => `${channel}/${eventId}`

/** The payment may be written by a request that is still under way, or never have existed: asked again for 72 h. */
const later = (deps: Deps, event: CallbackRow, tries: number): Promise<void> =>
  deps.db.tx(async (tx) => {
    const { channel, event_id: eventId } = event
    if (deps.clock.now().getTime() - event.received_at.getTime() < askForMs)
      return tx.schedule(nextTry(deps, timerKinds.callback, callbackTimerId(channel, eventId), tries + 1))
    const subject = callbackTimerId(channel, eventId)
    await deps.store.cases.open(tx, {
      kind: 'CALLBACK_UNKNOWN_PAYMENT',
      subject,
      orderId: '',
      detail: event.payment_id,
    })
    await deps.store.callbacks.finish(tx, channel, eventId, 'UNKNOWN_PAYMENT')
  })

/** An event is only a hint where to look: what counts is what the channel answers when asked. */
const apply = async (deps: Deps, event: CallbackRow, payment: AttemptRow, call: Call): Promise<string> => {
  if (payment.method !== event.channel) return 'OTHER_CHANNEL'
  if (event.type.startsWith('refund.')) {
    const sent = await deps.store.refunds.sentOf(deps.db, payment.id)
    for (const refund of sent) await askRefund(deps)(refund, call)
    return `REFUNDS ${sent.length}`
  }
  return event.type.startsWith('payment.') ? askChannel(deps)(payment, call) : 'IGNORED'
}

/** Applies a kept event. Throws when the channel does not answer; then its timer comes again. */
export const processCallback =
  (deps: Deps) =>
  async (channel: string, eventId: string, tries: number, call: Call): Promise<void> => {
    const event = await deps.store.callbacks.find(deps.db, channel, eventId)
    if (!event || event.processed_at) return
    const payment = isId(event.payment_id) ? await deps.store.attempts.find(deps.db, event.payment_id) : undefined
    if (!payment) return later(deps, event, tries)
    const outcome = await apply(deps, event, payment, call)
    await deps.db.tx(async (tx) => {
      await deps.store.callbacks.finish(tx, channel, eventId, outcome)
      await tx.unschedule(timerKinds.callback, callbackTimerId(channel, eventId))
    })
  }
