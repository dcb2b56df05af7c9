import { isId } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { askForMs } from '../domain/backoff.ts'
import { callbackTimerId, timerKinds } from '../domain/timer-kinds.ts'
import type { AttemptRow } from '../store/attempts.ts'
import type { CallbackRow } from '../store/callbacks.ts'
import { nextTry } from '../timers.ts'
import { askRefund } from './drive-refund.ts'
import { askChannel } from './reach-channel.ts'

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

/** Nothing is left to do for an event whose payment was not asked about. */
const finish = (deps: Deps, { channel, event_id: eventId }: CallbackRow, outcome: string): Promise<void> =>
  deps.db.tx(async (tx) => {
    await deps.store.callbacks.finish(tx, channel, eventId, outcome)
    await tx.unschedule(timerKinds.callback, callbackTimerId(channel, eventId))
  })

/**
 * Applies a kept event, which is only a hint where to look: what counts is what the channel answers when asked. Throws
 * when it does not answer; then the event's timer comes again.
 */
export const applyCallback =
  (deps: Deps) =>
  async (event: CallbackRow, payment: AttemptRow | undefined, tries: number, call: Call): Promise<void> => {
    if (!payment) return later(deps, event, tries)
    const { channel, event_id: eventId, type } = event
    if (payment.method !== channel) return finish(deps, event, 'OTHER_CHANNEL')
    if (type.startsWith('payment.')) {
      await askChannel(deps)(payment, call, { event: { channel, eventId } })
      return
    }
    if (!type.startsWith('refund.')) return finish(deps, event, 'IGNORED')
    const sent = await deps.store.refunds.sentOf(deps.db, payment.id)
    for (const refund of sent) await askRefund(deps)(refund, call)
    await finish(deps, event, `REFUNDS ${sent.length}`)
  }

/** The same when the event's timer comes. */
export const processCallback =
  (deps: Deps) =>
  async (channel: string, eventId: string, tries: number, call: Call): Promise<void> => {
    const event = await deps.store.callbacks.find(deps.db, channel, eventId)
    if (!event || event.processed_at) return
    const payment = isId(event.payment_id) ? await deps.store.attempts.find(deps.db, event.payment_id) : undefined
    await applyCallback(deps)(event, payment, tries, call)
  }
