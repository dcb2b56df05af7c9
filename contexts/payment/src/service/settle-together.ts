import type { Payment } from '@souk/contract/payment'
import { Fault } from '@souk/kernel'
import { type Call, createBatcher, currentTraceparent, type Publish, type Tx, userId, withTrace } from '@souk/platform'
import type { Besides, Core, Settle, Settled } from '../deps.ts'
import { type AttemptStep, decideAttempt } from '../domain/attempt.ts'
import * as ledger from '../domain/ledger.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import type { ChannelWord, Lost } from '../domain/words.ts'
import { noSuchPayment } from '../faults.ts'
import { type AttemptRow, kept, type Locked, moneyOf } from '../store/attempts.ts'
import type { Change } from '../store/settling.ts'
import { toPayment } from '../store/views.ts'
import { nextTry } from '../timers.ts'
import { settleAttempt } from './settle-attempt.ts'

type Item = Besides & { paymentId: string; word: ChannelWord | Lost; traceparent: string }

/** A change of many, and what is said about it. */
type Simple = { change: Change; fact: Publish | undefined }

/** A word that came from a channel is applied however long its caller wanted to wait. */
const settleWithinMs = 10_000

const waiting = (core: Core, from: AttemptRow, step: Extract<AttemptStep, { do: 'wait' }>): Simple => {
  const tells = core.channels.get(from.method)?.remote === false && from.status === 'INITIATED'
  const { path, redirectUrl, reference } = step
  return {
    change: { from, path, cause: 'channel', facts: tells ? 1 : 0, redirectUrl, reference, entry: undefined },
    fact: tells
      ? {
          type: 'payment.DeliveryPaymentChosen',
          aggregateId: from.id,
          aggregateVersion: from.version + 1,
          payload: { paymentId: from.id, orderId: from.order_id },
        }
      : undefined,
  }
}

const capturing = (core: Core, from: AttemptRow, step: Extract<AttemptStep, { do: 'capture' }>): Simple => {
  const { id: paymentId, order_id: orderId, method } = from
  const amount = moneyOf(from)
  const clearing = core.channels.get(method)?.clearing ?? 'psp_clearing'
  const entry = amount.amount > 0 ? ledger.captured(paymentId, clearing, amount) : undefined
  return {
    change: { from, path: step.path, cause: 'capture', facts: 1, redirectUrl: '', reference: step.reference, entry },
    fact: {
      type: 'payment.PaymentSucceeded',
      aggregateId: paymentId,
      aggregateVersion: from.version + 1,
      payload: { paymentId, orderId, amount, method },
    },
  }
}

/** The step as a change that concerns nothing but its attempt; undefined when it concerns more, or nothing at all. */
const simple = (core: Core, { orders, attempts }: Locked, from: AttemptRow, step: AttemptStep): Simple | undefined => {
  if (step.do === 'wait') return waiting(core, from, step)
  if (step.do !== 'capture') return undefined
  const standing = orders.find(({ order_id: id }) => id === from.order_id)?.standing
  const extra = attempts.some((other) => other.order_id === from.order_id && other.id !== from.id && kept(other) > 0)
  return standing === 'OPEN' && !extra ? capturing(core, from, step) : undefined
}

/** What the buyer is answered about an attempt that was only just opened: there is no refund of it, and no failure. */
const replyTo = ({ from, path, redirectUrl }: Change, call: Call): Payment | undefined =>
  from.status === 'INITIATED' && from.buyer_id === userId(call)
    ? toPayment({ ...from, status: path.at(-1) ?? from.status, redirect_url: redirectUrl, failure: '', refunds: [] })
    : undefined

/** One item's outcome; a change is still to be written. */
type Judged = { item: Item; settled: Settled | Fault; change?: Change }

const judge = async (core: Core, tx: Tx, locked: Locked, item: Item, alone: boolean): Promise<Judged> => {
  const from = locked.attempts.find(({ id }) => id === item.paymentId)
  const order = from && locked.orders.find(({ order_id: id }) => id === from.order_id)
  if (!order) return { item, settled: noSuchPayment() }
  if (!alone) return { item, settled: { done: await settleAttempt(core, tx, order, item.paymentId, item.word) } }
  const step = decideAttempt({ status: from.status, amount: moneyOf(from) }, item.word)
  const found = simple(core, locked, from, step)
  if (!found && step.do !== 'nothing' && step.do !== 'recreate')
    return { item, settled: { done: await settleAttempt(core, tx, order, item.paymentId, item.word) } }
  const { change, fact } = found ?? {}
  if (fact) tx.publish(fact)
  const reply = change && step.do === 'wait' && item.answers ? replyTo(change, item.answers) : undefined
  return { item, settled: { done: step.do, reply }, ...(change ? { change } : {}) }
}

/** Attempts that are asked about again, and those that need not be; a new one has its timer from its opening. */
const timersOf = (core: Core, changes: readonly Change[]) => {
  const asked = Map.groupBy(changes, ({ from, path }) => {
    if (path.at(-1) !== 'PROCESSING' || core.channels.get(from.method)?.remote === false) return 'calm'
    return from.status === 'INITIATED' ? 'later' : 'soon'
  })
  return {
    schedule: (asked.get('soon') ?? []).map(({ from }) => nextTry(core, timerKinds.query, from.id, 0)),
    calm: (asked.get('calm') ?? []).map(({ from }) => from.id),
  }
}

const finishedEvents = (judged: readonly Judged[]) =>
  judged.flatMap(({ item: { event }, settled }) =>
    event && !(settled instanceof Fault) && settled.done !== 'recreate' ? { ...event, outcome: settled.done } : [],
  )

/**
 * Judges the words on attempts of orders that are locked and writes what comes of them. What concerns more than its own
 * attempt, and orders that are spoken of twice, take their turns one after another in the same transaction.
 */
const settleAll = async (core: Core, tx: Tx, items: readonly Item[]): Promise<(Settled | Fault)[]> => {
  const { attempts, settling } = core.store
  const locked = await attempts.lockOrdersOf(
    tx,
    items.map(({ paymentId }) => paymentId),
  )
  const orderOf = new Map(locked.attempts.map((attempt) => [attempt.id, attempt.order_id]))
  const spoken = Map.groupBy(items, ({ paymentId }) => orderOf.get(paymentId))
  const judged: Judged[] = []
  for (const item of items) {
    const alone = spoken.get(orderOf.get(item.paymentId))?.length === 1
    judged.push(await withTrace(item.traceparent, () => judge(core, tx, locked, item, alone)))
  }
  const changes = judged.flatMap(({ change }) => change ?? [])
  const events = finishedEvents(judged)
  const replies = judged.flatMap(({ item: { answers: call }, settled }) =>
    call && !(settled instanceof Fault) && settled.reply ? { call, reply: settled.reply } : [],
  )
  if (changes.length + events.length > 0)
    settling.write(tx, { changes, events, ...timersOf(core, changes), replies: core.keys.finishCte(replies) })
  const captured = changes.filter(({ path }) => path.at(-1) === 'CAPTURED')
  for (const { from } of captured) core.metrics.count('payments_captured', { method: from.method })
  if (captured.length > 0) await core.failpoint('payment.capture.beforeCommit')
  return judged.map(({ settled }) => settled)
}

/** Words that arrive at the same time share a transaction. */
export const createSettle = (core: Core): Settle => {
  const words = createBatcher<Item, Settled>({
    name: 'payment.settle',
    run: (items) => core.db.tx((tx) => settleAll(core, tx, items)),
  })
  return async (paymentId, word, besides = {}) => {
    const item = { ...besides, paymentId, word, traceparent: currentTraceparent() }
    const settled = await words.add(item, Date.now() + settleWithinMs)
    if (settled.done === 'capture') await core.failpoint('payment.capture.afterCommit')
    return settled
  }
}
