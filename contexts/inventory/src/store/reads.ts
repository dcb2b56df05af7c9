import type {
  Movement,
  MovementKind,
  SkuAvailability,
  StockBand,
  Warehouse,
  WarehouseStock,
} from '@souk/contract/inventory'
import { empty, type Query, type Sql, sql } from '@souk/platform'

type StockRow = {
  warehouse_id: string
  on_hand: number
  reserved: number
  allocated: number
  safety_stock: number
}
type WarehouseRow = { id: string; code: string; name: string; is_default: boolean; created_at: Date }
type MovementRow = {
  id: string
  sku_id: string
  warehouse_id: string
  kind: MovementKind
  quantity: number
  reason: string
  actor: string
  at: Date
}

const toStock = (row: StockRow): WarehouseStock => ({
  warehouseId: row.warehouse_id,
  onHand: row.on_hand,
  reserved: row.reserved,
  allocated: row.allocated,
  available: row.on_hand - row.reserved - row.allocated - row.safety_stock,
  safetyStock: row.safety_stock,
})

const toWarehouse = (row: WarehouseRow): Warehouse => ({
  id: row.id,
  code: row.code,
  name: row.name,
  isDefault: row.is_default,
  createdAt: row.created_at.toISOString(),
})

const toMovement = (row: MovementRow): Movement => ({
  id: row.id,
  skuId: row.sku_id,
  warehouseId: row.warehouse_id,
  kind: row.kind,
  quantity: row.quantity,
  reason: row.reason,
  actor: row.actor,
  at: row.at.toISOString(),
})

/** Reads go from SQL to reply. */
export const createReads = (schema: Sql) => ({
  band: async (db: Query, skuId: string): Promise<StockBand | undefined> =>
    (await db.one<{ band: StockBand }>(sql`select band from ${schema}.sku where sku_id = ${skuId}`))?.band,

  /** Known SKUs only. */
  availability: async (db: Query, skuIds: readonly string[]): Promise<SkuAvailability[]> => {
    const rows = await db.all<{ sku_id: string; available: number; band: StockBand; version: number }>(sql`
      select k.sku_id, k.band, k.version,
        coalesce((select sum(greatest(s.on_hand - s.reserved - s.allocated - s.safety_stock, 0)) from ${schema}.stock s where s.sku_id = k.sku_id), 0)::int8 as available
      from ${schema}.sku k where k.sku_id = any(${skuIds}::text[])`)
    return rows.map(({ sku_id, ...row }) => ({ skuId: sku_id, ...row }))
  },

  stock: async (db: Query, skuId: string): Promise<WarehouseStock[]> =>
    (
      await db.all<StockRow>(sql`
        select s.warehouse_id, s.on_hand, s.reserved, s.allocated, s.safety_stock
        from ${schema}.stock s join ${schema}.warehouse w on w.id = s.warehouse_id
        where s.sku_id = ${skuId} order by w.is_default desc, w.created_at, w.id`)
    ).map(toStock),

  /** Newest first, one more than asked; `before` is the id of the last row of the page before. */
  movements: async (db: Query, skuId: string, size: number, before: string | undefined): Promise<Movement[]> =>
    (
      await db.all<MovementRow>(sql`
        select id, sku_id, warehouse_id, kind, quantity, reason, actor, at from ${schema}.movement
        where sku_id = ${skuId} ${before ? sql`and id < ${before}::uuid` : empty} order by id desc limit ${size + 1}`)
    ).map(toMovement),

  warehouses: async (db: Query): Promise<Warehouse[]> =>
    (
      await db.all<WarehouseRow>(
        sql`select id, code, name, is_default, created_at from ${schema}.warehouse order by is_default desc, created_at, id`,
      )
    ).map(toWarehouse),

  /** The given warehouse, without an id the default one. */
  warehouseId: async (db: Query, id: string | undefined): Promise<string | undefined> =>
    (
      await db.one<{ id: string }>(
        id
          ? sql`select id from ${schema}.warehouse where id = ${id}::uuid`
          : sql`select id from ${schema}.warehouse where is_default`,
      )
    )?.id,

  insertWarehouse: async (db: Query, row: { id: string; code: string; name: string; isDefault: boolean }) => {
    const made = await db.one<WarehouseRow>(sql`
      insert into ${schema}.warehouse (id, code, name, is_default) values (${row.id}::uuid, ${row.code}, ${row.name}, ${row.isDefault})
      on conflict do nothing returning id, code, name, is_default, created_at`)
    return made && toWarehouse(made)
  },

  /** SKUs among `skuIds` that this reference already brought in. */
  received: async (db: Query, reference: string, skuIds: readonly string[]): Promise<Set<string>> => {
    const rows = await db.all<{ sku_id: string }>(sql`
      select sku_id from ${schema}.movement where kind = 'RECEIPT' and reference = ${reference} and sku_id = any(${skuIds}::text[])`)
    return new Set(rows.map((row) => row.sku_id))
  },

  /** Order ids whose hold is to be looked at, the longest waiting first. */
  dueHolds: async (db: Query, limit: number): Promise<string[]> =>
    (
      await db.all<{ order_id: string }>(
        sql`select order_id from ${schema}.hold where state = 'HELD' and check_at <= now() order by check_at limit ${limit}`,
      )
    ).map((row) => row.order_id),
})

export type Reads = ReturnType<typeof createReads>
