import type { Call, Tx } from '@souk/platform'
import type { Channel } from '../channel.ts'
import type { Deps } from '../deps.ts'
import { askForMs } from '../domain/backoff.ts'
import { after } from '../domain/refund.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import type { Lost, RefundWord } from '../domain/words.ts'
import { methodUnavailable, noSuchPayment } from '../faults.ts'
import { moneyOf, type OrderRow } from '../store/attempts.ts'
import type { RefundRow } from '../store/refunds.ts'
import { nextTry } from '../timers.ts'
import { concludeOrder } from './conclude-order.ts'
import { giveBack } from './give-back.ts'
import { settleRefund } from './settle-refund.ts'

const isFinal = ({ status, automatic }: RefundRow): boolean =>
  status === 'SUCCEEDED' || status === 'REJECTED' || (status === 'FAILED' && !automatic)

const maySend = ({ status, automatic }: RefundRow): boolean =>
  status === 'APPROVED' || (status === 'FAILED' && automatic)

const channelOf = async (deps: Deps, refund: RefundRow): Promise<Channel> => {
  const payment = await deps.store.attempts.find(deps.db, refund.payment_id)
  if (!payment) throw noSuchPayment()
  const channel = deps.channels.get(payment.method)
  if (!channel) throw methodUnavailable(payment.method)
  return channel
}

/** The money of a failed refund went back otherwise meanwhile; whatever is left gets a refund of its own. */
const abandon = async (deps: Deps, tx: Tx, order: OrderRow, refund: RefundRow): Promise<void> => {
  await deps.store.refunds.abandon(tx, refund.id)
  const payment = await deps.store.attempts.lock(tx, refund.payment_id)
  if (payment) await giveBack(deps, tx, payment, refund.reason)
  await concludeOrder(deps, tx, order)
}

/** Before the channel is called: the refund is SENT. One that failed sets its money aside anew. */
const send = (deps: Deps, known: RefundRow, tries: number): Promise<RefundRow | undefined> =>
  deps.db.tx(async (tx) => {
    const { attempts, refunds } = deps.store
    const order = await attempts.lockOrder(tx, known.order_id)
    const refund = await refunds.lock(tx, known.id)
    if (!refund || !maySend(refund)) return refund
    const again = refund.status === 'FAILED' && refund.purpose === 'refund'
    if (again && !(await attempts.reserveRefund(tx, refund.payment_id, refund.amount))) {
      await abandon(deps, tx, order, refund)
      return undefined
    }
    const to = after(refund.status, 'send')
    await attempts.remember(tx, refund.id, refund.status, [to], 'send')
    await tx.schedule(nextTry(deps, timerKinds.refund, refund.id, tries))
    return refunds.move(tx, refund, to)
  })

/** A refund that is new at the channel is created there; one that was sent before is asked about. */
const talk = async (channel: Channel, refund: RefundRow, fresh: boolean, call: Call): Promise<RefundWord | Lost> => {
  const request = { refundId: refund.id, paymentId: refund.payment_id, amount: moneyOf(refund) }
  try {
    const word = fresh ? await channel.refund(request, call) : await channel.queryRefund(refund.id, call)
    return word.status === 'ABSENT' ? await channel.refund(request, call) : word
  } catch {
    return { status: 'LOST' }
  }
}

/** Still without a final word: asked again later, for 72 h; then a person has to look. */
const again = (deps: Deps, refund: RefundRow, tries: number): Promise<void> =>
  deps.db.tx(async (tx) => {
    const { id: subject, order_id: orderId } = refund
    const age = deps.clock.now().getTime() - refund.created_at.getTime()
    if (age < askForMs) await tx.schedule(nextTry(deps, timerKinds.refund, subject, tries + 1))
    else await deps.store.cases.open(tx, { kind: 'REFUND_UNRESOLVED', subject, orderId, money: moneyOf(refund) })
  })

/**
 * Brings a refund to its end: sends it with its own id as the channel's key, or asks what became of it. Souk's own
 * refunds that failed are sent again. Harmless to repeat.
 */
export const driveRefund =
  (deps: Deps) =>
  async (id: string, tries: number, call: Call): Promise<void> => {
    const known = await deps.store.refunds.find(deps.db, id)
    if (!known || isFinal(known)) return
    const fresh = maySend(known)
    const refund = fresh ? await send(deps, known, tries) : known
    if (!refund) return
    const word = await talk(await channelOf(deps, refund), refund, fresh, call)
    await deps.failpoint('payment.refund.afterChannel')
    await settleRefund(deps)(id, word)
    const now = await deps.store.refunds.find(deps.db, id)
    if (now && !isFinal(now)) await again(deps, now, tries)
  }

/**
 * Asks about a refund that was sent, and never sends it again: a channel that reports a failure must not be answered
 * with another try at once. Throws when the channel does not answer.
 */
export const askRefund =
  (deps: Deps) =>
  async (refund: RefundRow, call: Call): Promise<void> => {
    const word = await (await channelOf(deps, refund)).queryRefund(refund.id, call)
    if (word.status !== 'ABSENT') await settleRefund(deps)(refund.id, word)
  }
