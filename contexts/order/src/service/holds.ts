import type { Hold, InventoryService } from '@souk/contract/inventory'
import { faultOf } from '@souk/kernel'
import { type Call, errorText, type Log, systemCall } from '@souk/platform'
import type { HeldLine } from '../domain/order.ts'
import type { WishLine } from '../domain/wish.ts'

type Deps = { inventory: InventoryService<Call>; windowMs: number; log: Log }

export type HoldRequest = {
  orderId: string
  lines: readonly WishLine[]
  /** A preparation whose hold is freed in the same step. */
  replaces: string | undefined
}

export type LiveHold = { lines: HeldLine[]; expiresAt: Date }

/** Earlier holds of one order id that a retry steps over before it gives up. */
const mostAttempts = 5

/** Stock holds of orders that are not written yet. They end by themselves, so a crash leaves nothing held for long. */
export const createHolds = ({ inventory, windowMs, log }: Deps) => {
  const expiresInSeconds = Math.min(Math.max(Math.ceil(windowMs / 1000), 1), 86_400)

  /** An earlier try held other lines under this id (its cart has changed since): those are let go. */
  const afterConflict = async (error: unknown, orderId: string, call: Call): Promise<Hold> => {
    if (faultOf(error)?.code !== 'HOLD_CONFLICT') throw error
    return inventory.releaseStock({ orderId }, call)
  }

  /** All lines or OUT_OF_STOCK. An earlier, ended hold of the same id is followed by the next attempt. */
  const take = async ({ orderId, lines, replaces }: HoldRequest, call: Call): Promise<LiveHold> => {
    let attempt = 1
    for (let tries = 0; tries < mostAttempts; tries++) {
      const hold = await inventory
        .reserveStock({ orderId, attempt, lines: [...lines], expiresInSeconds, replacesOrderId: replaces }, call)
        .catch((error: unknown) => afterConflict(error, orderId, call))
      if (hold.state === 'HELD' && hold.expiresAt) return { lines: hold.lines, expiresAt: new Date(hold.expiresAt) }
      attempt = hold.attempt + 1
    }
    throw new Error('no attempt to hold the stock of this order succeeded')
  }

  /** Frees a hold that nothing needs. Never throws: what is not freed now ends with its expiry. */
  const giveUp = async (orderId: string, call: Call): Promise<void> => {
    try {
      await inventory.releaseStock({ orderId }, systemCall('order', { traceparent: call.traceparent }))
    } catch (error) {
      log.warn('hold not released', { orderId, error: errorText(error) })
    }
  }

  return { take, giveUp }
}

export type Holds = ReturnType<typeof createHolds>
