import type { ListShipmentsAnswer, ListShipmentsRequest } from '@souk/contract/fulfillment'
import { fromPageToken, invalid, isId, page, pageSize } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { toShipment } from '../store.ts'

export const listShipments =
  ({ db, store }: Deps) =>
  async (req: ListShipmentsRequest): Promise<ListShipmentsAnswer> => {
    const [before] = fromPageToken(req.pageToken, ['string']) ?? []
    if (before !== undefined && !isId(before))
      throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
    const size = pageSize(req.pageSize)
    const { items, nextPageToken } = page(await store.list(db, req, size, before), size, (row) => [row.id])
    return { shipments: items.map(toShipment), nextPageToken }
  }
