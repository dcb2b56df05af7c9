import type { ListOrdersAnswer, ListOrdersRequest } from '@souk/contract/order'
import type { Clock } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import { presentSummary } from '../domain/present.ts'
import { type OrderLists, wantedStatus } from '../store/lists.ts'

type Deps = { lists: OrderLists; clock: Clock }

/** The buyer's own orders, newest first. */
export const listOrders =
  ({ lists, clock }: Deps) =>
  async (req: ListOrdersRequest, call: Call): Promise<ListOrdersAnswer> => {
    const { items, nextPageToken } = await lists.list({ buyerId: userId(call), status: wantedStatus(req.status) }, req)
    return { orders: items.map((order) => presentSummary(order, 'buyer', clock.now())), nextPageToken }
  }
