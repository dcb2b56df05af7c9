import type { Tx } from '@souk/platform'
import type { Core } from '../deps.ts'
import { type AttemptStep, decideAttempt } from '../domain/attempt.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import type { ChannelWord, Lost } from '../domain/words.ts'
import { noSuchPayment } from '../faults.ts'
import { type AttemptRow, moneyOf, type OrderRow } from '../store/attempts.ts'
import { nextTry } from '../timers.ts'
import { capture } from './capture.ts'
import { concludeOrder } from './conclude-order.ts'
import { suspend } from './give-back.ts'

type Step<Kind extends AttemptStep['do']> = Extract<AttemptStep, { do: Kind }>

/** The buyer or the channel has to act; a choice of pay on delivery is told, for it needs no money to go on. */
const wait = async (core: Core, tx: Tx, attempt: AttemptRow, step: Step<'wait'>): Promise<void> => {
  const remote = core.channels.get(attempt.method)?.remote ?? true
  const tells = !remote && attempt.status === 'INITIATED'
  const row = await core.store.attempts.proceed(tx, attempt, 'PROCESSING', tells ? 1 : 0, step)
  if (!row) return
  await core.store.attempts.remember(tx, row.id, attempt.status, step.path, 'channel')
  if (remote) await tx.schedule(nextTry(core, timerKinds.query, row.id, 0))
  else await tx.unschedule(timerKinds.query, row.id)
  if (tells)
    tx.publish({
      type: 'payment.DeliveryPaymentChosen',
      aggregateId: row.id,
      aggregateVersion: row.version,
      payload: { paymentId: row.id, orderId: row.order_id },
    })
}

const lose = async (core: Core, tx: Tx, attempt: AttemptRow, step: Step<'lose'>): Promise<void> => {
  const row = await core.store.attempts.proceed(tx, attempt, 'UNKNOWN', 0)
  if (!row) return
  await core.store.attempts.remember(tx, row.id, attempt.status, step.path, 'no answer')
  await tx.schedule(nextTry(core, timerKinds.query, row.id, 0))
}

const end = async (
  core: Core,
  tx: Tx,
  order: OrderRow,
  attempt: AttemptRow,
  path: AttemptRow['status'][],
  failure: string,
): Promise<void> => {
  const to = path.at(-1) ?? attempt.status
  const row = await core.store.attempts.end(tx, attempt, to, failure)
  if (!row) return
  await core.store.attempts.remember(tx, row.id, attempt.status, path, failure || 'voided')
  tx.publish({
    type: 'payment.PaymentFailed',
    aggregateId: row.id,
    aggregateVersion: row.version,
    payload: { paymentId: row.id, orderId: row.order_id, outcome: to === 'VOIDED' ? 'VOIDED' : 'DECLINED' },
  })
  await tx.unschedule(timerKinds.query, row.id)
  await core.store.cases.close(tx, ['PAYMENT_UNRESOLVED'], row.id, to)
  core.metrics.count('payments_failed', { method: row.method, outcome: to })
  await concludeOrder(core, tx, order)
}

const act = async (core: Core, tx: Tx, order: OrderRow, attempt: AttemptRow, step: AttemptStep): Promise<void> => {
  switch (step.do) {
    case 'wait':
      return wait(core, tx, attempt, step)
    case 'lose':
      return lose(core, tx, attempt, step)
    case 'capture':
      await capture(core, tx, order, attempt, step.path, step.reference)
      return
    case 'end':
      return end(core, tx, order, attempt, step.path, step.failure)
    case 'suspend':
      await suspend(core, tx, attempt, step.received, 'AMOUNT_MISMATCH')
      return end(core, tx, order, attempt, step.path, 'AMOUNT_MISMATCH')
    case 'stray':
      return suspend(core, tx, attempt, step.received, 'STRAY_MONEY')
    default:
      return undefined
  }
}

/** Applies a channel's own word to one attempt; its order's lock is held. Answers what was decided. */
export const settleAttempt = async (
  core: Core,
  tx: Tx,
  order: OrderRow,
  paymentId: string,
  word: ChannelWord | Lost,
): Promise<AttemptStep['do']> => {
  const attempt = await core.store.attempts.lock(tx, paymentId)
  if (!attempt) throw noSuchPayment()
  const step = decideAttempt({ status: attempt.status, amount: moneyOf(attempt) }, word)
  await act(core, tx, order, attempt, step)
  return step.do
}
