import { noSuchSku, noSuchWarehouse, outOfStock, tooMuchStock } from '../faults.ts'
import { type Books, type Level, levelOf } from './books.ts'

/** More than any warehouse holds; keeps every sum far from the end of the safe integers. */
export const mostOnHand = 1_000_000_000_000

export type Change = {
  skuId: string
  warehouseId: string
  quantity: number
  reason: string
  actor: string
  reference: string
}

const put = (level: Level, quantity: number, field: string): void => {
  if (level.onHand + quantity > mostOnHand) throw tooMuchStock(field)
  level.onHand += quantity
}

/** Goods came in. Zero only makes the SKU known. */
export const receive = (books: Books, change: Change): void => {
  const level = levelOf(books, change.skuId, change.warehouseId)
  if (!level) throw noSuchSku(change.skuId)
  if (change.quantity === 0) return
  put(level, change.quantity, 'quantity')
  books.moves.push({ kind: 'RECEIPT', ...change })
}

/** What a warehouse keeps back. More than is there is allowed: nothing can be had until more comes. */
export const keepBack = (books: Books, skuId: string, warehouseId: string, safetyStock: number): Level => {
  const level = levelOf(books, skuId, warehouseId)
  if (!level) throw noSuchWarehouse(warehouseId)
  level.safetyStock = safetyStock
  return level
}

/** A counted difference. What is reserved or allocated cannot be taken away: OUT_OF_STOCK with what could be. */
export const adjust = (books: Books, change: Change): Level => {
  if (!books.skus.has(change.skuId)) throw noSuchSku(change.skuId)
  const level = levelOf(books, change.skuId, change.warehouseId)
  if (!level) throw noSuchWarehouse(change.warehouseId)
  const loose = level.onHand - level.reserved - level.allocated
  if (loose + change.quantity < 0) throw outOfStock(change.skuId, loose)
  put(level, change.quantity, 'delta')
  books.moves.push({ kind: 'ADJUSTMENT', ...change })
  return level
}
