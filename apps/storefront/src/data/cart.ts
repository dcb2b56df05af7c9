import type { Cart } from '@souk/contract/cart'
import type { Locale } from '@souk/ui'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../api.ts'
import { currentLocale } from '../i18n.ts'
import { queryClient } from '../query-client.ts'
import { cartToken, dropCartToken } from '../session/cart-token.ts'
import { isOnline, whenOnline } from '../session/connection.ts'
import { type BagChange, mergeChanges, newer, withQuantities } from './bag-changes.ts'
import { createQuantitySender } from './quantity-sender.ts'

const cartKey = (locale: Locale) => ['cart', locale] as const

export const cartQuery = (locale: Locale) =>
  queryOptions({
    queryKey: cartKey(locale),
    queryFn: async ({ signal }) =>
      withQuantities(await api.call('cart.CartService/GetCart', {}, { signal }), sender.unconfirmed()),
    staleTime: 5_000,
  })

/** What the selected lines cost, computed by the server for exactly this state of the bag. */
export const quoteQuery = ({ version, lines }: Cart, locale: Locale) =>
  queryOptions({
    queryKey: ['quote', version, locale],
    queryFn: ({ signal }) => api.call('cart.CartService/QuoteCart', {}, { signal }),
    enabled: lines.some(({ selected }) => selected),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

const held = (): Cart | undefined => queryClient.getQueryData<Cart>(cartKey(currentLocale()))

const hold = (answer: Cart): Cart => {
  const shown = withQuantities(newer(held(), answer), sender.unconfirmed())
  queryClient.setQueryData(cartKey(currentLocale()), shown)
  return shown
}

const change = (edit: (cart: Cart) => Cart): void => {
  queryClient.setQueryData<Cart>(cartKey(currentLocale()), (cart) => cart && edit(cart))
}

/** What the buyer sees is no longer what the server has: ask again. */
export const reloadCart = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['cart'] })

const refusalListeners = new Set<(error: unknown) => void>()

/** Hears of quantities that the server refused. */
export const onQuantityRefused = (listener: (error: unknown) => void): (() => void) => {
  refusalListeners.add(listener)
  return () => refusalListeners.delete(listener)
}

/** A change made without a connection waits for one. A quantity is absolute, so that sending it twice is harmless. */
const sendQuantity = async (skuId: string, quantity: number): Promise<Cart> => {
  await whenOnline()
  try {
    return await api.call('cart.CartService/ChangeItem', { skuId, quantity })
  } catch (error) {
    if (isOnline()) throw error
    return sendQuantity(skuId, quantity)
  }
}

const sender = createQuantitySender<Cart>({
  send: sendQuantity,
  onAnswer: hold,
  onRefusal: (_, error) => {
    for (const listener of refusalListeners) listener(error)
    void reloadCart()
  },
  quietMs: 350,
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer),
})

/** The number changes at once, the request follows after a pause. */
export const setQuantity = (skuId: string, quantity: number): void => {
  void queryClient.cancelQueries({ queryKey: ['cart'] })
  sender.set(skuId, quantity)
  change((cart) => withQuantities(cart, sender.unconfirmed()))
}

/** Whether quantities are still on their way, so that totals on screen are about to change. */
export const isSettling = (): boolean => sender.unconfirmed().size > 0

/** Adds to what the bag holds of it; the count rises before the answer and falls back when it is a refusal. */
export const addToBag = async (skuId: string, quantity: number): Promise<Cart> => {
  await queryClient.cancelQueries({ queryKey: ['cart'] })
  change((cart) => ({ ...cart, count: cart.count + quantity }))
  try {
    return hold(await api.call('cart.CartService/AddItem', { skuId, quantity }))
  } catch (error) {
    change((cart) => ({ ...cart, count: cart.count - quantity }))
    void reloadCart()
    throw error
  }
}

export const selectLine = async (skuId: string, selected: boolean): Promise<void> => {
  change((cart) => ({
    ...cart,
    lines: cart.lines.map((line) => (line.skuId === skuId ? { ...line, selected } : line)),
  }))
  try {
    hold(await api.call('cart.CartService/ChangeItem', { skuId, selected }))
  } catch (error) {
    void reloadCart()
    throw error
  }
}

export const removeLine = async (skuId: string): Promise<void> => {
  sender.forget(skuId)
  try {
    hold(await api.call('cart.CartService/RemoveItem', { skuId }))
  } catch (error) {
    void reloadCart()
    throw error
  }
}

/** Undoes a removal. */
export const putBack = async (skuId: string, quantity: number, selected: boolean): Promise<void> => {
  hold(await api.call('cart.CartService/AddItem', { skuId, quantity }))
  if (!selected) await selectLine(skuId, false)
}

/** How long the order's fact takes at most to reach the bag. */
const factMs = 1_500

/** The order has these now; the bag itself hears of it a moment later. */
export const takeOrdered = (skuIds: readonly string[]): void => {
  change((cart) => {
    const lines = cart.lines.filter(({ skuId }) => !skuIds.includes(skuId))
    return { ...cart, lines, count: lines.reduce((sum, { quantity }) => sum + quantity, 0) }
  })
  setTimeout(() => void reloadCart(), factMs)
}

/** Brings the guest's bag into the account's and says what that changed. */
export const mergeGuestBag = async (): Promise<BagChange[]> => {
  const guest = held()
  if (!cartToken()) return []
  const account = await api.call('cart.CartService/GetCart', {})
  const merged = await api.call('cart.CartService/MergeCart', {})
  dropCartToken()
  queryClient.setQueryData(cartKey(currentLocale()), merged)
  return guest ? mergeChanges(guest, account, merged) : []
}
