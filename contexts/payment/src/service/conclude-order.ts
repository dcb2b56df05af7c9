import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { isOpen } from '../domain/attempt.ts'
import { kept, type OrderRow } from '../store/attempts.ts'
import { giveBack } from './give-back.ts'

/**
 * What a cancelled order still needs: kept money goes back, and once nothing is open and nothing is kept, PaymentSettled
 * is said. Answers whether it is all done. The order's lock is held.
 */
export const concludeOrder = async (
  deps: Pick<Deps, 'store' | 'clock' | 'channels' | 'metrics'>,
  tx: Tx,
  order: OrderRow,
): Promise<boolean> => {
  if (order.standing === 'OPEN') return true
  const { attempts, refunds } = deps.store
  const list = await attempts.lockOfOrder(tx, order.order_id)
  if (list.some(({ status }) => isOpen(status))) return false
  for (const attempt of list) if (kept(attempt) > 0) await giveBack(deps, tx, attempt, 'ORDER_CANCELLED')
  if ((await refunds.unresolved(tx, order.order_id)) > 0) return false
  const settled = await attempts.settle(tx, order.order_id)
  if (settled)
    tx.publish({
      type: 'payment.PaymentSettled',
      aggregateId: order.order_id,
      aggregateVersion: settled.version,
      payload: { orderId: order.order_id },
    })
  return true
}
