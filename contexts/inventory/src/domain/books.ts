import type { FactPayloads } from '@souk/contract/facts'
import type { HoldState, MovementKind, StockBand } from '@souk/contract/inventory'

/** Counters of one (warehouse, SKU). */
export type Counters = { onHand: number; reserved: number; allocated: number }
type Kept = Counters & { safetyStock: number }
export type Level = Kept & {
  skuId: string
  warehouseId: string
  /** As read under the row's lock. */
  readonly was: Readonly<Kept>
}

/** Times are milliseconds of the database's clock. */
export type HoldLine = { skuId: string; warehouseId: string; quantity: number; shipped: number }
export type Hold = {
  readonly orderId: string
  readonly attempt: number
  readonly external: boolean
  readonly expiresAt: number
  state: HoldState
  attached: boolean
  checkAt: number
  version: number
  lines: HoldLine[]
  /** As read; undefined for a hold that is not stored yet. */
  readonly was:
    | Readonly<{ state: HoldState; attached: boolean; checkAt: number; version: number; shipped: number[] }>
    | undefined
}

/** `version` 0: its band was never announced. */
export type Sku = { skuId: string; band: StockBand; version: number; readonly was: number }

export type Move = {
  skuId: string
  warehouseId: string
  kind: MovementKind
  quantity: number
  reason: string
  actor: string
  reference: string
}

type Spoken =
  | 'inventory.StockReserved'
  | 'inventory.StockReleased'
  | 'inventory.StockCommitted'
  | 'inventory.CommitFailed'
  | 'inventory.HoldOverdue'
  | 'inventory.AvailabilityChanged'

export type Announcement = {
  [K in Spoken]: { type: K; aggregateId: string; aggregateVersion: number; payload: FactPayloads[K] }
}[Spoken]

/**
 * The part of the stock that one transaction has locked, opened in memory. Verbs are decided and written here one after
 * the other, each seeing what the earlier ones did; the store then saves all differences in one statement.
 */
export type Books = {
  /** The transaction's time. */
  readonly now: number
  /** By SKU; the default warehouse first. */
  readonly levels: ReadonlyMap<string, readonly Level[]>
  readonly skus: ReadonlyMap<string, Sku>
  /** By order id, attempts ascending. */
  readonly holds: Map<string, Hold[]>
  readonly moves: Move[]
  readonly facts: Announcement[]
}

/** What a buyer may still take from one warehouse; negative when the safety stock is not covered. */
export const free = (level: Level): number => level.onHand - level.reserved - level.allocated - level.safetyStock

/** What buyers may take of a SKU in all warehouses together; one warehouse's lack is not another's. */
export const available = (books: Books, skuId: string): number =>
  (books.levels.get(skuId) ?? []).reduce((sum, level) => sum + Math.max(free(level), 0), 0)

/** The public word for a quantity; up to `low` is LOW. */
export const bandOf = (quantity: number, low: number): StockBand => {
  if (quantity <= 0) return 'OUT_OF_STOCK'
  return quantity <= low ? 'LOW' : 'IN_STOCK'
}

/** Announces every band that differs from the last one announced. Called once, after the last verb. */
export const settleBands = (books: Books, low: number): void => {
  for (const sku of books.skus.values()) {
    const band = bandOf(available(books, sku.skuId), low)
    if (band === sku.band && sku.version > 0) continue
    sku.band = band
    sku.version++
    books.facts.push({
      type: 'inventory.AvailabilityChanged',
      aggregateId: sku.skuId,
      aggregateVersion: sku.version,
      payload: { skuId: sku.skuId, band, version: sku.version },
    })
  }
}

export const levelOf = (books: Books, skuId: string, warehouseId: string): Level | undefined =>
  books.levels.get(skuId)?.find((level) => level.warehouseId === warehouseId)
