import type { AddItemRequest, Cart } from '@souk/contract/cart'
import type { QuoteSkusAnswer, QuoteSkusRequest, SkuQuote } from '@souk/contract/catalog'
import type { ListAvailabilityAnswer, ListAvailabilityRequest } from '@souk/contract/inventory'
import { fault, newId, systemClock } from '@souk/kernel'
import { type Call, silentLog } from '@souk/platform'
import type { As } from '@souk/platform/testing'
import { startContext } from '@souk/platform/testing'
import { createDeps } from '../src/deps.ts'
import { cart } from '../src/index.ts'
import { addItem } from '../src/service/add-item.ts'

/** The cart between a catalog and a warehouse that the test writes itself. */
export const openShop = async () => {
  const offers = new Map<string, SkuQuote>()
  const stock = new Map<string, number>()
  const failpoints = new Map<string, () => Promise<void>>()
  /** How a neighbour behaves: answers, refuses, or never answers. */
  const mood = { catalog: 'ok', inventory: 'ok' } as Record<'catalog' | 'inventory', 'ok' | 'down' | 'hangs'>
  const calls = { catalog: 0, inventory: 0 }
  const meet = async (who: 'catalog' | 'inventory') => {
    calls[who]++
    if (mood[who] === 'down') throw fault('UNAVAILABLE')
    if (mood[who] === 'hangs') await new Promise(() => {})
  }
  /** Deadlines that the neighbours were given, milliseconds since the epoch. */
  const deadlines: number[] = []
  const quoteSkus = async ({ skuIds }: QuoteSkusRequest, { deadline }: Call): Promise<QuoteSkusAnswer> => {
    deadlines.push(deadline)
    await meet('catalog')
    return { quotes: skuIds.flatMap((skuId) => offers.get(skuId) ?? []) }
  }
  const listAvailability = async (
    { skuIds }: ListAvailabilityRequest,
    { deadline }: Call,
  ): Promise<ListAvailabilityAnswer> => {
    deadlines.push(deadline)
    await meet('inventory')
    const known = skuIds.filter((skuId) => stock.has(skuId))
    return {
      skus: known.map((skuId) => {
        const available = stock.get(skuId) ?? 0
        return { skuId, available, band: available > 0 ? 'IN_STOCK' : 'OUT_OF_STOCK', version: 1 }
      }),
    }
  }
  const clients = {
    'catalog.CatalogPriceService': { quoteSkus },
    'inventory.StockService': { listAvailability, receiveStock: async () => ({ skus: [] }) },
  }
  const app = await startContext(cart, { clients, failpoint: async (name) => failpoints.get(name)?.() })
  /** Adding as another process does it, with a batcher of its own over the same database. */
  const elsewhere = addItem(
    createDeps({ db: app.db, clients, clock: systemClock, log: silentLog, failpoint: async () => {}, currency: 'CNY' }),
  )
  const service = app.services['cart.CartService']
  const sell = (price = 1000, available = 100, change: Partial<SkuQuote> = {}): string => {
    const skuId = newId()
    offers.set(skuId, {
      skuId,
      productId: newId(),
      code: 'C-1',
      productSlug: 'shirt',
      name: '衬衫',
      options: { 颜色: '红' },
      image: '/a.webp',
      price: { currency: 'CNY', amount: price },
      listPrice: undefined,
      availability: 'IN_STOCK',
      merchantId: 'm1',
      hue: 210,
      weight: 100,
      buyable: true,
      ...change,
    })
    stock.set(skuId, available)
    return skuId
  }
  return {
    app,
    service,
    offers,
    stock,
    mood,
    calls,
    deadlines,
    elsewhere,
    failpoints,
    sell,
    /** The offer as it stands, to be changed. */
    sold: (skuId: string): SkuQuote => {
      const offer = offers.get(skuId)
      if (!offer) throw new Error(`${skuId} is not sold here`)
      return offer
    },
    add: (skuId: string, quantity: number, as: As, cartToken: AddItemRequest['cartToken'] = ''): Promise<Cart> =>
      service.addItem({ skuId, quantity, cartToken }, app.as(as)),
    get: (as: As, cartToken = ''): Promise<Cart> => service.getCart({ cartToken }, app.as(as)),
    ordered: (buyerId: string, lines: Record<string, number>, eventId = newId(), orderId = newId()) =>
      app.hear({
        type: 'order.OrderPlaced',
        eventId,
        aggregateId: orderId,
        aggregateVersion: 1,
        payload: {
          orderId,
          buyerId,
          lines: Object.entries(lines).map(([skuId, quantity]) => ({ skuId, quantity })),
          total: { currency: 'CNY', amount: 1 },
          at: new Date().toISOString(),
        },
      }),
  }
}

export type Shop = Awaited<ReturnType<typeof openShop>>

export const quantities = (cart: Cart): Record<string, number> =>
  Object.fromEntries(cart.lines.map((line) => [line.skuId, line.quantity]))
