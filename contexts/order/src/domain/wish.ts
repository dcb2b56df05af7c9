import type { AddressInput } from '@souk/contract/identity'
import type { PlaceOrderRequest, PrepareOrderRequest } from '@souk/contract/order'
import { couponUnavailable, tooMany, wrongParts } from '../faults.ts'

/** How many of one SKU an order may hold. */
const mostOfOneSku = 9999

export type WishLine = { skuId: string; quantity: number }

/** What a buyer wants, checked: which lines, where to, with which note. */
export type Wish = {
  /** Undefined: the selected lines of the cart. */
  lines: WishLine[] | undefined
  address: { id: string } | { typed: AddressInput }
  note: string
}

/** Equal SKUs become one line, at the place of the first. */
export const mergeLines = (lines: readonly WishLine[]): WishLine[] => {
  const merged = new Map<string, number>()
  for (const { skuId, quantity } of lines) merged.set(skuId, (merged.get(skuId) ?? 0) + quantity)
  for (const [skuId, quantity] of merged)
    if (quantity > mostOfOneSku) throw tooMany('lines', `at most ${mostOfOneSku} of ${skuId} in one order`)
  return [...merged].map(([skuId, quantity]) => ({ skuId, quantity }))
}

const parseLines = (req: PrepareOrderRequest | PlaceOrderRequest): WishLine[] | undefined => {
  if (req.fromCart && req.lines.length > 0) throw wrongParts('lines', 'excluded', 'send lines or fromCart, not both')
  if (req.fromCart) return undefined
  if (req.lines.length === 0) throw wrongParts('lines', 'required', 'send lines or fromCart')
  return mergeLines(req.lines)
}

const parseAddress = (req: PrepareOrderRequest | PlaceOrderRequest): Wish['address'] => {
  if (req.addressId && req.address) throw wrongParts('address', 'excluded', 'send addressId or address, not both')
  if (req.addressId) return { id: req.addressId }
  if (!req.address) throw wrongParts('addressId', 'required', 'send addressId or address')
  return { typed: req.address }
}

export const parseWish = (req: PrepareOrderRequest | PlaceOrderRequest): Wish => ({
  lines: parseLines(req),
  address: parseAddress(req),
  note: req.note ?? '',
})

/** Coupons come with promotions; until then none can be used. */
export const refuseCoupons = ({ couponIds }: PrepareOrderRequest | PlaceOrderRequest): void => {
  if (couponIds.length > 0) throw couponUnavailable(couponIds)
}

/** A preparation already froze everything else, so nothing else may come with it. */
export const refuseExtras = (req: PlaceOrderRequest): void => {
  const extras: [string, boolean][] = [
    ['lines', req.lines.length > 0],
    ['fromCart', req.fromCart === true],
    ['addressId', req.addressId !== undefined],
    ['address', req.address !== undefined],
    ['couponIds', req.couponIds.length > 0],
    ['note', req.note !== undefined],
  ]
  for (const [field, sent] of extras)
    if (sent) throw wrongParts(field, 'excluded', `${field} is already fixed by the preparation`)
}
