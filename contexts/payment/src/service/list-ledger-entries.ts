import type { ListLedgerEntriesAnswer, ListLedgerEntriesRequest } from '@souk/contract/payment'
import { page, pageSize } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { beforeId } from '../page.ts'

export const listLedgerEntries =
  ({ db, store }: Deps) =>
  async (req: ListLedgerEntriesRequest): Promise<ListLedgerEntriesAnswer> => {
    const size = pageSize(req.pageSize)
    const rows = await store.ledger.list(db, size, beforeId(req.pageToken))
    const { items, nextPageToken } = page(rows, size, (entry) => [entry.id])
    return { entries: items, nextPageToken }
  }
