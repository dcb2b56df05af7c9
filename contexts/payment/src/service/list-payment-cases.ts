import type { ListPaymentCasesAnswer, ListPaymentCasesRequest } from '@souk/contract/payment'
import { page, pageSize } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { beforeId } from '../page.ts'

/** Open cases, newest first; `closed` adds those that are over. */
export const listPaymentCases =
  ({ db, store }: Deps) =>
  async ({ orderId, closed, pageSize: asked, pageToken }: ListPaymentCasesRequest): Promise<ListPaymentCasesAnswer> => {
    const size = pageSize(asked)
    const rows = await store.cases.list(db, { orderId, closed }, size, beforeId(pageToken))
    const { items, nextPageToken } = page(rows, size, (one) => [one.id])
    return { cases: items, nextPageToken }
  }
