import type { ListShipmentsRequest, Shipment, ShipmentLine, ShipmentStatus } from '@souk/contract/fulfillment'
import type { OrderAllocated } from '@souk/contract/order'
import { empty, type Query, type Sql, sql } from '@souk/platform'
import type { Move } from './domain.ts'

export type ShipmentRow = {
  id: string
  order_id: string
  order_number: string
  group_id: string
  warehouse_id: string
  status: ShipmentStatus
  lines: ShipmentLine[]
  address: Shipment['address']
  carrier: string
  tracking_number: string
  created_at: Date
  shipped_at: Date | null
  delivered_at: Date | null
  version: number
}

const columns = sql`id, order_id, order_number, group_id, warehouse_id, status, lines, address, carrier, tracking_number,
  created_at, shipped_at, delivered_at, version`

export const toShipment = (row: ShipmentRow): Shipment => ({
  id: row.id,
  orderId: row.order_id,
  orderNumber: row.order_number,
  groupId: row.group_id,
  warehouseId: row.warehouse_id,
  status: row.status,
  lines: row.lines,
  carrier: row.carrier,
  trackingNumber: row.tracking_number,
  address: row.address,
  createdAt: row.created_at.toISOString(),
  shippedAt: row.shipped_at?.toISOString(),
  deliveredAt: row.delivered_at?.toISOString(),
  version: row.version,
})

export type NewShipment = {
  id: string
  order: OrderAllocated
  groupId: string
  merchantId: string
  warehouseId: string
  lines: ShipmentLine[]
}

/** SQL of this context; `schema` is its qualified name. */
export const createStore = (schema: Sql) => ({
  find: (db: Query, id: string) =>
    db.one<ShipmentRow>(sql`select ${columns} from ${schema}.shipment where id = ${id}::uuid`),

  lock: (tx: Query, id: string) =>
    tx.one<ShipmentRow>(sql`select ${columns} from ${schema}.shipment where id = ${id}::uuid for update`),

  /** Takes the locks of orders, in one order for everybody, and answers which of them are closed. */
  meetOrders: async (tx: Query, orderIds: readonly string[]): Promise<Set<string>> => {
    const rows = await tx.all<{ order_id: string; closed: boolean }>(sql`
      insert into ${schema}.order_seen as o (order_id) select distinct t.id from unnest(${orderIds}::text[]) t(id) order by t.id
      on conflict (order_id) do update set closed = o.closed returning order_id, closed`)
    return new Set(rows.flatMap(({ order_id: id, closed }) => (closed ? id : [])))
  },

  closeOrder: (tx: Query, orderId: string) =>
    tx.run(sql`
      insert into ${schema}.order_seen (order_id, closed) values (${orderId}, true)
      on conflict (order_id) do update set closed = true`),

  insert: (tx: Query, shipments: readonly NewShipment[]) =>
    tx.run(sql`
      insert into ${schema}.shipment (id, group_id, merchant_id, warehouse_id, lines, order_id, order_number, buyer_id, address)
      select * from unnest(${shipments.map((s) => s.id)}::uuid[], ${shipments.map((s) => s.groupId)}::text[],
        ${shipments.map((s) => s.merchantId)}::text[], ${shipments.map((s) => s.warehouseId)}::text[],
        ${shipments.map((s) => JSON.stringify(s.lines))}::jsonb[], ${shipments.map(({ order }) => order.orderId)}::text[],
        ${shipments.map(({ order }) => order.number)}::text[], ${shipments.map(({ order }) => order.buyerId)}::text[],
        ${shipments.map(({ order }) => JSON.stringify(order.address ?? {}))}::jsonb[])
      on conflict (order_id, group_id) do nothing`),

  lockOfOrder: (tx: Query, orderId: string) =>
    tx.all<ShipmentRow>(
      sql`select ${columns} from ${schema}.shipment where order_id = ${orderId} order by id for update`,
    ),

  ship: (tx: Query, id: string, carrier: string, trackingNumber: string) =>
    tx.one<ShipmentRow>(sql`
      update ${schema}.shipment set status = 'IN_TRANSIT', carrier = ${carrier}, tracking_number = ${trackingNumber},
        shipped_at = now(), version = version + 1
      where id = ${id}::uuid and status in ('CREATED', 'LABELLED') returning ${columns}`),

  deliver: (tx: Query, id: string) =>
    tx.one<ShipmentRow>(sql`
      update ${schema}.shipment set status = 'DELIVERED', delivered_at = now(), version = version + 1
      where id = ${id}::uuid and status = 'IN_TRANSIT' returning ${columns}`),

  void: (tx: Query, id: string) =>
    tx.one<ShipmentRow>(sql`
      update ${schema}.shipment set status = 'VOIDED', version = version + 1
      where id = ${id}::uuid and status in ('CREATED', 'LABELLED') returning ${columns}`),

  remember: (tx: Query, id: string, moves: readonly Move[], actor: string) =>
    tx.run(sql`
      insert into ${schema}.shipment_move (shipment_id, actor, from_status, to_status)
      select ${id}::uuid, ${actor}, t.* from unnest(${moves.map((m) => m.from)}::text[], ${moves.map((m) => m.to)}::text[]) t`),

  /** Newest first, one row more than asked; `before` is the id of the last row of the page before. */
  list: (db: Query, { orderId, status }: ListShipmentsRequest, size: number, before: string | undefined) =>
    db.all<ShipmentRow>(sql`
      select ${columns} from ${schema}.shipment
      where true ${orderId ? sql`and order_id = ${orderId}` : empty}
        ${status !== 'UNSPECIFIED' ? sql`and status = ${status}` : empty}
        ${before ? sql`and id < ${before}::uuid` : empty}
      order by id desc limit ${size + 1}`),
})

export type Store = ReturnType<typeof createStore>
