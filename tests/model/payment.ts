import { type Money, sameMoney } from '@souk/kernel'
import { type AttemptStep, after, isOpen } from '../../contexts/payment/src/domain/attempt.ts'
import { askAgainAfterMs } from '../../contexts/payment/src/domain/backoff.ts'
import * as ledger from '../../contexts/payment/src/domain/ledger.ts'
import { timerKinds } from '../../contexts/payment/src/domain/timer-kinds.ts'
import type { ChannelWord, Lost } from '../../contexts/payment/src/domain/words.ts'
import { amountMismatch, illegalMove, noSuchOrder, noSuchPayment } from '../../contexts/payment/src/faults.ts'
import { once } from './keys.ts'
import type { Steps } from './steps.ts'
import type { AttemptRow, RefundRow, StandingRow } from './tables.ts'
import type { Request, World } from './world.ts'

/** What payment's store and its verbs do with attempts; the channel is asked in `cashier.ts`, refunds are in `refunds.ts`. */

type Kind = (typeof timerKinds)[keyof typeof timerKinds]

/** timers.ts: the next question after `tries` without a final answer. */
export const schedule = ({ payment, clock }: World, kind: Kind, aggregateId: string, tries: number): void =>
  payment.db.schedule({ kind, aggregateId, dueAt: clock.now() + askAgainAfterMs(tries), tries })

export const scheduleNow = ({ payment, clock }: World, kind: Kind, aggregateId: string): void =>
  payment.db.schedule({ kind, aggregateId, dueAt: clock.now() })

export const isRemote = (method: string): boolean => method === 'sandbox'

export const clearingOf = ({ method }: AttemptRow): ledger.Account =>
  method === 'pay_on_delivery' ? 'courier_clearing' : 'psp_clearing'

/** `lockOrder`: an order that payment meets for the first time is open. */
export const standingOf = ({ payment: { standings } }: World, orderId: string): StandingRow => {
  const known = standings.get(orderId)
  if (known) return known
  const row: StandingRow = { orderId, standing: 'OPEN', settled: false, version: 0 }
  standings.put(orderId, row)
  return row
}

/** Oldest first. */
export const attemptsOf = ({ payment }: World, orderId: string): AttemptRow[] =>
  payment.attempts.all().filter((attempt) => attempt.orderId === orderId)

export const kept = ({ captured, refunded, refundPending }: AttemptRow): number => captured - refunded - refundPending

export const remember = ({ payment: { moves } }: World, subject: string, from: string, path: readonly string[]): void =>
  moves.put(subject, [...(moves.get(subject) ?? []), ...path.map((to, place) => `${path[place - 1] ?? from}>${to}`)])

/** False when the movement is already in the books. */
export const post = ({ payment }: World, entry: ledger.Entry): boolean => {
  const id = `${entry.sourceType}/${entry.sourceId}/${entry.kind}`
  if (payment.ledger.get(id)) return false
  payment.ledger.put(id, entry)
  return true
}

export const openCase = ({ payment: { cases } }: World, kind: string, subject: string, orderId: string): void => {
  if (!cases.get(`${kind}/${subject}`)) cases.put(`${kind}/${subject}`, { kind, subject, orderId, open: true })
}

export const closeCases = ({ payment: { cases } }: World, kinds: readonly string[], subject: string): void => {
  for (const kind of kinds) {
    const row = cases.get(`${kind}/${subject}`)
    if (row) cases.put(`${kind}/${subject}`, { ...row, open: false })
  }
}

/** A changed attempt; `says` when a fact is told about it, which then carries the new version. */
export const change = ({ payment }: World, id: string, set: Partial<AttemptRow>, says?: 'says'): AttemptRow => {
  const now = payment.attempts.get(id)!
  const row = { ...now, ...set, version: now.version + (says ? 1 : 0) }
  payment.attempts.put(id, row)
  return row
}

/** Sets money aside for a refund; false when less than that is left. */
export const reserveRefund = (world: World, paymentId: string, amount: number): boolean => {
  const payment = world.payment.attempts.get(paymentId)!
  if (!world.ports.refundFits(payment, amount)) return false
  change(world, paymentId, { refundPending: payment.refundPending + amount })
  return true
}

export const refundsOf = ({ payment }: World, orderId: string): RefundRow[] =>
  payment.refunds.all().filter((refund) => refund.orderId === orderId)

const awaitsRetry = ({ status, automatic, purpose }: RefundRow): boolean =>
  purpose === 'refund' && automatic && status === 'FAILED'

export const insertRefund = (world: World, refund: Omit<RefundRow, 'status' | 'createdAt'>): void => {
  world.payment.refunds.put(refund.id, { ...refund, status: 'APPROVED', createdAt: world.clock.now() })
  remember(world, refund.id, 'REQUESTED', ['APPROVED'])
}

/** `giveBack` of service/give-back.ts: the automatic refund of what an attempt still keeps. */
export const giveBack = (world: World, payment: AttemptRow): void => {
  const amount = world.ports.unusable(payment)
  const { id: paymentId, orderId } = payment
  if (amount <= 0 || refundsOf(world, orderId).some((row) => row.paymentId === paymentId && awaitsRetry(row))) return
  const id = world.newId()
  if (!reserveRefund(world, paymentId, amount)) return
  const money = { currency: payment.amount.currency, amount }
  insertRefund(world, { id, paymentId, orderId, purpose: 'refund', money, automatic: true, lines: [] })
  scheduleNow(world, timerKinds.refund, id)
}

/** `suspend` of the same file: money that is not the order's is booked apart and sent back, once. */
const suspend = (world: World, payment: AttemptRow, received: Money, kind: string): void => {
  const { id: paymentId, orderId } = payment
  if (received.amount <= 0 || !post(world, ledger.suspended(paymentId, clearingOf(payment), received))) return
  openCase(world, kind, paymentId, orderId)
  const id = world.newId()
  insertRefund(world, { id, paymentId, orderId, purpose: 'suspense', money: received, automatic: true, lines: [] })
  scheduleNow(world, timerKinds.refund, id)
}

const unresolved = ({ status, automatic }: RefundRow): boolean =>
  ['REQUESTED', 'APPROVED', 'SENT', 'UNKNOWN'].includes(status) || (status === 'FAILED' && automatic)

/** service/conclude-order.ts: answers whether a cancelled order's money is all settled. */
export const concludeOrder = (world: World, orderId: string): boolean => {
  const order = standingOf(world, orderId)
  if (order.standing === 'OPEN') return true
  const list = attemptsOf(world, orderId)
  if (list.some(({ status }) => isOpen(status))) return false
  for (const attempt of list) giveBack(world, attempt)
  if (refundsOf(world, orderId).some(unresolved)) return false
  if (order.standing === 'CANCELLING' && !order.settled) {
    const version = order.version + 1
    world.payment.standings.put(orderId, { ...order, settled: true, version })
    const payload = { orderId }
    world.payment.db.publish({
      type: 'payment.PaymentSettled',
      aggregateId: orderId,
      aggregateVersion: version,
      payload,
    })
  }
  return true
}

/** service/capture.ts */
export const capture = (world: World, attempt: AttemptRow, path: readonly string[]): void => {
  const { id: paymentId, orderId, amount, method } = attempt
  if (!world.ports.unmoved(world.payment.attempts.get(paymentId)!, attempt))
    throw illegalMove(attempt.status, 'capture')
  const row = change(world, paymentId, { status: 'CAPTURED', captured: amount.amount }, 'says')
  remember(world, paymentId, attempt.status, path)
  if (amount.amount > 0) post(world, ledger.captured(paymentId, clearingOf(row), amount))
  world.payment.db.publish({
    type: 'payment.PaymentSucceeded',
    aggregateId: paymentId,
    aggregateVersion: row.version,
    payload: { paymentId, orderId, amount, method },
  })
  world.payment.db.unschedule(timerKinds.query, paymentId)
  closeCases(world, ['PAYMENT_UNRESOLVED'], paymentId)
  if (standingOf(world, orderId).standing !== 'OPEN') concludeOrder(world, orderId)
  else if (attemptsOf(world, orderId).some((other) => other.id !== paymentId && kept(other) > 0)) giveBack(world, row)
}

type Step<Kind extends AttemptStep['do']> = Extract<AttemptStep, { do: Kind }>

const wait = (world: World, attempt: AttemptRow, { path }: Step<'wait'>): void => {
  const { id: paymentId, orderId, method } = attempt
  const tells = !isRemote(method) && attempt.status === 'INITIATED'
  const row = change(world, paymentId, { status: 'PROCESSING' }, tells ? 'says' : undefined)
  remember(world, paymentId, attempt.status, path)
  if (isRemote(method)) schedule(world, timerKinds.query, paymentId, 0)
  else world.payment.db.unschedule(timerKinds.query, paymentId)
  if (tells)
    world.payment.db.publish({
      type: 'payment.DeliveryPaymentChosen',
      aggregateId: paymentId,
      aggregateVersion: row.version,
      payload: { paymentId, orderId },
    })
}

const lose = (world: World, attempt: AttemptRow, { path }: Step<'lose'>): void => {
  change(world, attempt.id, { status: 'UNKNOWN' })
  remember(world, attempt.id, attempt.status, path)
  schedule(world, timerKinds.query, attempt.id, 0)
}

const end = (world: World, attempt: AttemptRow, path: AttemptRow['status'][]): void => {
  const { id: paymentId, orderId } = attempt
  const to = path.at(-1)!
  const row = change(world, paymentId, { status: to }, 'says')
  remember(world, paymentId, attempt.status, path)
  world.payment.db.publish({
    type: 'payment.PaymentFailed',
    aggregateId: paymentId,
    aggregateVersion: row.version,
    payload: { paymentId, orderId, outcome: to === 'VOIDED' ? 'VOIDED' : 'DECLINED' },
  })
  world.payment.db.unschedule(timerKinds.query, paymentId)
  closeCases(world, ['PAYMENT_UNRESOLVED'], paymentId)
  concludeOrder(world, orderId)
}

const act = (world: World, attempt: AttemptRow, step: AttemptStep): void => {
  if (step.do === 'capture') capture(world, attempt, step.path)
  if (step.do === 'stray') suspend(world, attempt, step.received, 'STRAY_MONEY')
  if (step.do === 'suspend') suspend(world, attempt, step.received, 'AMOUNT_MISMATCH')
  if (!world.ports.unmoved(world.payment.attempts.get(attempt.id)!, attempt)) return
  if (step.do === 'wait') wait(world, attempt, step)
  if (step.do === 'lose') lose(world, attempt, step)
  if (step.do === 'suspend' || step.do === 'end') end(world, attempt, step.path)
}

/** service/settle-attempt.ts: applies a channel's own word; `recreate` is left to the caller. */
export function* settleAttempt(world: World, paymentId: string, word: ChannelWord | Lost): Steps<AttemptStep['do']> {
  yield 'step'
  const attempt = yield* world.ports.lockAndRead(() => world.payment.attempts.get(paymentId))
  if (!attempt) throw noSuchPayment()
  return world.payment.db.tx(() => {
    standingOf(world, attempt.orderId)
    const step = world.ports.decideAttempt(attempt, word)
    act(world, attempt, step)
    return step.do
  })
}

/** service/record-delivery-payment.ts: the courier brought the money. */
export function* recordDeliveryPayment(
  world: World,
  request: Request,
  orderId: string,
  amount: Money,
): Steps<{ id: string; status: string }> {
  return yield* once(world, world.payment, request, () => {
    const all = attemptsOf(world, orderId).filter(({ method }) => method === 'pay_on_delivery')
    const attempt = all.find(({ status }) => isOpen(status)) ?? all.at(-1)
    if (!attempt) throw noSuchOrder()
    if (!isOpen(attempt.status)) throw illegalMove(attempt.status, 'recordDeliveryPayment')
    if (!sameMoney(amount, attempt.amount)) throw amountMismatch()
    capture(world, attempt, [after(attempt.status, 'capture')])
    return { id: attempt.id, status: 'CAPTURED' }
  })
}

type Nothing = { orderId: string; buyerId: string; amount?: Money | undefined }

/** service/capture-nothing.ts: a zero total, once per order. */
export const captureNothing = (world: World, { orderId, buyerId, amount }: Nothing): AttemptRow | undefined => {
  if (amount?.amount !== 0) return undefined
  const { standing } = standingOf(world, orderId)
  const known = attemptsOf(world, orderId).find(({ method }) => method === 'none')
  if (known || standing !== 'OPEN') return known
  const row = newAttempt(world, { id: world.newId(), orderId, buyerId, method: 'none', amount })
  if (row) capture(world, row, ['PROCESSING', 'CAPTURED'])
  return row && world.payment.attempts.get(row.id)
}

type NewAttempt = Pick<AttemptRow, 'id' | 'orderId' | 'buyerId' | 'method' | 'amount'>

/** `attempts.insert`: one open attempt per order, or nothing. */
export const newAttempt = (world: World, made: NewAttempt): AttemptRow | undefined => {
  const { attempts } = world.payment
  if (attempts.get(made.id) || attemptsOf(world, made.orderId).some(({ status }) => isOpen(status))) return undefined
  const money = { captured: 0, refunded: 0, refundPending: 0 }
  const row: AttemptRow = { ...made, ...money, status: 'INITIATED', version: 0, createdAt: world.clock.now() }
  attempts.put(made.id, row)
  return row
}
