import type { ListMovementsAnswer, ListMovementsRequest } from '@souk/contract/inventory'
import { fromPageToken, invalid, isId, page, pageSize } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { noSuchSku } from '../faults.ts'

/** The ledger of one SKU, newest first. */
export const listMovements =
  ({ db, reads }: Deps) =>
  async (req: ListMovementsRequest): Promise<ListMovementsAnswer> => {
    const [before] = fromPageToken(req.pageToken, ['string']) ?? []
    if (before !== undefined && !isId(before))
      throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
    if (!(await reads.band(db, req.skuId))) throw noSuchSku(req.skuId)
    const size = pageSize(req.pageSize)
    const { items, nextPageToken } = page(await reads.movements(db, req.skuId, size, before), size, (row) => [row.id])
    return { movements: items, nextPageToken }
  }
