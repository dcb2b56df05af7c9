import type { AttemptStatus } from '@souk/contract/payment'
import type { Tx } from '@souk/platform'
import type { Core } from '../deps.ts'
import * as ledger from '../domain/ledger.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import { illegalMove } from '../faults.ts'
import { type AttemptRow, kept, moneyOf, type OrderRow } from '../store/attempts.ts'
import { concludeOrder } from './conclude-order.ts'
import { giveBack } from './give-back.ts'

/** Money that the order cannot use: it is cancelled, or another attempt was captured first. */
const isExtra = async (core: Core, tx: Tx, order: OrderRow, captured: AttemptRow): Promise<boolean> => {
  const others = await core.store.attempts.lockOfOrder(tx, order.order_id)
  return others.some((other) => other.id !== captured.id && kept(other) > 0)
}

/**
 * The capture, whole: attempt, ledger entry and fact in this one transaction, and the automatic refund when the order
 * cannot use the money. `path` are the states passed through. The order's lock is held.
 */
export const capture = async (
  core: Core,
  tx: Tx,
  order: OrderRow,
  attempt: AttemptRow,
  path: readonly AttemptStatus[],
  reference: string,
): Promise<AttemptRow> => {
  const { attempts } = core.store
  const row = await attempts.capture(tx, attempt, reference)
  if (!row) throw illegalMove(attempt.status, 'capture')
  await attempts.remember(tx, row.id, attempt.status, path, 'capture')
  const amount = moneyOf(row)
  const clearing = core.channels.get(row.method)?.clearing ?? 'psp_clearing'
  if (amount.amount > 0) await core.store.ledger.post(tx, ledger.captured(row.id, clearing, amount))
  tx.publish({
    type: 'payment.PaymentSucceeded',
    aggregateId: row.id,
    aggregateVersion: row.version,
    payload: { paymentId: row.id, orderId: row.order_id, amount, method: row.method },
  })
  await tx.unschedule(timerKinds.query, row.id)
  await core.store.cases.close(tx, ['PAYMENT_UNRESOLVED'], row.id, 'CAPTURED')
  if (order.standing !== 'OPEN') await concludeOrder(core, tx, order)
  else if (await isExtra(core, tx, order, row)) await giveBack(core, tx, row, 'ALREADY_PAID')
  core.metrics.count('payments_captured', { method: row.method })
  await core.failpoint('payment.capture.beforeCommit')
  return row
}
