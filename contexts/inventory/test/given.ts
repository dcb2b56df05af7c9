import type { Books, Hold, Level, Sku } from '../src/domain/books.ts'
import type { Wish } from '../src/domain/holds.ts'
import { type Line, sumLines } from '../src/domain/plan.ts'

export const noon = 1_800_000_000_000

type Stock = {
  sku?: string
  warehouse?: string
  onHand: number
  reserved?: number
  allocated?: number
  safety?: number
}

/** Books as the store opens them. */
export const books = (stock: readonly Stock[], holds: readonly Hold[] = [], now = noon): Books => {
  const levels = new Map<string, Level[]>()
  const skus = new Map<string, Sku>()
  for (const { sku = 'a', warehouse = 'main', onHand, reserved = 0, allocated = 0, safety = 0 } of stock) {
    const was = { onHand, reserved, allocated, safetyStock: safety }
    const level: Level = { skuId: sku, warehouseId: warehouse, ...was, was }
    levels.set(sku, [...(levels.get(sku) ?? []), level])
    skus.set(sku, { skuId: sku, band: 'IN_STOCK', version: 1, was: 1 })
  }
  const byOrder = new Map<string, Hold[]>()
  for (const hold of holds) byOrder.set(hold.orderId, [...(byOrder.get(hold.orderId) ?? []), hold])
  return { now, levels, skus, holds: byOrder, moves: [], facts: [] }
}

/** A stored hold of 3 pieces of SKU `a` in `main`. */
export const hold = (change: Partial<Hold> = {}): Hold => {
  const made = {
    orderId: 'o1',
    attempt: 1,
    external: false,
    expiresAt: noon - 10_000,
    state: 'HELD' as const,
    attached: false,
    checkAt: noon - 5000,
    version: 1,
    lines: [{ skuId: 'a', warehouseId: 'main', quantity: 3, shipped: 0 }],
    ...change,
  }
  const { state, attached, checkAt, version } = made
  return { ...made, was: { state, attached, checkAt, version, shipped: made.lines.map((line) => line.shipped) } }
}

export const wish = (
  orderId: string,
  lines: readonly Line[] = [{ skuId: 'a', quantity: 1 }],
  change: Partial<Wish> = {},
): Wish => ({
  orderId,
  attempt: 1,
  external: false,
  lines: sumLines(lines),
  expiresInMs: 300_000,
  ...change,
})

/** A parcel of order o1 that left, with so many of the first SKU. */
export const parcel = (quantity: number, change = {}) => ({
  shipmentId: 's1',
  orderId: 'o1',
  warehouseId: 'main',
  lines: [{ skuId: 'a', quantity }],
  ...change,
})
