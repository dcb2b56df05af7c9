import type { ListAllOrdersAnswer, ListAllOrdersRequest } from '@souk/contract/order'
import type { Clock } from '@souk/kernel'
import { presentSummary } from '../domain/present.ts'
import { type OrderLists, wantedStatus } from '../store/lists.ts'

type Deps = { lists: OrderLists; clock: Clock }

/** All orders for staff, newest first; `q` is a whole number or id. */
export const listAllOrders =
  ({ lists, clock }: Deps) =>
  async (req: ListAllOrdersRequest): Promise<ListAllOrdersAnswer> => {
    const filter = { buyerId: req.buyerId || undefined, status: wantedStatus(req.status), q: req.q.trim() || undefined }
    const { items, nextPageToken } = await lists.list(filter, req)
    return { orders: items.map((order) => presentSummary(order, 'staff', clock.now())), nextPageToken }
  }
