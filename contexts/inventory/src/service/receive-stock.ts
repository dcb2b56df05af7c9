import type { ReceiveStockAnswer, ReceiveStockRequest } from '@souk/contract/inventory'
import { actorName, type Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { receive } from '../domain/goods.ts'
import { type Line, sumLines } from '../domain/plan.ts'
import { noSuchWarehouse } from '../faults.ts'

/** SKUs per transaction; each is received once per reference, so a repeat goes on where a first try ended. */
const mostTogether = 1000

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))

/** Goods come into the default warehouse; a SKU becomes known here, also with a quantity of zero. */
export const receiveStock = (deps: Deps) => {
  const { db, books, reads, within, failpoint } = deps

  const receiveTogether = (lines: readonly Line[], warehouseId: string, req: ReceiveStockRequest, actor: string) =>
    db.tx(async (tx) => {
      const skuIds = lines.map((line) => line.skuId)
      await books.ensure(tx, skuIds, warehouseId, false)
      await within(tx, { skuIds, orderIds: [] }, async (opened) => {
        const done = await reads.received(tx, req.reference, skuIds)
        for (const { skuId, quantity } of lines)
          if (!done.has(skuId))
            receive(opened, {
              skuId,
              warehouseId,
              quantity,
              reason: req.reason || 'receipt',
              actor,
              reference: req.reference,
            })
      })
      await failpoint('inventory.receive.beforeCommit')
    })

  return async (req: ReceiveStockRequest, call: Call): Promise<ReceiveStockAnswer> => {
    const lines = sumLines(req.lines)
    const warehouseId = await reads.warehouseId(db, undefined)
    if (!warehouseId) throw noSuchWarehouse('')
    for (const chunk of chunks(lines, mostTogether))
      await receiveTogether(chunk, warehouseId, req, actorName(call.actor))
    return {
      skus: await reads.availability(
        db,
        lines.map((line) => line.skuId),
      ),
    }
  }
}
