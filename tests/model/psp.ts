import { fault, type Money, sameMoney } from '@souk/kernel'
import {
  type Announcement,
  mayPlay,
  mayVoid,
  type Outcome,
  type Plan,
  plan,
  resendAfterMs,
  resendForMs,
} from '../../contexts/sandbox/src/domain.ts'
import { lostReply, noSuchCharge, otherAmount } from '../../contexts/sandbox/src/faults.ts'
import { atOnce, type Steps } from './steps.ts'
import type { ChannelRefundRow, ChargeRow } from './tables.ts'
import { ask, type World } from './world.ts'

/** The payment channel: another party with a book of its own. It decides as the sandbox does. */

export const pspTimers = { charge: 'psp.charge', refund: 'psp.refund', message: 'psp.message' } as const

/** How long it waits for an answer to a callback. */
const answerWithinMs = 5000

const book = ({ psp, newId }: World, kind: 'charge' | 'refund', paymentId: string, refundId: string, money: Money) =>
  psp.book.put(newId(), { kind, paymentId, refundId, money })

/** Writes the messages of a decision beside it, each with its timer. */
const announce = (world: World, paymentId: string, announcements: readonly Announcement[]): void => {
  const { psp, clock } = world
  for (const { type, amount, copies, afterMs, occurredMs } of announcements) {
    const body = JSON.stringify({
      eventId: `evt_${world.newId()}`,
      type,
      paymentId,
      channelReference: 'r',
      amount,
      occurredAt: new Date(clock.now() + occurredMs).toISOString(),
    })
    for (let copy = 0; copy < copies; copy++) {
      const id = world.newId()
      psp.messages.put(id, { id, paymentId, body, attempts: 0, createdAt: clock.now(), state: 'waiting' })
      psp.db.schedule({ kind: pspTimers.message, aggregateId: id, dueAt: clock.now() + afterMs })
    }
  }
}

/** service/create-charge.ts: the payment id is the key. */
export const createCharge = (world: World, paymentId: string, amount: Money): Steps<ChargeRow> =>
  atOnce(() => {
    const { db, charges } = world.psp
    const known = charges.get(paymentId)
    if (known && !sameMoney(known.amount, amount)) throw otherAmount()
    if (known) return known
    const rest = { outcome: undefined, seconds: 0, captured: undefined, refundOutcome: 'SUCCESS' as const }
    const charge: ChargeRow = { paymentId, amount, status: 'OPEN', ...rest }
    db.tx(() => charges.put(paymentId, charge))
    return charge
  })

export const getCharge = ({ psp }: World, paymentId: string): Steps<ChargeRow> =>
  atOnce(() => {
    const charge = psp.charges.get(paymentId)
    if (!charge) throw noSuchCharge()
    return charge
  })

/** service/void-charge.ts */
export const voidCharge = ({ psp }: World, paymentId: string): Steps<ChargeRow> =>
  atOnce(() => {
    const charge = psp.charges.get(paymentId)
    if (!charge) throw noSuchCharge()
    if (!mayVoid(charge)) return charge
    const voided: ChargeRow = { ...charge, status: 'VOIDED' }
    psp.db.tx(() => psp.charges.put(paymentId, voided))
    return voided
  })

/** `carryOut` of service/decide-charge.ts */
const carryOut = (world: World, charge: ChargeRow, { status, moved, announcements, decideAfterMs }: Plan): void => {
  const { paymentId } = charge
  if (decideAfterMs !== undefined)
    world.psp.db.schedule({
      kind: pspTimers.charge,
      aggregateId: paymentId,
      dueAt: world.clock.now() + decideAfterMs,
    })
  world.psp.charges.put(paymentId, { ...charge, status, captured: moved })
  if (moved) book(world, 'charge', paymentId, '', moved)
  announce(world, paymentId, announcements)
}

/** service/play-buyer.ts */
export const playBuyer = (
  world: World,
  paymentId: string,
  outcome: Outcome,
  refundOutcome: Outcome,
  seconds: number,
): void => {
  const { db, charges } = world.psp
  const present = charges.get(paymentId)
  if (!present) return
  const charge = { ...present, refundOutcome }
  db.tx(() => {
    if (mayPlay(charge))
      carryOut(world, { ...charge, outcome, seconds }, plan('payment', outcome, charge.amount, seconds))
    else charges.put(paymentId, charge)
  })
}

/** The delay of a charge is over. */
export const decideCharge = (world: World, paymentId: string): Steps<void> =>
  atOnce(() => {
    const charge = world.psp.charges.get(paymentId)
    if (charge?.status !== 'PENDING' || charge.outcome !== 'DELAY') return
    world.psp.db.tx(() => carryOut(world, charge, plan('payment', 'SUCCESS', charge.amount, 0)))
  })

/** Money that was never taken, or is already on its way back, cannot go back. */
const covered = ({ psp }: World, { status, captured, paymentId }: ChargeRow, { currency, amount }: Money): boolean => {
  if (status !== 'SUCCEEDED' || captured?.currency !== currency) return false
  const back = psp.refunds.all().filter((row) => row.paymentId === paymentId && row.status !== 'FAILED')
  return back.reduce((sum, row) => sum + row.amount.amount, 0) + amount <= captured.amount
}

const carryOutRefund = (world: World, refund: ChannelRefundRow, { status, moved, ...rest }: Plan): void => {
  const { psp, clock } = world
  const { refundId, paymentId } = refund
  psp.refunds.put(refundId, { ...refund, status })
  if (rest.decideAfterMs !== undefined)
    psp.db.schedule({ kind: pspTimers.refund, aggregateId: refundId, dueAt: clock.now() + rest.decideAfterMs })
  if (moved) book(world, 'refund', paymentId, refundId, moved)
  announce(world, paymentId, rest.announcements)
}

/** service/create-refund.ts: one that failed is tried again, any other is answered as it is. */
export const createRefund = (
  world: World,
  refundId: string,
  paymentId: string,
  amount: Money,
): Steps<ChannelRefundRow> =>
  atOnce(() => {
    const { db, charges, refunds } = world.psp
    const charge = charges.get(paymentId)
    if (!charge) throw noSuchCharge()
    const known = refunds.get(refundId)
    if (known && !sameMoney(known.amount, amount)) throw otherAmount()
    if (known && known.status !== 'FAILED') return known
    const asked: ChannelRefundRow = known ?? { refundId, paymentId, amount, status: 'PENDING' }
    const outcome = covered(world, charge, amount) ? charge.refundOutcome : 'DECLINE'
    const verdict = plan('refund', outcome, amount, charge.seconds)
    db.tx(() => carryOutRefund(world, asked, verdict))
    if (verdict.loseReply) throw lostReply()
    return refunds.get(refundId)!
  })

export const getRefund = ({ psp }: World, refundId: string): Steps<ChannelRefundRow | undefined> =>
  atOnce(() => {
    return psp.refunds.get(refundId)
  })

/** The delay of a refund is over. */
export const decideRefund = (world: World, refundId: string): Steps<void> =>
  atOnce(() => {
    const refund = world.psp.refunds.get(refundId)
    if (refund?.status !== 'PENDING') return
    world.psp.db.tx(() => carryOutRefund(world, refund, plan('refund', 'SUCCESS', refund.amount, 0)))
  })

/** service/send-callback.ts: the next try is scheduled before this one is made. */
export function* sendMessage(world: World, id: string, receive: (rawBody: string) => Steps<void>): Steps<void> {
  const { db, messages } = world.psp
  const row = messages.get(id)
  if (row?.state !== 'waiting') return
  const attempts = row.attempts + 1
  const later = (ms: number) => db.schedule({ kind: pspTimers.message, aggregateId: id, dueAt: world.clock.now() + ms })
  db.tx(() => {
    messages.put(id, { ...row, attempts })
    later(answerWithinMs + resendAfterMs(attempts))
  })
  let answered = true
  try {
    yield* ask(world, 'payment', () => receive(row.body))
  } catch {
    answered = false
  }
  const tooOld = world.clock.now() - row.createdAt > resendForMs
  db.tx(() => {
    const state = answered ? 'delivered' : tooOld ? 'givenUp' : 'waiting'
    if (messages.get(id)!.state !== 'delivered') messages.put(id, { ...messages.get(id)!, state })
    if (state === 'waiting') later(resendAfterMs(attempts))
    else db.unschedule(pspTimers.message, id)
  })
}

/** A message that the channel sends beside its book: about a payment nobody knows, or with a lie in it. */
export const sendStray = (world: World, paymentId: string, type: Announcement['type'], amount: Money): void =>
  world.psp.db.tx(() => announce(world, paymentId, [{ type, amount, copies: 1, afterMs: 0, occurredMs: -86_400_000 }]))

/** A message that was answered long ago comes once more. */
export const sendAgain = (world: World, id: string): void => {
  const row = world.psp.messages.get(id)
  if (!row) throw fault('NOT_FOUND')
  world.psp.db.tx(() => {
    world.psp.messages.put(id, { ...row, state: 'waiting' })
    world.psp.db.schedule({ kind: pspTimers.message, aggregateId: id, dueAt: world.clock.now() })
  })
}
