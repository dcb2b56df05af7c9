import type { GetOrderRequest, Order } from '@souk/contract/order'
import type { Clock } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import { presentOrder } from '../domain/present.ts'
import { orderNotFound } from '../faults.ts'
import type { OrderStore } from '../store/orders.ts'

type Deps = { orders: OrderStore; clock: Clock }

/** The buyer's own order. */
export const getOrder =
  ({ orders, clock }: Deps) =>
  async ({ id }: GetOrderRequest, call: Call): Promise<Order> => {
    const story = await orders.findOwn(id, userId(call))
    if (!story) throw orderNotFound()
    return presentOrder(story.order, story.entries, 'buyer', clock.now())
  }
