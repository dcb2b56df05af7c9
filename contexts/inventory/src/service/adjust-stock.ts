import type { AdjustStockRequest, GetStockAnswer } from '@souk/contract/inventory'
import { isId, newId } from '@souk/kernel'
import { actorName, audited, type Call, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { adjust } from '../domain/goods.ts'
import { noSuchSku, noSuchWarehouse, nothingToAdjust } from '../faults.ts'

/** A counted difference with reason and actor. What is promised to buyers cannot be adjusted away: OUT_OF_STOCK. */
export const adjustStock = ({ keys, books, reads, within, failpoint }: Deps) => {
  const change = async (tx: Tx, req: AdjustStockRequest, call: Call): Promise<GetStockAnswer> => {
    const { skuId, delta, reason } = req
    const wanted = req.warehouseId || undefined
    const warehouseId = wanted && !isId(wanted) ? undefined : await reads.warehouseId(tx, wanted)
    if (!warehouseId) throw noSuchWarehouse(wanted ?? '')
    if (!(await reads.band(tx, skuId))) throw noSuchSku(skuId)
    await books.ensure(tx, [skuId], warehouseId, true)
    const reference = newId()
    const level = await within(tx, { skuIds: [skuId], orderIds: [] }, (opened) =>
      adjust(opened, { skuId, warehouseId, quantity: delta, reason, actor: actorName(call.actor), reference }),
    )
    tx.audit(
      audited(call, 'stock.adjust', `${skuId}@${warehouseId}`, {
        before: { onHand: level.was.onHand },
        after: { onHand: level.onHand },
        reason,
      }),
    )
    return { skuId, warehouses: await reads.stock(tx, skuId) }
  }

  return (req: AdjustStockRequest, call: Call): Promise<GetStockAnswer> => {
    if (req.delta === 0) throw nothingToAdjust()
    return keys.once(call, async (tx) => {
      const answer = await change(tx, req, call)
      await failpoint('inventory.adjust.beforeCommit')
      return answer
    })
  }
}
