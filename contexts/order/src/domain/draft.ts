import type { SkuQuote } from '@souk/contract/catalog'
import { allocate } from '@souk/kernel'
import { notBuyable } from '../faults.ts'
import type { Group, HeldLine, Line, Portion, Totals } from './order.ts'
import { grossOf } from './pricing.ts'
import type { WishLine } from './wish.ts'

/** Puts the catalog's frozen facts to the wished lines; refuses all that cannot be bought, by name. */
export const quotedLines = (
  wished: readonly WishLine[],
  quotes: readonly SkuQuote[],
): { currency: string; lines: Line[] } => {
  const bySku = new Map(quotes.map((quote) => [quote.skuId, quote]))
  const refused = wished.filter(({ skuId }) => {
    const quote = bySku.get(skuId)
    return !quote?.buyable || !quote.price
  })
  if (refused.length > 0) throw notBuyable(refused.map(({ skuId }) => skuId))
  const lines = wished.map(({ skuId, quantity }): Line => {
    const quote = bySku.get(skuId)!
    return {
      skuId,
      quantity,
      unitPrice: quote.price!.amount,
      discount: 0,
      productId: quote.productId,
      slug: quote.productSlug,
      code: quote.code,
      name: quote.name,
      options: quote.options,
      image: quote.image,
      merchantId: quote.merchantId,
      hue: quote.hue,
    }
  })
  const currency = bySku.get(wished[0]!.skuId)!.price!.currency
  const foreign = wished.filter(({ skuId }) => bySku.get(skuId)!.price!.currency !== currency)
  if (foreign.length > 0) throw notBuyable(foreign.map(({ skuId }) => skuId))
  return { currency, lines }
}

/** A line's share in each warehouse that holds some of it; its discount is split to the minor unit. */
const portionsOf = (line: Line, place: number, held: readonly HeldLine[]): (Portion & { warehouseId: string })[] => {
  const quantities = held.map(({ quantity }) => quantity)
  if (quantities.reduce((a, b) => a + b, 0) !== line.quantity) throw new Error('the hold does not cover the lines')
  const shares = allocate(line.discount, quantities)
  return held.map(({ warehouseId, quantity }, at) => ({
    warehouseId,
    line: place,
    quantity,
    discount: shares[at] ?? 0,
  }))
}

/**
 * One group per (merchant, warehouse), in the order of the lines. The freight is spread over the groups in proportion
 * to the gross price of their goods. `nextId` makes the groups' ids.
 */
export const splitIntoGroups = (
  order: Totals & { lines: readonly Line[] },
  held: readonly HeldLine[],
  nextId: () => string,
): Group[] => {
  const bySku = Map.groupBy(held, ({ skuId }) => skuId)
  const groups = new Map<string, Group>()
  for (const [place, line] of order.lines.entries())
    for (const { warehouseId, ...portion } of portionsOf(line, place, bySku.get(line.skuId) ?? [])) {
      const name = JSON.stringify([line.merchantId, warehouseId])
      const group = groups.get(name)
      if (group) group.portions.push(portion)
      else
        groups.set(name, {
          id: nextId(),
          merchantId: line.merchantId,
          warehouseId,
          status: 'CREATED',
          freight: 0,
          portions: [portion],
        })
    }
  const list = [...groups.values()]
  const gross = list.map(({ portions }) =>
    portions.reduce(
      (sum, { line, quantity }) => sum + grossOf({ unitPrice: order.lines[line]!.unitPrice, quantity }),
      0,
    ),
  )
  const freights = allocate(order.freight, gross)
  return list.map((group, at) => ({ ...group, freight: freights[at] ?? 0 }))
}
