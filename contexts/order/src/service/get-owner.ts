import type { GetOwnerAnswer, GetOwnerRequest } from '@souk/contract/order'
import { presentLine } from '../domain/present.ts'
import { orderNotFound } from '../faults.ts'
import type { OrderStore } from '../store/orders.ts'

type Deps = { orders: OrderStore }

/** Whose order it is and what each line was worth. */
export const getOwner =
  ({ orders }: Deps) =>
  async ({ orderId }: GetOwnerRequest): Promise<GetOwnerAnswer> => {
    const story = await orders.find(orderId)
    if (!story) throw orderNotFound()
    const { buyerId, lines, currency } = story.order
    return { buyerId, lines: lines.map((line) => presentLine(line, currency)) }
  }
