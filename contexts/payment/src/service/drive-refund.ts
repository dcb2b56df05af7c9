import type { Call, Tx } from '@souk/platform'
import type { Channel } from '../channel.ts'
import type { Deps } from '../deps.ts'
import { askForMs } from '../domain/backoff.ts'
import { after } from '../domain/refund.ts'
import type { Lost, RefundWord } from '../domain/words.ts'
import { methodUnavailable, noSuchPayment } from '../faults.ts'
import { moneyOf } from '../store/attempts.ts'
import type { RefundRow } from '../store/refunds.ts'
import { nextTry, timerKinds } from '../timers.ts'
import { settleRefund } from './settle-refund.ts'

/** Before the channel is called: the refund is SENT. One that failed sets its money aside anew, if it still is there. */
const send = (deps: Deps, id: string, tries: number): Promise<RefundRow | undefined> =>
  deps.db.tx(async (tx: Tx) => {
    const { attempts, refunds } = deps.store
    const known = await refunds.find(tx, id)
    if (!known) return undefined
    await attempts.lockOrder(tx, known.order_id)
    const refund = await refunds.lock(tx, id)
    if (refund?.status !== 'APPROVED' && !(refund?.status === 'FAILED' && refund.automatic)) return refund
    const again = refund.status === 'FAILED' && refund.purpose === 'refund'
    if (again && !(await attempts.reserveRefund(tx, refund.payment_id, refund.amount))) return undefined
    const to = after(refund.status, 'send')
    await attempts.remember(tx, id, refund.status, [to], 'send')
    await tx.schedule(nextTry(deps, timerKinds.refund, id, tries))
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

const tooOld = (deps: Deps, refund: RefundRow): boolean =>
  deps.clock.now().getTime() - refund.created_at.getTime() > askForMs

/** Still without a final word: asked again later, for 72 h; then a person has to look. */
const again = (deps: Deps, refund: RefundRow, tries: number): Promise<void> =>
  deps.db.tx(async (tx) => {
    if (!tooOld(deps, refund)) return tx.schedule(nextTry(deps, timerKinds.refund, refund.id, tries + 1))
    const { id: subject, order_id: orderId } = refund
    await deps.store.cases.open(tx, { kind: 'REFUND_UNRESOLVED', subject, orderId, money: moneyOf(refund) })
  })

const ended = ({ status, automatic }: RefundRow): boolean =>
  status === 'SUCCEEDED' || status === 'REJECTED' || (status === 'FAILED' && !automatic)

/**
 * Brings a refund to its end: sends it with its own id as the channel's key, or asks what became of it. Souk's own
 * refunds that failed are sent again. Harmless to repeat.
 */
export const driveRefund =
  (deps: Deps) =>
  async (id: string, tries: number, call: Call): Promise<void> => {
    const known = await deps.store.refunds.find(deps.db, id)
    if (!known || known.status === 'SUCCEEDED' || known.status === 'REJECTED') return
    const sending = known.status === 'APPROVED' || (known.status === 'FAILED' && known.automatic)
    const refund = sending ? await send(deps, id, tries) : known
    if (!refund) return
    const payment = await deps.store.attempts.find(deps.db, refund.payment_id)
    if (!payment) throw noSuchPayment()
    const channel = deps.channels.get(payment.method)
    if (!channel) throw methodUnavailable(payment.method)
    const word = await talk(channel, refund, sending, call)
    await deps.failpoint('payment.refund.afterChannel')
    await settleRefund(deps)(id, word)
    const now = await deps.store.refunds.find(deps.db, id)
    if (now && !ended(now)) await again(deps, now, tries)
  }
