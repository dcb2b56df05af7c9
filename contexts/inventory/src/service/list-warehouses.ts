import type { ListWarehousesAnswer, ListWarehousesRequest } from '@souk/contract/inventory'
import type { Deps } from '../deps.ts'

/** All of them, the default one first; there are few. */
export const listWarehouses =
  ({ db, reads }: Deps) =>
  async (_req: ListWarehousesRequest): Promise<ListWarehousesAnswer> => ({
    warehouses: await reads.warehouses(db),
    nextPageToken: '',
  })
