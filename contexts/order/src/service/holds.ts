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

const liveOf = (hold: Hold | undefined): LiveHold | undefined =>
  hold?.state === 'HELD' && hold.expiresAt ? { lines: hold.lines, expiresAt: new Date(hold.expiresAt) } : undefined

/** Stock holds of orders that are not written yet. They end by themselves, so a crash leaves nothing held for long. */
export const createHolds = ({ inventory, windowMs, log }: Deps) => {
  const expiresInSeconds = Math.min(Math.max(Math.ceil(windowMs / 1000), 1), 86_400)

  /** Undefined: an earlier try held other lines under this id (its cart has changed since). */
  const reserve = async (
    { orderId, lines, replaces }: HoldRequest,
    attempt: number,
    call: Call,
  ): Promise<Hold | undefined> => {
    try {
      const request = { orderId, attempt, lines: [...lines], expiresInSeconds, replacesOrderId: replaces }
      return await inventory.reserveStock(request, call)
    } catch (error) {
      if (faultOf(error)?.code === 'HOLD_CONFLICT') return undefined
      throw error
    }
  }

  /**
   * All lines or OUT_OF_STOCK. A retry goes on with the hold of the try before it; when that has ended or held other
   * lines, whatever is left under this id is freed and the next attempt holds anew.
   */
  const take = async (request: HoldRequest, call: Call): Promise<LiveHold> => {
    const first = liveOf(await reserve(request, 1, call))
    if (first) return first
    const { attempt } = await inventory.releaseStock({ orderId: request.orderId }, call)
    const next = liveOf(await reserve(request, attempt + 1, call))
    if (!next) throw new Error('the stock of this order could not be held anew')
    return next
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
