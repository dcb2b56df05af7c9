import type { GetStockAnswer, SetSafetyStockRequest } from '@souk/contract/inventory'
import { isId } from '@souk/kernel'
import { audited, type Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { keepBack } from '../domain/goods.ts'
import { noSuchSku, noSuchWarehouse } from '../faults.ts'

/** Changes what buyers may have, so the SKU's band follows in the same transaction. What is reserved stays reserved. */
export const setSafetyStock =
  ({ db, books, reads, within }: Deps) =>
  ({ skuId, warehouseId: wanted = '', safetyStock }: SetSafetyStockRequest, call: Call): Promise<GetStockAnswer> =>
    db.tx(async (tx) => {
      const warehouseId = wanted && !isId(wanted) ? undefined : await reads.warehouseId(tx, wanted || undefined)
      if (!warehouseId) throw noSuchWarehouse(wanted)
      if (!(await reads.band(tx, skuId))) throw noSuchSku(skuId)
      await books.ensure(tx, [skuId], warehouseId, true)
      const level = await within(tx, { skuIds: [skuId], orderIds: [] }, (opened) =>
        keepBack(opened, skuId, warehouseId, safetyStock),
      )
      tx.audit(
        audited(call, 'stock.safety', `${skuId}@${warehouseId}`, {
          before: { safetyStock: level.was.safetyStock },
          after: { safetyStock },
        }),
      )
      return { skuId, warehouses: await reads.stock(tx, skuId) }
    })
