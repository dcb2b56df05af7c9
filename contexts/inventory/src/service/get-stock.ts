import type { GetStockAnswer, GetStockRequest } from '@souk/contract/inventory'
import type { Deps } from '../deps.ts'
import { noSuchSku } from '../faults.ts'

export const getStock =
  ({ db, reads }: Deps) =>
  async ({ skuId }: GetStockRequest): Promise<GetStockAnswer> => {
    const warehouses = await reads.stock(db, skuId)
    if (warehouses.length === 0) throw noSuchSku(skuId)
    return { skuId, warehouses }
  }
