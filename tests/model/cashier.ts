import type { ChargeStatus } from '@souk/contract/sandbox'
import { faultOf, type Money } from '@souk/kernel'
import { type AttemptStep, isOpen } from '../../contexts/payment/src/domain/attempt.ts'
import { askForMs } from '../../contexts/payment/src/domain/backoff.ts'
import { type CallbackEvent, parseCallback } from '../../contexts/payment/src/domain/callback.ts'
import { timerKinds } from '../../contexts/payment/src/domain/timer-kinds.ts'
import type { ChannelWord, Lost } from '../../contexts/payment/src/domain/words.ts'
import { noSuchPayment, orderNotPayable, paymentUnresolved, stillRunning } from '../../contexts/payment/src/faults.ts'
import { finish, first } from './keys.ts'
import { beginPayment } from './order.ts'
import {
  attemptsOf,
  captureNothing,
  concludeOrder,
  isRemote,
  kept,
  newAttempt,
  openCase,
  schedule,
  scheduleNow,
  settleAttempt,
  standingOf,
} from './payment.ts'
import { createCharge, getCharge, voidCharge } from './psp.ts'
import { askRefund } from './refunds.ts'
import { isMistake, type Steps } from './steps.ts'
import type { AttemptRow, CallbackRow, ChargeRow } from './tables.ts'
import { ask, type Request, type World } from './world.ts'

/** Payment's verbs that talk to buyers and channels. */

const chargeWord = (charge: ChargeRow): ChannelWord => {
  const waiting: Partial<Record<ChargeStatus, 'OPEN' | 'PENDING'>> = { OPEN: 'OPEN', PENDING: 'PENDING' }
  if (charge.status === 'SUCCEEDED') return { status: 'SUCCEEDED', captured: charge.captured!, reference: 'r' }
  if (charge.status === 'FAILED' || charge.status === 'VOIDED') return { status: charge.status }
  return { status: waiting[charge.status]!, redirectUrl: 'page', reference: 'r' }
}

/** channels/sandbox.ts and channels/pay-on-delivery.ts: some refusals are the channel's word, not an outage. */
function* word(world: World, method: string, verb: 'create' | 'query' | 'void', asking: () => Steps<ChargeRow>) {
  if (!isRemote(method))
    return (
      verb === 'void' ? { status: 'VOIDED' } : { status: 'PENDING', redirectUrl: '', reference: '' }
    ) as ChannelWord
  try {
    return chargeWord(yield* ask(world, 'psp', asking))
  } catch (error) {
    const code = faultOf(error)?.code
    if (verb !== 'create' && code === 'NOT_FOUND') return { status: 'ABSENT' } as ChannelWord
    if (verb === 'create' && code === 'VALIDATION_FAILED') return { status: 'FAILED' } as ChannelWord
    throw error
  }
}

const channel = {
  create: (world: World, { id, method, amount }: AttemptRow) =>
    word(world, method, 'create', () => createCharge(world, id, amount)),
  query: (world: World, { id, method }: AttemptRow) => word(world, method, 'query', () => getCharge(world, id)),
  void: (world: World, { id, method }: AttemptRow) => word(world, method, 'void', () => voidCharge(world, id)),
}

/** `createAtChannel` of service/reach-channel.ts */
function* createAtChannel(world: World, attempt: AttemptRow): Steps<AttemptStep['do']> {
  let said: ChannelWord | Lost
  try {
    said = yield* channel.create(world, attempt)
  } catch (error) {
    if (isMistake(error)) throw error
    said = { status: 'LOST' }
  }
  return yield* settleAttempt(world, attempt.id, said)
}

/** `askChannel`; throws when the channel does not answer. */
function* askChannel(world: World, attempt: AttemptRow): Steps<AttemptStep['do']> {
  if (attempt.status === 'INITIATED') return yield* createAtChannel(world, attempt)
  const done = yield* settleAttempt(world, attempt.id, yield* channel.query(world, attempt))
  return done === 'recreate' ? yield* createAtChannel(world, attempt) : done
}

/** `voidAtChannel`: one that the channel never heard of is made known first. */
function* voidAtChannel(world: World, attempt: AttemptRow): Steps<void> {
  let said = yield* channel.void(world, attempt)
  if (said.status === 'ABSENT') {
    said = yield* channel.create(world, attempt)
    if (said.status === 'OPEN' || said.status === 'PENDING') said = yield* channel.void(world, attempt)
  }
  yield* settleAttempt(world, attempt.id, said)
}

type Wish = { id: string; orderId: string; method: string; buyerId: string }

/** `insertAttempt` of service/create-payment.ts */
const insertAttempt = (world: World, request: Request, wish: Wish, amount: Money): AttemptRow =>
  world.payment.db.tx(() => {
    if (standingOf(world, wish.orderId).standing !== 'OPEN') throw orderNotPayable()
    const others = attemptsOf(world, wish.orderId)
    const open = others.find(({ status }) => isOpen(status))
    if (open) return open
    if (others.some((other) => kept(other) > 0)) throw orderNotPayable()
    const row = newAttempt(world, { ...wish, amount })
    if (!row) throw stillRunning()
    request.made.add(row.id)
    schedule(world, timerKinds.query, row.id, 1)
    return row
  })

/** The attempt that was open under another method: voided, or captured after all, or nobody knows. */
function* leave(world: World, open: AttemptRow): Steps<AttemptRow | undefined> {
  try {
    yield* voidAtChannel(world, open)
  } catch (error) {
    if (isMistake(error)) throw error
    throw paymentUnresolved(open.id)
  }
  yield 'step'
  const now = world.payment.attempts.get(open.id)
  if (!now || isOpen(now.status)) throw paymentUnresolved(open.id)
  return now.status === 'CAPTURED' ? now : undefined
}

function* attemptFor(world: World, request: Request, wish: Wish, resumed: boolean): Steps<AttemptRow> {
  const earlier = resumed ? world.payment.attempts.get(wish.id) : undefined
  if (earlier) return earlier
  const { id: paymentId, orderId, buyerId, method } = wish
  const open = attemptsOf(world, orderId).find((row) => row.buyerId === buyerId && isOpen(row.status))
  if (open?.method === method) return open
  const amount = yield* ask(world, 'order', () => beginPayment(world, { orderId, buyerId, paymentId, method }))
  const winner = open && (yield* leave(world, open))
  if (winner) return winner
  if (amount.amount === 0) {
    const row = world.payment.db.tx(() => captureNothing(world, { orderId, buyerId, amount }))
    if (!row) throw orderNotPayable()
    return row
  }
  const row = insertAttempt(world, request, wish, amount)
  if (row.method !== method) throw stillRunning()
  yield 'step'
  return row
}

export type PaymentMessage = { id: string; status: string }

/** service/create-payment.ts */
export function* createPayment(world: World, request: Request, orderId: string, method: string): Steps<PaymentMessage> {
  return yield* first(world, world.payment, request, function* (id, resumed) {
    const wish = { id, orderId, method, buyerId: request.principal }
    const attempt = yield* attemptFor(world, request, wish, resumed)
    if (attempt.status === 'INITIATED' || attempt.status === 'UNKNOWN') yield* createAtChannel(world, attempt)
    yield 'step'
    return world.payment.db.tx(() => {
      const row = world.payment.attempts.get(attempt.id)
      if (row?.buyerId !== request.principal) throw noSuchPayment()
      const reply = { id: row.id, status: row.status }
      finish(world.payment, request, reply)
      return reply
    })
  })
}

/** service/query-payment.ts */
export function* queryPayment(world: World, paymentId: string, tries: number): Steps<void> {
  const { db, attempts } = world.payment
  const payment = attempts.get(paymentId)
  if (!payment || !isOpen(payment.status) || !isRemote(payment.method)) return
  if (world.clock.now() - payment.createdAt > askForMs) {
    db.tx(() => openCase(world, 'PAYMENT_UNRESOLVED', paymentId, payment.orderId))
    return
  }
  try {
    yield* askChannel(world, payment)
  } catch (error) {
    if (isMistake(error)) throw error
  }
  yield 'step'
  const now = attempts.get(paymentId)
  if (now && isOpen(now.status)) db.tx(() => schedule(world, timerKinds.query, paymentId, tries + 1))
}

/** service/settle-order.ts */
export function* settleOrder(world: World, orderId: string, tries: number): Steps<void> {
  for (const attempt of attemptsOf(world, orderId).filter(({ status }) => isOpen(status)))
    try {
      yield* voidAtChannel(world, attempt)
    } catch (error) {
      if (isMistake(error)) throw error
    }
  yield 'step'
  world.payment.db.tx(() => {
    if (!concludeOrder(world, orderId)) schedule(world, timerKinds.settle, orderId, tries + 1)
  })
}

/** The event is known to payment under its id: the model has one channel that calls back. */
const keep = (world: World, event: CallbackEvent): boolean =>
  world.payment.db.tx(() => {
    const { callbacks } = world.payment
    if (callbacks.get(event.eventId)) return false
    const { eventId, paymentId, type } = event
    callbacks.put(eventId, { eventId, paymentId, type, receivedAt: world.clock.now(), outcome: undefined })
    schedule(world, timerKinds.callback, eventId, 0)
    return true
  })

const done = (world: World, event: CallbackRow, outcome: string): void => {
  world.payment.callbacks.put(event.eventId, { ...event, outcome })
  world.payment.db.unschedule(timerKinds.callback, event.eventId)
}

/** service/process-callback.ts: an event is only a hint where to look. */
export function* processCallback(world: World, eventId: string, tries: number): Steps<void> {
  const { db, callbacks, attempts, refunds } = world.payment
  const event = callbacks.get(eventId)
  if (!event || event.outcome) return
  const payment = attempts.get(event.paymentId)
  yield 'step'
  if (!payment)
    return db.tx(() => {
      if (world.clock.now() - event.receivedAt < askForMs) schedule(world, timerKinds.callback, eventId, tries + 1)
      else {
        openCase(world, 'CALLBACK_UNKNOWN_PAYMENT', eventId, '')
        done(world, event, 'UNKNOWN_PAYMENT')
      }
    })
  if (!isRemote(payment.method)) return db.tx(() => done(world, event, 'OTHER_CHANNEL'))
  if (event.type.startsWith('refund.')) {
    const sent = refunds.all().filter((row) => row.paymentId === payment.id && sentBefore.includes(row.status))
    for (const refund of sent) yield* askRefund(world, refund)
  } else yield* askChannel(world, payment)
  yield 'step'
  db.tx(() => done(world, event, 'applied'))
}

const sentBefore: readonly string[] = ['SENT', 'UNKNOWN', 'FAILED']

/** service/receive-callback.ts, its signature already proven. */
export function* receiveCallback(world: World, rawBody: string): Steps<void> {
  const event = parseCallback(rawBody)
  yield 'step'
  const fresh = world.ports.keepCallback(() => keep(world, event), world.spawn)
  if (!fresh) return
  try {
    yield* processCallback(world, event.eventId, 0)
  } catch (error) {
    if (isMistake(error)) throw error
  }
}

/** events.ts */
export const paymentHears = (world: World) => {
  const close = (standing: 'CANCELLING' | 'CANCELLED') => (payload: { orderId: string }) => {
    const { orderId } = payload
    const known = standingOf(world, orderId)
    if (known.standing !== 'CANCELLED') world.payment.standings.put(orderId, { ...known, standing })
    scheduleNow(world, timerKinds.settle, orderId)
  }
  return {
    'order.CaptureRequested': (payload: Parameters<typeof captureNothing>[1]) => void captureNothing(world, payload),
    'order.OrderCancelling': close('CANCELLING'),
    'order.OrderCancelled': close('CANCELLED'),
  }
}
