import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { type AttemptStep, decideAttempt } from '../domain/attempt.ts'
import type { ChannelWord, Lost } from '../domain/words.ts'
import { noSuchPayment } from '../faults.ts'
import { type AttemptRow, moneyOf, type OrderRow } from '../store/attempts.ts'
import { nextTry, timerKinds } from '../timers.ts'
import { capture } from './capture.ts'
import { concludeOrder } from './conclude-order.ts'
import { suspend } from './give-back.ts'

type Step<Kind extends AttemptStep['do']> = Extract<AttemptStep, { do: Kind }>

/** The buyer or the channel has to act; a choice of pay on delivery is told, for it needs no money to go on. */
const wait = async (deps: Deps, tx: Tx, attempt: AttemptRow, step: Step<'wait'>): Promise<void> => {
  const remote = deps.channels.get(attempt.method)?.remote ?? true
  const tells = !remote && attempt.status === 'INITIATED'
  const row = await deps.store.attempts.proceed(tx, attempt, 'PROCESSING', tells ? 1 : 0, step)
  if (!row) return
  await deps.store.attempts.remember(tx, row.id, attempt.status, step.path, 'channel')
  if (remote) await tx.schedule(nextTry(deps, timerKinds.query, row.id, 0))
  else await tx.unschedule(timerKinds.query, row.id)
  if (tells)
    tx.publish({
      type: 'payment.DeliveryPaymentChosen',
      aggregateId: row.id,
      aggregateVersion: row.version,
      payload: { paymentId: row.id, orderId: row.order_id },
    })
}

const lose = async (deps: Deps, tx: Tx, attempt: AttemptRow, step: Step<'lose'>): Promise<void> => {
  const row = await deps.store.attempts.proceed(tx, attempt, 'UNKNOWN', 0)
  if (!row) return
  await deps.store.attempts.remember(tx, row.id, attempt.status, step.path, 'no answer')
  await tx.schedule(nextTry(deps, timerKinds.query, row.id, 0))
}

const end = async (
  deps: Deps,
  tx: Tx,
  order: OrderRow,
  attempt: AttemptRow,
  path: AttemptRow['status'][],
  failure: string,
): Promise<void> => {
  const to = path.at(-1) ?? attempt.status
  const row = await deps.store.attempts.end(tx, attempt, to, failure)
  if (!row) return
  await deps.store.attempts.remember(tx, row.id, attempt.status, path, failure || 'voided')
  tx.publish({
    type: 'payment.PaymentFailed',
    aggregateId: row.id,
    aggregateVersion: row.version,
    payload: { paymentId: row.id, orderId: row.order_id, outcome: to === 'VOIDED' ? 'VOIDED' : 'DECLINED' },
  })
  await tx.unschedule(timerKinds.query, row.id)
  await deps.store.cases.close(tx, ['PAYMENT_UNRESOLVED'], row.id, to)
  deps.metrics.count('payments_failed', { method: row.method, outcome: to })
  await concludeOrder(deps, tx, order)
}

const act = async (deps: Deps, tx: Tx, order: OrderRow, attempt: AttemptRow, step: AttemptStep): Promise<void> => {
  switch (step.do) {
    case 'wait':
      return wait(deps, tx, attempt, step)
    case 'lose':
      return lose(deps, tx, attempt, step)
    case 'capture':
      await capture(deps, tx, order, attempt, step.path, step.reference)
      return
    case 'end':
      return end(deps, tx, order, attempt, step.path, step.failure)
    case 'suspend':
      await suspend(deps, tx, attempt, step.received, 'AMOUNT_MISMATCH')
      return end(deps, tx, order, attempt, step.path, 'AMOUNT_MISMATCH')
    case 'stray':
      return suspend(deps, tx, attempt, step.received, 'STRAY_MONEY')
    default:
      return undefined
  }
}

/**
 * Applies a channel's own word to an attempt, under the lock of its order. Answers what was decided; `recreate` is left
 * to the caller, who may talk to the channel.
 */
export const settleAttempt =
  (deps: Deps) =>
  async (paymentId: string, word: ChannelWord | Lost): Promise<AttemptStep['do']> => {
    const known = await deps.store.attempts.find(deps.db, paymentId)
    if (!known) throw noSuchPayment()
    const done = await deps.db.tx(async (tx) => {
      const order = await deps.store.attempts.lockOrder(tx, known.order_id)
      const attempt = await deps.store.attempts.lock(tx, paymentId)
      if (!attempt) throw noSuchPayment()
      const step = decideAttempt({ status: attempt.status, amount: moneyOf(attempt) }, word)
      await act(deps, tx, order, attempt, step)
      return step.do
    })
    if (done === 'capture') await deps.failpoint('payment.capture.afterCommit')
    return done
  }
