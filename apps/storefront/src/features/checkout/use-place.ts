import type { Order } from '@souk/contract/order'
import { useIntent } from '@souk/ui'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useRef } from 'react'
import { takeOrdered } from '../../data/cart.ts'
import { orderQuery } from '../../data/orders.ts'
import { queryClient } from '../../query-client.ts'
import { forgetPending, type PlaceBody, pendingOrder, rememberPending } from './pending-order.ts'
import { placeOrder } from './queries.ts'

/** Places the order once, however often it is pressed, retried or reloaded, and goes on to the cashier. */
export const usePlace = () => {
  const navigate = useNavigate()
  const intent = useIntent<Order>('place-order')
  const { send, unsure, error } = intent
  const place = useCallback(
    async (body: PlaceBody) => {
      rememberPending(body)
      const order = await send(body, (key) => placeOrder(body, key))
      if (!order) return
      forgetPending()
      takeOrdered(order.lines.map(({ skuId }) => skuId))
      void queryClient.invalidateQueries({ queryKey: ['orders'] })
      void queryClient.prefetchQuery(orderQuery(order.id))
      await navigate({ to: '/pay/$orderId', params: { orderId: order.id }, replace: true })
    },
    [send, navigate],
  )
  useEffect(() => {
    if (error !== undefined && !unsure) forgetPending()
  }, [error, unsure])
  const resumed = useRef(false)
  useEffect(() => {
    const pending = pendingOrder()
    if (!pending || resumed.current) return
    resumed.current = true
    void place(pending)
  }, [place])
  return { ...intent, place }
}
