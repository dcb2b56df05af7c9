import { errors } from '@souk/contract/errors'
import { faultOf } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { PreparationStore } from '../store/preparations.ts'
import type { HoldRequest, Holds, LiveHold } from './holds.ts'

type Deps = { holds: Holds; preparations: PreparationStore }

/** A hold and the preparation that was given up for it. */
export type StockHeld = LiveHold & { replaced: string | undefined }

/** A definite no: nothing was held and nothing was freed. */
const isRefusal = (error: unknown): boolean => {
  const code = faultOf(error)?.code
  return code !== undefined && (errors[code as keyof typeof errors]?.status ?? 500) < 500
}

/**
 * Holds stock for an order id and frees the hold of the preparation that it replaces in the same step. The preparation is
 * taken out of use first, so that it cannot be placed without stock. A refusal leaves it as it was; after an unclear
 * outcome it stays out of use and its hold runs out.
 */
export const createHoldStock =
  ({ holds, preparations }: Deps) =>
  async ({ orderId, lines, replaces }: HoldRequest, call: Call): Promise<StockHeld> => {
    const replaced = replaces && (await preparations.claim(replaces, orderId)) ? replaces : undefined
    try {
      return { ...(await holds.take({ orderId, lines, replaces: replaced }, call)), replaced }
    } catch (error) {
      if (replaced && isRefusal(error)) await preparations.unclaim(replaced, orderId)
      throw error
    }
  }

export type HoldStock = ReturnType<typeof createHoldStock>
