import type { QuoteSkusAnswer, QuoteSkusRequest, SkuQuote } from '@souk/contract/catalog'
import { isId, money } from '@souk/kernel'
import { type Call, createBatcher } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { hueOf } from '../domain/slug.ts'
import { inLocale } from '../domain/texts.ts'
import { type QuotedSku, quoteSkus as readSkus } from '../store/quote.ts'

const toQuote = (row: QuotedSku, locale: string): SkuQuote => ({
  skuId: row.id,
  productId: row.product_id,
  code: row.code,
  productSlug: row.slug,
  name: inLocale(row.name, row.names, locale),
  options: row.labels[locale] ?? row.options,
  image: row.image,
  price: money(row.currency, row.price),
  listPrice: row.list_price === null ? undefined : money(row.currency, row.list_price),
  availability: row.availability,
  merchantId: row.merchant_id,
  weight: row.weight,
  buyable: row.buyable,
  hue: row.hue ?? hueOf(row.slug),
})

/**
 * What an order freezes of its SKUs; unknown ones are left out. Requests that arrive while a statement is under way
 * share the next one, so each sees every change committed before it arrived.
 */
export const quoteSkus = ({ db }: Pick<Deps, 'db'>) => {
  const reads = createBatcher<readonly string[], ReadonlyMap<string, QuotedSku>>({
    name: 'quote',
    max: 200,
    maxBytes: 2000,
    bytesOf: (ids) => ids.length,
    run: async (requests) => {
      const rows = new Map((await readSkus(db, [...new Set(requests.flat())])).map((row) => [row.id, row]))
      return requests.map(() => rows)
    },
  })
  return async ({ skuIds, locale }: QuoteSkusRequest, call: Call): Promise<QuoteSkusAnswer> => {
    const ids = [...new Set(skuIds)].filter(isId)
    if (ids.length === 0) return { quotes: [] }
    const rows = await reads.add(ids, call.deadline)
    const words = locale || call.locale
    return { quotes: ids.flatMap((id) => (rows.has(id) ? toQuote(rows.get(id)!, words) : [])) }
  }
}
