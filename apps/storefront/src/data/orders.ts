import type { OrderStatus_Value } from '@souk/contract/order'
import type { Locale } from '@souk/ui'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../api.ts'

export const ordersQuery = (status: OrderStatus_Value | undefined) =>
  infiniteQueryOptions({
    queryKey: ['orders', 'list', status ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      api.call('order.OrderService/ListOrders', { status, pageSize: 20, pageToken: pageParam }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    staleTime: 10_000,
  })

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['orders', 'page', id],
    queryFn: ({ signal }) => api.call('edge.EdgeService/GetOrderPage', { id }, { signal }),
    staleTime: 2_000,
  })

export const methodsQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['payment', 'methods', locale],
    queryFn: ({ signal }) => api.call('payment.PaymentService/ListMethods', {}, { signal }),
    select: ({ methods }) => methods,
    staleTime: 60_000,
  })

export const cancelOrder = (id: string, reason: string, key: string) =>
  api.call('order.OrderService/CancelOrder', reason ? { id, reason } : { id }, { key })

export const createPayment = (orderId: string, method: string, key: string) =>
  api.call('payment.PaymentService/CreatePayment', { orderId, method }, { key })
