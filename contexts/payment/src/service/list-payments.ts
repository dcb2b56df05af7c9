import type { ListPaymentsAnswer, ListPaymentsRequest } from '@souk/contract/payment'
import { isId } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { noSuchOrder } from '../faults.ts'

/**
 * The attempts of one's own order. Without any, the order itself is asked whose it is, so that a stranger's order is not
 * found whether it was paid or not.
 */
export const listPayments =
  ({ db, store, clients }: Deps) =>
  async ({ orderId }: ListPaymentsRequest, call: Call): Promise<ListPaymentsAnswer> => {
    if (!isId(orderId)) throw noSuchOrder()
    const payments = await store.views.ofOrder(db, orderId, userId(call))
    if (payments.length === 0) {
      const { buyerId } = await clients['order.OrderDueService'].getOwner({ orderId }, call)
      if (buyerId !== userId(call)) throw noSuchOrder()
    }
    return { payments, nextPageToken: '' }
  }
