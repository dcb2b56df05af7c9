import type { OrderCancelled } from '@souk/contract/order'
import type { Deps } from '../deps.ts'
import { releaseOrder } from '../domain/holds.ts'
import { applyTogether } from './apply-together.ts'

/** Cancelled orders hold nothing any more. */
export const releaseOrders = (deps: Deps) =>
  applyTogether<OrderCancelled>(deps, { name: 'releaseOrder' }, (books, { orderId }) => releaseOrder(books, orderId))
