import { askForMs } from '../../contexts/payment/src/domain/backoff.ts'
import * as ledger from '../../contexts/payment/src/domain/ledger.ts'
import { after, type RefundStep } from '../../contexts/payment/src/domain/refund.ts'
import { type LineQuantity, priceLines } from '../../contexts/payment/src/domain/refund-lines.ts'
import { timerKinds } from '../../contexts/payment/src/domain/timer-kinds.ts'
import type { Lost, RefundWord } from '../../contexts/payment/src/domain/words.ts'
import { noSuchPayment, refundExceedsCaptured } from '../../contexts/payment/src/faults.ts'
import { finish, first } from './keys.ts'
import { getOwner } from './order.ts'
import {
  attemptsOf,
  change,
  clearingOf,
  closeCases,
  concludeOrder,
  giveBack,
  insertRefund,
  isRemote,
  kept,
  openCase,
  post,
  remember,
  reserveRefund,
  schedule,
  standingOf,
} from './payment.ts'
import { createRefund, getRefund } from './psp.ts'
import { isMistake, type Steps } from './steps.ts'
import type { ChannelRefundRow, RefundRow } from './tables.ts'
import { ask, type Request, type World } from './world.ts'

/** Payment's verbs about money on its way back. */

const follow = (world: World, refund: RefundRow, path: readonly RefundRow['status'][]): boolean => {
  if (!world.ports.unmoved(world.payment.refunds.get(refund.id)!, refund)) return false
  world.payment.refunds.put(refund.id, { ...world.payment.refunds.get(refund.id)!, status: path.at(-1)! })
  remember(world, refund.id, refund.status, path)
  return true
}

/** Captured money is back: amounts, ledger and fact in this one transaction. */
const complete = (world: World, { id: refundId, paymentId, money }: RefundRow): void => {
  const now = world.payment.attempts.get(paymentId)!
  const amounts = { refunded: now.refunded + money.amount, refundPending: now.refundPending - money.amount }
  const row = change(world, paymentId, amounts, 'says')
  const { orderId, version } = row
  post(world, ledger.refunded(refundId, clearingOf(row), money))
  const all = attemptsOf(world, orderId)
  const total = (of: 'captured' | 'refunded') => ({
    currency: money.currency,
    amount: all.reduce((sum, attempt) => sum + attempt[of], 0),
  })
  const totals = { capturedTotal: total('captured'), refundedTotal: total('refunded') }
  world.payment.db.publish({
    type: 'payment.PaymentRefunded',
    aggregateId: paymentId,
    aggregateVersion: version,
    payload: { paymentId, orderId, refundId, amount: money, ...totals },
  })
}

const succeed = (world: World, refund: RefundRow, path: readonly RefundRow['status'][]): void => {
  if (!follow(world, refund, path)) return
  const payment = world.payment.attempts.get(refund.paymentId)!
  if (refund.purpose === 'refund') complete(world, refund)
  else {
    post(world, ledger.suspenseReturned(refund.id, clearingOf(payment), refund.money))
    closeCases(world, ['AMOUNT_MISMATCH', 'STRAY_MONEY'], payment.id)
  }
  world.payment.db.unschedule(timerKinds.refund, refund.id)
  closeCases(world, ['REFUND_UNRESOLVED', 'REFUND_MISMATCH'], refund.id)
  concludeOrder(world, refund.orderId)
}

const fail = (world: World, refund: RefundRow, path: readonly RefundRow['status'][]): void => {
  if (!follow(world, refund, path) || refund.purpose !== 'refund') return
  const { refundPending } = world.payment.attempts.get(refund.paymentId)!
  change(world, refund.paymentId, { refundPending: refundPending - refund.money.amount })
}

const mismatch = (world: World, { id, orderId }: RefundRow): void => openCase(world, 'REFUND_MISMATCH', id, orderId)

/** The channel had said no and now says the money went back: true if that is still within what was captured. */
const revive = (world: World, refund: RefundRow): void => {
  const covered = refund.purpose === 'suspense' || reserveRefund(world, refund.paymentId, refund.money.amount)
  if (covered) succeed(world, refund, ['SENT', 'SUCCEEDED'])
  else mismatch(world, refund)
}

const act = (world: World, refund: RefundRow, step: RefundStep): void => {
  if (step.do === 'succeed') succeed(world, refund, step.path)
  else if (step.do === 'fail') fail(world, refund, step.path)
  else if (step.do === 'wait' || step.do === 'lose') follow(world, refund, step.path)
  else if (step.do === 'revive') revive(world, refund)
  else if (step.do === 'mismatch') mismatch(world, refund)
}

/** service/settle-refund.ts */
function* settleRefund(world: World, id: string, word: RefundWord | Lost): Steps<void> {
  yield 'step'
  const refund = yield* world.ports.lockAndRead(() => world.payment.refunds.get(id))
  if (!refund) return
  world.payment.db.tx(() => {
    standingOf(world, refund.orderId)
    const { status, money: amount } = refund
    act(world, refund, world.ports.decideRefund({ status, amount }, word))
  })
}

const isFinal = ({ status, automatic }: RefundRow): boolean =>
  status === 'SUCCEEDED' || status === 'REJECTED' || (status === 'FAILED' && !automatic)

const maySend = ({ status, automatic }: RefundRow): boolean =>
  status === 'APPROVED' || (status === 'FAILED' && automatic)

/** `send` of service/drive-refund.ts: SENT before the channel is called; undefined when nothing is left to send. */
const send = (world: World, id: string, tries: number): RefundRow | undefined =>
  world.payment.db.tx(() => {
    const { refunds, attempts } = world.payment
    const refund = refunds.get(id)!
    if (!maySend(refund)) return refund
    const again = refund.status === 'FAILED' && refund.purpose === 'refund'
    if (again && !reserveRefund(world, refund.paymentId, refund.money.amount)) {
      refunds.put(id, { ...refund, automatic: false })
      giveBack(world, attempts.get(refund.paymentId)!)
      concludeOrder(world, refund.orderId)
      return undefined
    }
    const to = after(refund.status, 'send')
    remember(world, id, refund.status, [to])
    schedule(world, timerKinds.refund, id, tries)
    const sent = { ...refund, status: to }
    refunds.put(id, sent)
    return sent
  })

const refundWord = ({ status, amount }: ChannelRefundRow): RefundWord => ({
  status: status === 'SUCCEEDED' || status === 'FAILED' ? status : 'PENDING',
  amount,
  reference: 'r',
})

const channel = {
  *refund(world: World, { id, paymentId, money }: RefundRow): Steps<RefundWord> {
    if (!isRemote(world.payment.attempts.get(paymentId)!.method))
      return { status: 'SUCCEEDED', amount: money, reference: '' }
    return refundWord(yield* ask(world, 'psp', () => createRefund(world, id, paymentId, money)))
  },
  *queryRefund(world: World, { id, paymentId }: RefundRow): Steps<RefundWord> {
    if (!isRemote(world.payment.attempts.get(paymentId)!.method)) return { status: 'ABSENT' }
    const row = yield* ask(world, 'psp', () => getRefund(world, id))
    return row ? refundWord(row) : { status: 'ABSENT' }
  },
}

function* talk(world: World, refund: RefundRow, fresh: boolean): Steps<RefundWord | Lost> {
  try {
    const word = fresh ? yield* channel.refund(world, refund) : yield* channel.queryRefund(world, refund)
    return word.status === 'ABSENT' ? yield* channel.refund(world, refund) : word
  } catch (error) {
    if (isMistake(error)) throw error
    return { status: 'LOST' }
  }
}

/** service/drive-refund.ts: brings a refund to its end. */
export function* driveRefund(world: World, id: string, tries: number): Steps<void> {
  const { db, refunds } = world.payment
  const known = refunds.get(id)
  if (!known || isFinal(known)) return
  yield 'step'
  const fresh = maySend(known)
  const refund = fresh ? send(world, id, tries) : known
  if (!refund) return
  yield* settleRefund(world, id, yield* talk(world, refund, fresh))
  yield 'step'
  const now = refunds.get(id)!
  if (isFinal(now)) return
  db.tx(() => {
    if (world.clock.now() - now.createdAt < askForMs) schedule(world, timerKinds.refund, id, tries + 1)
    else openCase(world, 'REFUND_UNRESOLVED', id, now.orderId)
  })
}

/** `askRefund`: never sends; throws when the channel does not answer. */
export function* askRefund(world: World, refund: RefundRow): Steps<void> {
  const word = yield* channel.queryRefund(world, refund)
  if (word.status !== 'ABSENT') yield* settleRefund(world, refund.id, word)
}

export type RefundWish = { amount: number | undefined; lines: LineQuantity[] }

/** Units per SKU that went back or are on their way back. */
const refundedUnits = (world: World, paymentId: string): Map<string, number> => {
  const units = new Map<string, number>()
  for (const refund of world.payment.refunds.all())
    if (refund.paymentId === paymentId && refund.status !== 'FAILED' && refund.status !== 'REJECTED')
      for (const { skuId, quantity } of refund.lines) units.set(skuId, (units.get(skuId) ?? 0) + quantity)
  return units
}

/** service/refund-payment.ts: an amount, lines, or everything that is left. */
export function* refundPayment(
  world: World,
  request: Request,
  paymentId: string,
  wish: RefundWish,
): Steps<{ id: string; status: string }> {
  const payment = world.payment.attempts.get(paymentId)
  if (!payment) throw noSuchPayment()
  const { orderId } = payment
  const begin = function* (id: string): Steps<void> {
    const asked = wish.lines.length > 0 ? yield* ask(world, 'order', () => getOwner(world, orderId)) : []
    const bought = asked.map(({ skuId, quantity, total }) => ({ skuId, quantity, total: total?.amount ?? 0 }))
    world.payment.db.tx(() => {
      const now = world.payment.attempts.get(paymentId)!
      const { amount, lines } =
        wish.lines.length > 0
          ? priceLines(bought, refundedUnits(world, paymentId), wish.lines)
          : { amount: wish.amount ?? kept(now), lines: [] }
      if (amount <= 0 || !reserveRefund(world, paymentId, amount)) throw refundExceedsCaptured()
      const money = { currency: now.amount.currency, amount }
      if (world.payment.refunds.get(id)) throw new Error('this refund is there already')
      insertRefund(world, { id, paymentId, orderId, purpose: 'refund', money, automatic: false, lines })
      schedule(world, timerKinds.refund, id, 1)
      request.made.add(id)
    })
  }
  return yield* first(world, world.payment, request, function* (id, resumed) {
    if (!resumed || !world.payment.refunds.get(id)) yield* begin(id)
    yield 'step'
    yield* driveRefund(world, id, 0)
    yield 'step'
    return world.payment.db.tx(() => {
      const { status } = world.payment.refunds.get(id)!
      const reply = { id, status }
      finish(world.payment, request, reply)
      return reply
    })
  })
}
