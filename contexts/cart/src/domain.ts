import type { Cart, CartLine, CartProduct, Explanation, LineProblem, Quote, QuoteLine } from '@souk/contract/cart'
import type { SkuQuote } from '@souk/contract/catalog'
import type { StockBand } from '@souk/contract/inventory'
import { add, type Money, sameMoney, sum, times, zero } from '@souk/kernel'

export const mostLines = 500
export const mostPieces = 9999

/** What a line remembers of its product, for the time when the catalog does not answer. */
export type Snapshot = Omit<CartProduct, 'availability'>

/** `price` and `product` are as they were when the line was last added. */
export type Line = {
  skuId: string
  quantity: number
  selected: boolean
  price: Money
  product: Snapshot
  addedAt: string
}

/** What may be bought: a line of a cart, or a SKU that somebody only asks about and that has no past. */
export type Wanted = { skuId: string; quantity: number; price?: Money; product?: Snapshot }

export type Stock = { available: number; band: StockBand }

/** What the neighbours say now, by SKU; undefined where one does not answer. */
export type Market = {
  offers: ReadonlyMap<string, SkuQuote> | undefined
  stock: ReadonlyMap<string, Stock> | undefined
}

export const snapshot = (offer: SkuQuote): Snapshot => ({
  productId: offer.productId,
  slug: offer.productSlug,
  name: offer.name,
  code: offer.code,
  options: offer.options,
  image: offer.image,
  merchantId: offer.merchantId,
  hue: offer.hue,
})

const nothingKnown: Snapshot = {
  productId: '',
  slug: '',
  name: '',
  code: '',
  options: {},
  image: '',
  merchantId: '',
  hue: 0,
}

const stockProblems = (quantity: number, stock: Stock | undefined, answered: boolean): LineProblem[] => {
  if (!answered) return [{ kind: 'AVAILABILITY_UNKNOWN' }]
  const available = stock?.available ?? 0
  if (available <= 0) return [{ kind: 'OUT_OF_STOCK' }]
  return available < quantity ? [{ kind: 'SHORT', available }] : []
}

type Seen = { product: CartProduct; unitPrice: Money; problems: LineProblem[] }

/** A line as it is now. Without the catalog it is shown as it was, marked; what is not on sale has no other problem. */
export const look = (wanted: Wanted, { offers, stock }: Market, currency: string): Seen => {
  const { skuId, quantity, price: oldPrice } = wanted
  const offer = offers?.get(skuId)
  const base = offer ? snapshot(offer) : (wanted.product ?? nothingKnown)
  const unitPrice = offer?.price ?? oldPrice ?? zero(currency)
  if (!offers)
    return {
      product: { ...base, availability: 'UNSPECIFIED' },
      unitPrice,
      problems: [{ kind: 'AVAILABILITY_UNKNOWN' }],
    }
  const availability = stock ? (stock.get(skuId)?.band ?? 'OUT_OF_STOCK') : (offer?.availability ?? 'UNSPECIFIED')
  const product: CartProduct = { ...base, availability }
  if (!offer?.buyable) return { product, unitPrice, problems: [{ kind: 'UNPUBLISHED' }] }
  const changed: LineProblem[] =
    oldPrice && !sameMoney(oldPrice, unitPrice) ? [{ kind: 'PRICE_CHANGED', oldPrice }] : []
  return {
    product,
    unitPrice,
    problems: [...changed, ...stockProblems(quantity, stock?.get(skuId), stock !== undefined)],
  }
}

/** What cannot be bought at all adds nothing to any sum. */
const worth = (line: { unitPrice: Money; problems: readonly LineProblem[] }, quantity: number): Money =>
  line.problems.some(({ kind }) => kind === 'UNPUBLISHED')
    ? zero(line.unitPrice.currency)
    : times(line.unitPrice, quantity)

/** The cart as its owner sees it. */
export const presentCart = (
  { version, lines }: { version: number; lines: readonly Line[] },
  market: Market,
  currency: string,
): Cart => {
  const seen = lines.map((line) => ({ line, now: look(line, market, currency) }))
  const shown: CartLine[] = seen.map(({ line, now }) => ({
    skuId: line.skuId,
    quantity: line.quantity,
    selected: line.selected,
    addedAt: line.addedAt,
    ...now,
  }))
  return {
    lines: shown,
    version,
    count: lines.reduce((count, line) => count + line.quantity, 0),
    subtotal: sum(
      currency,
      seen.filter(({ line }) => line.selected).map(({ line, now }) => worth(now, line.quantity)),
    ),
    cartToken: '',
  }
}

/** Until promotions, freight templates and tax classes exist, these are zero (SPEC CT2). */
const nothingYet = (currency: string) => ({ discount: zero(currency), freight: zero(currency), tax: zero(currency) })

const words = {
  en: {
    subtotal: (pieces: number, left: number) =>
      `${pieces} ${pieces === 1 ? 'item' : 'items'}${left > 0 ? `, without ${left} not on sale` : ''}`,
    discount: 'No promotion applies',
    freight: 'Free shipping',
    tax: 'No tax is added',
    total: 'To pay',
  },
  'zh-CN': {
    subtotal: (pieces: number, left: number) => `共 ${pieces} 件${left > 0 ? `，不含已下架的 ${left} 件` : ''}`,
    discount: '无可用优惠',
    freight: '免运费',
    tax: '不另计税',
    total: '应付',
  },
}

/** What the wanted lines would cost now, each part of the sum with its reason. */
export const quote = (
  wanted: readonly Wanted[],
  market: Market,
  { currency, locale }: { currency: string; locale: keyof typeof words },
): Quote => {
  const lines: (QuoteLine & { total: Money })[] = wanted.map((line) => {
    const now = look(line, market, currency)
    const total = worth(now, line.quantity)
    return { skuId: line.skuId, quantity: line.quantity, ...now, discount: zero(currency), total }
  })
  const subtotal = sum(
    currency,
    lines.map((line) => line.total),
  )
  const { discount, freight, tax } = nothingYet(currency)
  const total = add(add(subtotal, freight), tax)
  const left = lines.filter((line) => line.problems.some(({ kind }) => kind === 'UNPUBLISHED'))
  const pieces = (list: readonly QuoteLine[]) => list.reduce((count, line) => count + line.quantity, 0)
  const says = words[locale]
  const explanations: Explanation[] = [
    { part: 'subtotal', text: says.subtotal(pieces(lines) - pieces(left), pieces(left)), amount: subtotal },
    { part: 'discount', text: says.discount, amount: discount },
    { part: 'freight', text: says.freight, amount: freight },
    { part: 'tax', text: says.tax, amount: tax },
    { part: 'total', text: says.total, amount: total },
  ]
  return { lines, subtotal, discount, freight, tax, total, explanations }
}

/** Equal SKUs become one line, in the order of their first mention. */
export const sumWanted = (lines: readonly { skuId: string; quantity: number }[]): Wanted[] => {
  const sums = new Map<string, number>()
  for (const { skuId, quantity } of lines) sums.set(skuId, (sums.get(skuId) ?? 0) + quantity)
  return [...sums].map(([skuId, quantity]) => ({ skuId, quantity }))
}

/**
 * A guest's lines join the buyer's: quantities add up to what is available, never below what the buyer already had and
 * never to nothing, so that a sold-out line stays visible with its problem. Unknown availability limits nothing.
 */
export const merge = (
  own: readonly Line[],
  guest: readonly Line[],
  stock: ReadonlyMap<string, Stock> | undefined,
): Line[] => {
  const merged = new Map(own.map((line) => [line.skuId, line]))
  for (const line of guest) {
    const mine = merged.get(line.skuId)
    const had = mine?.quantity ?? 0
    const most = stock ? (stock.get(line.skuId)?.available ?? 0) : mostPieces
    const quantity = Math.min(Math.max(had, 1, Math.min(had + line.quantity, most)), mostPieces)
    merged.set(line.skuId, { ...(mine ?? line), quantity, selected: line.selected || (mine?.selected ?? false) })
  }
  return [...merged.values()]
}
