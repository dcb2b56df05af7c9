import type { GetOrderPageRequest, OrderPage } from '@souk/contract/edge'
import type { Call } from '@souk/platform'
import type { EdgeDeps } from './deps.ts'
import { part } from './part.ts'

/** An order with its payments; when payment does not answer, the order is still shown. */
export const getOrderPage =
  ({ order, payment }: EdgeDeps) =>
  async ({ id }: GetOrderPageRequest, call: Call): Promise<OrderPage> => {
    const [found, payments] = await Promise.all([
      order.getOrder({ id }, call),
      part('payments', payment.listPayments({ orderId: id }, call), { payments: [], nextPageToken: '' }),
    ])
    return { order: found, payments: payments.value.payments, parts: [{ name: 'order', state: 'OK' }, payments.part] }
  }
