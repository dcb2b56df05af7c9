import type { CaptureRequested } from '@souk/contract/order'
import { newId } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { noSuchPayment, orderNotPayable } from '../faults.ts'
import type { AttemptRow } from '../store/attempts.ts'
import { capture } from './capture.ts'

/** The method of an order that costs nothing: no channel, no postings, one capture of zero. */
const method = 'none'

/** Captures a zero total inside a transaction, once per order; nothing for an order that is not open any more. */
export const captureNothingWithin = async (
  deps: Deps,
  tx: Tx,
  { orderId, buyerId, amount }: CaptureRequested,
  orderNumber: string,
): Promise<AttemptRow | undefined> => {
  if (amount?.amount !== 0) return undefined
  const { attempts } = deps.store
  const order = await attempts.lockOrder(tx, orderId)
  const known = (await attempts.lockOfOrder(tx, orderId)).find((attempt) => attempt.method === method)
  if (known || order.standing !== 'OPEN') return known
  const row = await attempts.insert(tx, { id: newId(), orderId, orderNumber, buyerId, method, amount })
  return row && capture(deps, tx, order, row, ['PROCESSING', 'CAPTURED'], '')
}

/** The same for a buyer who asks to pay an order that costs nothing. */
export const captureNothing =
  (deps: Deps) =>
  async (request: CaptureRequested, orderNumber: string): Promise<AttemptRow> => {
    const row = await deps.db.tx((tx) => captureNothingWithin(deps, tx, request, orderNumber))
    if (!row) throw orderNotPayable()
    if (row.buyer_id !== request.buyerId) throw noSuchPayment()
    return row
  }
