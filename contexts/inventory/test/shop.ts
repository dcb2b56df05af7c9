import { deepEqual } from 'node:assert/strict'
import type { Hold, ReserveStockRequest } from '@souk/contract/inventory'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { startContext, type TestContext } from '@souk/platform/testing'
import { inventory } from '../src/index.ts'

/** Runs at the named kill point; may throw to play a crash there. */
export const failpoints = new Map<string, () => Promise<void>>()

export const openShop = async (env: Record<string, string> = {}) => {
  const app = await startContext(inventory, { env, failpoint: async (name) => failpoints.get(name)?.() })
  const order = () => app.as({ service: 'order', deadlineMs: 60_000 })
  const versions = new Map<string, number>()
  const next = (orderId: string) => {
    const version = (versions.get(orderId) ?? 1) + 1
    versions.set(orderId, version)
    return version
  }
  return {
    app,
    order,
    receive: (stock: Record<string, number>, reference = newId()) =>
      app.services['inventory.StockService'].receiveStock(
        {
          lines: Object.entries(stock).map(([skuId, quantity]) => ({ skuId, quantity })),
          reference,
          reason: 'first stock',
        },
        app.as({ service: 'catalog' }),
      ),
    reserve: (
      stock: Record<string, number>,
      change: Partial<ReserveStockRequest> = {},
      call = order(),
    ): Promise<Hold> =>
      app.services['inventory.InventoryService'].reserveStock(
        {
          orderId: newId(),
          attempt: undefined,
          lines: Object.entries(stock).map(([skuId, quantity]) => ({ skuId, quantity })),
          expiresInSeconds: undefined,
          replacesOrderId: undefined,
          ...change,
        },
        call,
      ),
    release: (orderId: string, call = order()) =>
      app.services['inventory.InventoryService'].releaseStock({ orderId }, call),
    commit: (orderId: string, call = order()) =>
      app.services['inventory.InventoryService'].commitStock({ orderId }, call),
    band: async (skuId: string) =>
      (await app.services['inventory.InventoryService'].getAvailability({ skuId }, app.as())).availability,
    paid: (
      orderId: string,
      stock: Record<string, number>,
      type: 'order.OrderPaid' | 'order.OrderAccepted' = 'order.OrderPaid',
    ) =>
      app.hear({
        type,
        aggregateId: orderId,
        aggregateVersion: next(orderId),
        payload: {
          orderId,
          buyerId: newId(),
          lines: Object.entries(stock).map(([skuId, quantity]) => ({ skuId, quantity })),
        },
      }),
    cancelled: (orderId: string) =>
      app.hear({
        type: 'order.OrderCancelled',
        aggregateId: orderId,
        aggregateVersion: next(orderId),
        payload: { orderId, reason: 'BUYER' },
      }),
    answered: (orderId: string, needed: boolean) => {
      const answerId = newId()
      return app.hear({
        type: 'order.HoldAnswered',
        aggregateId: answerId,
        aggregateVersion: 1,
        payload: { answerId, orderId, needed },
      })
    },
    shipped: (orderId: string, warehouseId: string, stock: Record<string, number>) => {
      const shipmentId = newId()
      const lines = Object.entries(stock).map(([skuId, quantity]) => ({ skuId, quantity }))
      return app.hear({
        type: 'fulfillment.ShipmentShipped',
        aggregateId: shipmentId,
        aggregateVersion: 1,
        payload: { shipmentId, orderId, groupId: newId(), warehouseId, lines },
      })
    },
    saidOf: async (aggregateId: string) =>
      (await app.said())
        .filter((fact) => fact.aggregateId === aggregateId)
        .map((fact) => fact.type.replace('inventory.', '')),
    stock: async (skuId: string) =>
      (
        await app.db.all<{ on_hand: number; reserved: number; allocated: number }>(
          sql`select on_hand, reserved, allocated from ${app.db.schema}.stock where sku_id = ${skuId} order by warehouse_id`,
        )
      ).map((row) => [row.on_hand, row.reserved, row.allocated]),
  }
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** RELIABILITY I1–I3 over everything in the database, and facts without a gap. */
export const checkInvariants = async ({ db }: TestContext): Promise<void> => {
  const { schema } = db
  const broken = await db.all(sql`
    with held as (
      select l.sku_id, l.warehouse_id,
        coalesce(sum(l.quantity) filter (where h.state = 'HELD'), 0) as reserved,
        coalesce(sum(l.quantity - l.shipped) filter (where h.state = 'COMMITTED'), 0) as allocated
      from ${schema}.hold_line l join ${schema}.hold h using (order_id, attempt) group by 1, 2),
    moved as (select sku_id, warehouse_id, sum(quantity) as on_hand from ${schema}.movement group by 1, 2)
    select s.* from ${schema}.stock s left join held h using (sku_id, warehouse_id) left join moved m using (sku_id, warehouse_id)
    where s.reserved <> coalesce(h.reserved, 0) or s.allocated <> coalesce(h.allocated, 0) or s.on_hand <> coalesce(m.on_hand, 0)
      or s.reserved < 0 or s.allocated < 0 or s.reserved + s.allocated > s.on_hand`)
  deepEqual(broken, [])
  const gaps = await db.all(sql`
    select aggregate_id from ${schema}.outbox group by aggregate_id
    having min(aggregate_version) <> 1 or max(aggregate_version) <> count(*)`)
  deepEqual(gaps, [])
  const twoLives = await db.all(sql`
    select order_id from ${schema}.hold where state in ('HELD', 'COMMITTED') group by order_id having count(*) > 1`)
  deepEqual(twoLives, [])
}
