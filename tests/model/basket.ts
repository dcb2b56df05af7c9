import type { SkuQuote } from '@souk/contract/catalog'
import { quotedLines } from '../../contexts/order/src/domain/draft.ts'
import type { Draft } from '../../contexts/order/src/domain/order.ts'
import { type Adjustments, priceOrder } from '../../contexts/order/src/domain/pricing.ts'
import type { WishLine } from '../../contexts/order/src/domain/wish.ts'
import type { World } from './world.ts'

export const address = {
  id: '',
  recipient: '张伟',
  phone: '+8613800138000',
  country: 'CN',
  province: '上海市',
  city: '上海市',
  district: '浦东新区',
  line1: '世纪大道 1 号',
  line2: '',
  postalCode: '200120',
  isDefault: false,
}

const currency = 'CNY'

/** A SKU on sale, as the catalog quotes it. */
export const quoteOf = (skuId: string, merchantId: string, amount: number): SkuQuote => ({
  skuId,
  productId: `product-${skuId}`,
  productSlug: skuId,
  code: skuId,
  name: `茶壶 ${skuId}`,
  options: {},
  image: '',
  price: { currency, amount },
  listPrice: undefined,
  merchantId,
  buyable: true,
  hue: 210,
  availability: 'IN_STOCK',
  weight: 0,
})

/** Discounts never exceed the goods, whatever the promotion of the day would give. */
const within = ({ discount, freight, tax }: Adjustments, subtotal: number): Adjustments => ({
  discount: Math.min(discount, subtotal),
  freight: subtotal === 0 ? 0 : freight,
  tax: subtotal === 0 ? 0 : tax,
})

/** Lines at today's prices. */
export const priced = ({ catalog, adjustments }: World, wished: readonly WishLine[]) => {
  const { currency: asked, lines } = quotedLines(wished, [...catalog.values()])
  const subtotal = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0)
  return priceOrder(asked, lines, within(adjustments, subtotal))
}

/** service/assemble.ts: everything of an order that is known before its stock is held. */
export const assemble = (world: World, wished: readonly WishLine[]): Omit<Draft, 'groups'> => ({
  ...priced(world, wished),
  address,
  note: '',
})
