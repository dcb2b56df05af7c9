import type { ListAllPaymentsAnswer, ListAllPaymentsRequest } from '@souk/contract/payment'
import { isId, page, pageSize } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { beforeId } from '../page.ts'

export const listAllPayments =
  ({ db, store }: Deps) =>
  async (req: ListAllPaymentsRequest): Promise<ListAllPaymentsAnswer> => {
    const size = pageSize(req.pageSize)
    const before = beforeId(req.pageToken)
    if (req.orderId && !isId(req.orderId)) return { payments: [], nextPageToken: '' }
    const { items, nextPageToken } = page(await store.views.list(db, req, size, before), size, (row) => [row.id])
    return { payments: items, nextPageToken }
  }
