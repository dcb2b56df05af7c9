import type { GetOrderRequest, Order } from '@souk/contract/order'
import type { Clock } from '@souk/kernel'
import { presentOrder } from '../domain/present.ts'
import { orderNotFound } from '../faults.ts'
import type { OrderStore } from '../store/orders.ts'

type Deps = { orders: OrderStore; clock: Clock }

/** Any buyer's order, for staff. */
export const getAnyOrder =
  ({ orders, clock }: Deps) =>
  async ({ id }: GetOrderRequest): Promise<Order> => {
    const story = await orders.find(id)
    if (!story) throw orderNotFound()
    return presentOrder(story.order, story.entries, 'staff', clock.now())
  }
