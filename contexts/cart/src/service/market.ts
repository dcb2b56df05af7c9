import type { SkuQuote } from '@souk/contract/catalog'
import { type Call, errorText } from '@souk/platform'
import type { Deps } from '../deps.ts'
import type { Market, Stock } from '../domain.ts'

/** A neighbour that takes longer counts as silent: the cart is shown without it. */
const patienceMs = 500

/** Asks catalog and inventory about SKUs, each in one call. */
export const createMarket = ({ clients, clock, log }: Deps) => {
  const catalog = clients['catalog.CatalogPriceService']
  const inventory = clients['inventory.StockService']

  const briefly = (call: Call): Call => ({
    ...call,
    deadline: Math.min(call.deadline, clock.now().getTime() + patienceMs),
  })

  const orSilent = async <T>(neighbour: string, answer: Promise<T>): Promise<T | undefined> => {
    try {
      return await answer
    } catch (error) {
      log.warn('cart is shown without a neighbour', { neighbour, error: errorText(error) })
      return undefined
    }
  }

  /** Throws when the catalog does not answer. */
  const quotes = async (skuIds: readonly string[], call: Call): Promise<Map<string, SkuQuote>> => {
    if (skuIds.length === 0) return new Map()
    const { quotes: list } = await catalog.quoteSkus({ skuIds: [...skuIds], locale: call.locale }, call)
    return new Map(list.map((offer) => [offer.skuId, offer]))
  }

  const stockOf = async (skuIds: readonly string[], call: Call): Promise<Map<string, Stock>> => {
    if (skuIds.length === 0) return new Map()
    const { skus } = await inventory.listAvailability({ skuIds: [...skuIds] }, call)
    return new Map(skus.map(({ skuId, available, band }) => [skuId, { available, band: band as Stock['band'] }]))
  }

  return {
    quotes,
    /** Undefined when inventory does not answer. */
    stock: (skuIds: readonly string[], call: Call) => orSilent('inventory', stockOf(skuIds, briefly(call))),
    /** Both neighbours at once; `known` offers are not asked for again. */
    async look(skuIds: readonly string[], call: Call, known?: ReadonlyMap<string, SkuQuote>): Promise<Market> {
      const missing = skuIds.filter((skuId) => !known?.has(skuId))
      const [offers, stock] = await Promise.all([
        orSilent('catalog', quotes(missing, briefly(call))),
        orSilent('inventory', stockOf(skuIds, briefly(call))),
      ])
      return { offers: offers && new Map([...offers, ...(known ?? [])]), stock }
    },
  }
}
