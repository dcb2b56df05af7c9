import type { SkuQuote } from '@souk/contract/catalog'
import type { FactPayloads } from '@souk/contract/facts'
import type { HoldLine, ReserveStockRequest } from '@souk/contract/inventory'
import type { OrderLineInput, PlaceOrderRequest } from '@souk/contract/order'
import { PlaceOrderRequest as PlaceOrder, PrepareOrderRequest as PrepareOrder } from '@souk/contract/order'
import { fault, newId } from '@souk/kernel'
import { type FactType, sql } from '@souk/platform'
import { startContext, type TestContext } from '@souk/platform/testing'
import { order } from '../src/index.ts'
import { address as sample } from './given.ts'

const { id: _none, ...address } = sample

type FakeHold = { attempt: number; state: 'HELD' | 'RELEASED'; lines: HoldLine[]; expiresAt: Date }

/** A neighbourhood with real rules: prices, one cart per buyer, addresses, and stock that can run out. */
export const createNeighbours = () => {
  const prices = new Map<string, number>()
  const stock = new Map<string, number>()
  const holds = new Map<string, FakeHold>()
  const past = new Map<string, FakeHold[]>()
  const carts = new Map<string, OrderLineInput[]>()
  const addresses = new Map<string, string>()
  const calls: string[] = []
  /** Runs before the named call answers; throw to make it fail. */
  const before: { [method: string]: () => Promise<void> | void } = {}

  const enter = async (method: string) => {
    calls.push(method)
    await before[method]?.()
  }

  const free = (orderId: string) => {
    const hold = holds.get(orderId)
    if (hold?.state !== 'HELD') return
    for (const { skuId, quantity } of hold.lines) stock.set(skuId, stock.get(skuId)! + quantity)
    hold.state = 'RELEASED'
  }

  const shown = (orderId: string, hold = holds.get(orderId)) => {
    if (!hold) throw fault('NOT_FOUND')
    const { attempt, state, lines, expiresAt } = hold
    return { orderId, attempt, state, lines, expiresAt: expiresAt.toISOString() }
  }

  const asText = (lines: readonly { skuId: string; quantity: number }[]) =>
    JSON.stringify(lines.map(({ skuId, quantity }) => [skuId, quantity]).sort())

  const freedBy = (replaced: string | undefined, skuId: string) => {
    const hold = replaced ? holds.get(replaced) : undefined
    return hold?.state === 'HELD' ? (hold.lines.find((l) => l.skuId === skuId)?.quantity ?? 0) : 0
  }

  /** As inventory's own: a repeat answers that attempt as it is now; another one needs the newest to have ended. */
  const reserve = (req: ReserveStockRequest): FakeHold => {
    const attempts = past.get(req.orderId) ?? []
    const same = attempts.find(({ attempt }) => attempt === req.attempt)
    const newest = attempts.at(-1)
    if (
      same
        ? asText(same.lines) !== asText(req.lines)
        : newest && (newest.state === 'HELD' || newest.attempt > req.attempt!)
    )
      throw fault('HOLD_CONFLICT')
    if (same) return same
    for (const { skuId, quantity } of req.lines)
      if ((stock.get(skuId) ?? 0) + freedBy(req.replacesOrderId, skuId) < quantity)
        throw fault('OUT_OF_STOCK', { skuId })
    if (req.replacesOrderId) free(req.replacesOrderId)
    for (const { skuId, quantity } of req.lines) stock.set(skuId, stock.get(skuId)! - quantity)
    const hold: FakeHold = {
      attempt: req.attempt ?? 1,
      state: 'HELD',
      lines: req.lines.map((line) => ({ ...line, warehouseId: 'w1' })),
      expiresAt: new Date(Date.now() + (req.expiresInSeconds ?? 300) * 1000),
    }
    holds.set(req.orderId, hold)
    past.set(req.orderId, [...attempts, hold])
    return hold
  }

  const quote = (skuId: string): SkuQuote[] => {
    const price = prices.get(skuId)
    if (price === undefined) return []
    return [
      {
        skuId,
        productId: `product-${skuId}`,
        code: skuId,
        productSlug: skuId,
        name: `茶壶 ${skuId}`,
        options: { 颜色: '青' },
        image: '/media/1.webp',
        price: { currency: 'CNY', amount: price },
        availability: 'IN_STOCK',
        merchantId: 'm1',
        hue: 210,
        weight: 0,
        buyable: !skuId.startsWith('retired'),
      },
    ]
  }

  return {
    prices,
    stock,
    holds,
    carts,
    addresses,
    calls,
    before,
    /** Ids of what is held now. */
    held: () => [...holds].filter(([, { state }]) => state === 'HELD').map(([id]) => id),
    clients: {
      'catalog.CatalogPriceService': {
        quoteSkus: async ({ skuIds }: { skuIds: string[] }) => {
          await enter('quoteSkus')
          return { quotes: skuIds.flatMap(quote) }
        },
      },
      'cart.CartLinesService': {
        listSelectedLines: async ({ userId }: { userId: string }) => {
          await enter('listSelectedLines')
          return { lines: carts.get(userId) ?? [] }
        },
      },
      'identity.IdentityService': {
        snapshotAddress: async ({ userId, addressId }: { userId: string; addressId: string }) => {
          await enter('snapshotAddress')
          if (addresses.get(addressId) !== userId) throw fault('NOT_FOUND')
          return { ...address, id: addressId }
        },
      },
      'inventory.InventoryService': {
        reserveStock: async (req: ReserveStockRequest) => {
          await enter('reserveStock')
          const hold = reserve(req)
          await before.afterReserve?.()
          return shown(req.orderId, hold)
        },
        releaseStock: async ({ orderId }: { orderId: string }) => {
          await enter('releaseStock')
          free(orderId)
          return shown(orderId)
        },
      },
    },
  }
}

export type Shop = TestContext &
  ReturnType<typeof createNeighbours> & {
    buyer(): string
    /** A request for some of `tea`, or whatever the patch says. */
    wish(patch?: Partial<PlaceOrderRequest>): PlaceOrderRequest
    place(
      buyer: string,
      patch?: Partial<PlaceOrderRequest>,
      key?: string,
    ): ReturnType<TestContext['services']['order.OrderService']['placeOrder']>
    prepare(
      buyer: string,
      patch?: Partial<PlaceOrderRequest>,
    ): ReturnType<TestContext['services']['order.OrderService']['prepareOrder']>
  }

let told = 0

/** Lets a shop hear what the neighbours say; every fact is the next of its aggregate. */
export const neighboursOf = (app: TestContext) => {
  const versions = new Map<string, number>()
  const hear = <K extends FactType>(type: K, aggregateId: string, payload: FactPayloads[K]) => {
    const aggregateVersion = (versions.get(aggregateId) ?? 0) + 1
    versions.set(aggregateId, aggregateVersion)
    return app.hear({ type, aggregateId, aggregateVersion, payload })
  }
  const cny = (amount: number) => ({ currency: 'CNY', amount })
  const due = app.services['order.OrderDueService']
  return {
    begin: (buyerId: string, orderId: string, paymentId: string = newId(), method = 'sandbox') =>
      due.beginPayment({ orderId, buyerId, paymentId, method }, app.as({ service: 'payment' })),
    beginShipping: (orderId: string, groupId: string) =>
      due.beginShipping({ orderId, groupId }, app.as({ service: 'fulfillment' })),
    succeeded: (orderId: string, amount: number, paymentId: string = newId()) =>
      hear('payment.PaymentSucceeded', paymentId, { paymentId, orderId, amount: cny(amount), method: 'sandbox' }),
    failed: (orderId: string, paymentId: string) =>
      hear('payment.PaymentFailed', paymentId, { paymentId, orderId, outcome: 'DECLINED' }),
    onDelivery: (orderId: string, paymentId: string) =>
      hear('payment.DeliveryPaymentChosen', paymentId, { paymentId, orderId }),
    refunded: (orderId: string, amount: number, paymentId: string) =>
      hear('payment.PaymentRefunded', paymentId, {
        paymentId,
        orderId,
        refundId: newId(),
        amount: cny(amount),
        capturedTotal: undefined,
        refundedTotal: undefined,
      }),
    settled: (orderId: string) => hear('payment.PaymentSettled', `settled-${orderId}`, { orderId }),
    committed: (orderId: string) => hear('inventory.StockCommitted', orderId, { orderId, lines: [] }),
    commitFailed: (orderId: string) => hear('inventory.CommitFailed', orderId, { orderId, reason: '' }),
    overdue: (orderId: string) => hear('inventory.HoldOverdue', `hold-${told++}`, { orderId, attempt: 1 }),
    shipped: (orderId: string, groupId: string) =>
      hear('fulfillment.ShipmentShipped', groupId, {
        shipmentId: groupId,
        orderId,
        groupId,
        warehouseId: 'w1',
        lines: [],
      }),
    delivered: (orderId: string, groupId: string) =>
      hear('fulfillment.ShipmentDelivered', groupId, { shipmentId: groupId, orderId, groupId }),
  }
}

/** What must be true of every order at any time (RELIABILITY I11, I13): rows that break it. */
export const brokenBooks = ({ db }: Pick<TestContext, 'db'>): Promise<unknown[]> =>
  db.all(sql`
    with told as (
      select order_id, version, was, status, lag(status) over w as before, lag(version, 1, 0) over w as previous,
        row_number() over (partition by order_id order by version desc) = 1 as newest
      from ${db.schema}.timeline window w as (partition by order_id order by version))
    select t.order_id, 'history' as what from told t where t.was is distinct from t.before or t.version <> t.previous + 1
    union all
    select o.id, 'state' from ${db.schema}.orders o left join told t on t.order_id = o.id and t.newest
      where t.version is distinct from o.version or t.status is distinct from o.status
    union all
    select o.id, 'totals' from ${db.schema}.orders o
      where o.subtotal <> (select sum((l->>'unitPrice')::bigint * (l->>'quantity')::bigint) from jsonb_array_elements(o.lines) l)
        or o.discount <> (select sum((l->>'discount')::bigint) from jsonb_array_elements(o.lines) l)
        or o.quantity <> (select sum((l->>'quantity')::bigint) from jsonb_array_elements(o.lines) l)
    union all
    select o.id, 'unpaid' from ${db.schema}.orders o
      where o.status in ('PAID', 'SHIPPED', 'DELIVERED') and not o.paid and not o.on_delivery
    union all
    select f.aggregate_id::uuid, 'fact' from ${db.schema}.outbox f left join ${db.schema}.timeline t
      on t.order_id = f.aggregate_id::uuid and t.version = f.aggregate_version
      where f.type <> 'order.HoldAnswered' and t.order_id is null`)

/** The order context among its neighbours: `tea` costs 100.00 and there are 1,000 of it. */
export const startShop = async (
  options: { env?: Record<string, string>; failpoint?: (name: string) => Promise<void> } = {},
): Promise<Shop> => {
  const neighbours = createNeighbours()
  neighbours.prices.set('tea', 10_000).set('cup', 2_500).set('gift', 0).set('retired-pot', 1)
  for (const skuId of ['tea', 'cup', 'gift', 'retired-pot']) neighbours.stock.set(skuId, 1000)
  const app = await startContext(order, { clients: neighbours.clients, ...options })
  const service = app.services['order.OrderService']
  const wish = (patch: Partial<PlaceOrderRequest> = {}) =>
    PlaceOrder.fromPartial(patch.preparationId ? patch : { lines: [{ skuId: 'tea', quantity: 2 }], address, ...patch })
  return Object.assign(app, neighbours, {
    buyer: newId,
    wish,
    place: (buyer: string, patch: Partial<PlaceOrderRequest> = {}, key = newId()) =>
      service.placeOrder(wish(patch), app.as({ user: buyer, key, requestHash: JSON.stringify(patch) })),
    prepare: (buyer: string, patch: Partial<PlaceOrderRequest> = {}) =>
      service.prepareOrder(PrepareOrder.fromPartial(wish(patch)), app.as({ user: buyer })),
  })
}
