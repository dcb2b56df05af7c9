import type { CallbackAnswer, CallbackRequest, ChannelCallbackRequest } from '@souk/contract/payment'
import { errorText, systemCall } from '@souk/platform'
import type { Channel } from '../channel.ts'
import type { Deps } from '../deps.ts'
import { type CallbackEvent, parseCallback } from '../domain/callback.ts'
import { malformedEvent, noSuchChannel, otherPayment, signatureRefused } from '../faults.ts'
import { nextTry, timerKinds } from '../timers.ts'
import { callbackTimerId, processCallback } from './process-callback.ts'

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

/** Keeps the event with its timer in one transaction; only then may the channel be answered. False: it is known. */
const keep = async (deps: Deps, channel: string, event: CallbackEvent, raw: Uint8Array): Promise<boolean> => {
  const fresh = await deps.db.tx(async (tx) => {
    const inserted = await deps.store.callbacks.insert(tx, channel, event, raw)
    if (inserted) await tx.schedule(nextTry(deps, timerKinds.callback, callbackTimerId(channel, event.eventId), 0))
    await deps.failpoint('payment.callback.beforeCommit')
    return inserted
  })
  await deps.failpoint('payment.callback.afterCommit')
  deps.metrics.count('payment_callbacks', { known: String(!fresh) })
  return fresh
}

const receive = async (
  deps: Deps,
  candidates: readonly Channel[],
  { rawBody, signature }: { rawBody: Uint8Array; signature: string },
  paymentId: string | undefined,
): Promise<CallbackAnswer> => {
  const channel = verified(deps, candidates, rawBody, signature)
  const event = parseCallback(textOf(rawBody))
  if (paymentId !== undefined && paymentId !== event.paymentId) throw otherPayment()
  if (await keep(deps, channel.id, event, rawBody))
    await processCallback(deps)(
      channel.id,
      event.eventId,
      0,
      systemCall('payment', { deadlineMs: applyWithinMs }),
    ).catch((error) => deps.log.warn('payment callback will be applied later', { error: errorText(error) }))
  return { received: true }
}

const listening = (deps: Deps): Channel[] => [...deps.channels.values()].filter((channel) => channel.verifyCallback)

/** The address of one payment; the path and the body must name the same. */
export const receiveCallback =
  (deps: Deps) =>
  (req: CallbackRequest): Promise<CallbackAnswer> =>
    receive(deps, listening(deps), req, req.id)

/** One address for a whole channel. */
export const receiveChannelCallback =
  (deps: Deps) =>
  async (req: ChannelCallbackRequest): Promise<CallbackAnswer> => {
    const candidates = listening(deps).filter(({ id }) => id === req.channel)
    if (candidates.length === 0) throw noSuchChannel()
    return receive(deps, candidates, req, undefined)
  }
