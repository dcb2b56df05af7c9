import type { OrderPaid } from '@souk/contract/order'
import type { Deps } from '../deps.ts'
import { commitOrder } from '../domain/holds.ts'
import { sumLines } from '../domain/plan.ts'
import { applyTogether } from './apply-together.ts'

/** Orders that are paid, or accepted for payment on delivery, get their stock for good. */
export const commitOrders = (deps: Deps) => {
  const { metrics, log } = deps
  const skuIdsOf = ({ lines }: OrderPaid) => lines.map((line) => line.skuId)
  return applyTogether<OrderPaid>(deps, { name: 'commitOrder', skuIdsOf }, (books, { orderId, lines }) => {
    const outcome = commitOrder(books, orderId, sumLines(lines))
    metrics.count('stock_commits', { outcome })
    if (outcome === 'failed') log.error('stock of a paid order is gone', { orderId, error: 'OUT_OF_STOCK' })
  })
}
