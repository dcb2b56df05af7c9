import type { Hold as HoldMessage } from '@souk/contract/inventory'
import type { Hold } from '../domain/books.ts'

/** A hold in the words of the contract; only a HELD one has an expiry. */
export const toHoldMessage = (hold: Hold): HoldMessage => ({
  orderId: hold.orderId,
  attempt: hold.attempt,
  state: hold.state,
  lines: hold.lines.map(({ skuId, warehouseId, quantity }) => ({ skuId, warehouseId, quantity })),
  expiresAt: hold.state === 'HELD' ? new Date(hold.expiresAt).toISOString() : undefined,
})
