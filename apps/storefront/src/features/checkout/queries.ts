import type { Locale } from '@souk/ui'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api.ts'
import type { PlaceBody } from './pending-order.ts'
import { linesOf, type Wanted } from './wanted.ts'

/** What the things cost while the address is still open. */
export const firstQuoteQuery = (wanted: Wanted, cartVersion: number, locale: Locale) =>
  queryOptions({
    queryKey: ['quote', 'checkout', wanted, cartVersion, locale],
    queryFn: ({ signal }) =>
      api.call('cart.CartService/QuoteCart', wanted.sku === undefined ? {} : { lines: linesOf(wanted).lines ?? [] }, {
        signal,
      }),
    staleTime: 0,
    gcTime: 0,
  })

type PrepareWish = { wanted: Wanted; addressId: string; note: string }

/**
 * Prices and holds the things. Each call replaces the one before it, so it is a question that may be asked again; its
 * answer lasts until the hold ends.
 */
export const preparationQuery = ({ wanted, addressId, note }: PrepareWish) =>
  queryOptions({
    queryKey: ['checkout', 'preparation', wanted, addressId, note],
    queryFn: ({ signal }) =>
      api.call(
        'order.OrderService/PrepareOrder',
        { ...linesOf(wanted), addressId, ...(note ? { note } : {}) },
        { signal },
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export const placeOrder = (body: PlaceBody, key: string) => api.call('order.OrderService/PlaceOrder', body, { key })
