import type { CallbackAnswer, CallbackRequest, ChannelCallbackRequest } from '@souk/contract/payment'
import { type Call, createBatcher, errorText, systemCall } from '@souk/platform'
import type { Channel } from '../channel.ts'
import type { Deps } from '../deps.ts'
import { parseCallback } from '../domain/callback.ts'
import { callbackTimerId, timerKinds } from '../domain/timer-kinds.ts'
import { malformedEvent, noSuchChannel, otherPayment, signatureRefused } from '../faults.ts'
import type { AttemptRow } from '../store/attempts.ts'
import type { Arrived, CallbackRow } from '../store/callbacks.ts'
import { nextTry } from '../timers.ts'
import { applyCallback } from './process-callback.ts'

/** The event is applied within the request when that is quick; its timer is the net. */
const applyWithinMs = 1500

const textOf = (raw: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    throw malformedEvent('', 'is not UTF-8')
  }
}

/** The channel whose signature holds. Nothing of a body is read, and nothing kept, before that. */
const verified = (deps: Deps, candidates: readonly Channel[], rawBody: Uint8Array, signature: string): Channel => {
  let reason = 'missing'
  for (const channel of candidates) {
    const problem = channel.verifyCallback?.(rawBody, signature, deps.clock.now())
    if (!problem) return channel
    reason = problem
  }
  deps.metrics.count('payment_callbacks_refused', { reason })
  deps.log.warn('payment callback refused', { reason })
  throw signatureRefused()
}

type Kept = { event: CallbackRow; payment: AttemptRow | undefined }

/** Events that arrive at the same time are kept together; undefined for one that is known. */
const createKeep = (deps: Deps) =>
  createBatcher<Arrived, Kept | undefined>({
    name: 'payment.callbacks',
    bytesOf: ({ raw }) => raw.byteLength,
    run: async (arrived) => {
      const fresh = new Map(arrived.map((one) => [one.timer.aggregateId, one]))
      await deps.failpoint('payment.callback.beforeCommit')
      const rows = await deps.store.callbacks.keep(deps.db, [...fresh.values()])
      const kept = new Map(rows.map((row) => [callbackTimerId(row.channel, row.event_id), row]))
      return arrived.map((one) => {
        const row = fresh.get(one.timer.aggregateId) === one ? kept.get(one.timer.aggregateId) : undefined
        return row && { event: row, payment: row.id === null ? undefined : row }
      })
    },
  })

/** An event is kept with its timer before the channel is answered, then applied at once when that is quick. */
const createReceive = (deps: Deps) => {
  const keep = createKeep(deps)
  return async (
    candidates: readonly Channel[],
    { rawBody: raw, signature }: { rawBody: Uint8Array; signature: string },
    paymentId: string | undefined,
    deadline: number,
  ): Promise<CallbackAnswer> => {
    const { id: channel } = verified(deps, candidates, raw, signature)
    const event = parseCallback(textOf(raw))
    if (paymentId !== undefined && paymentId !== event.paymentId) throw otherPayment()
    const timer = nextTry(deps, timerKinds.callback, callbackTimerId(channel, event.eventId), 0)
    const kept = await keep.add({ channel, event, raw, timer }, deadline)
    await deps.failpoint('payment.callback.afterCommit')
    deps.metrics.count('payment_callbacks', { known: String(!kept) })
    if (kept)
      await applyCallback(deps)(
        kept.event,
        kept.payment,
        0,
        systemCall('payment', { deadlineMs: applyWithinMs }),
      ).catch((error) => deps.log.warn('payment callback will be applied later', { error: errorText(error) }))
    return { received: true }
  }
}

const listening = (deps: Deps): Channel[] => [...deps.channels.values()].filter((channel) => channel.verifyCallback)

/** The address of one payment, where the path and the body must name the same, and one address for a whole channel. */
export const receiveCallbacks = (deps: Deps) => {
  const receive = createReceive(deps)
  return {
    receiveCallback: (req: CallbackRequest, call: Call): Promise<CallbackAnswer> =>
      receive(listening(deps), req, req.id, call.deadline),

    receiveChannelCallback: async (req: ChannelCallbackRequest, call: Call): Promise<CallbackAnswer> => {
      const candidates = listening(deps).filter(({ id }) => id === req.channel)
      if (candidates.length === 0) throw noSuchChannel()
      return receive(candidates, req, undefined, call.deadline)
    },
  }
}
