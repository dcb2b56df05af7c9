import type { Order as OrderMessage, PlaceOrderRequest } from '@souk/contract/order'
import { fault, type Money, newId, sameMoney } from '@souk/kernel'
import { type Call, type Keys, userId } from '@souk/platform'
import { splitIntoGroups } from '../domain/draft.ts'
import type { Totals } from '../domain/order.ts'
import { parseWish, refuseCoupons, refuseExtras, type Wish } from '../domain/wish.ts'
import { preparationExpired, preparationNotFound, priceChanged } from '../faults.ts'
import type { PreparationStore } from '../store/preparations.ts'
import type { Assemble, Assembled } from './assemble.ts'
import type { HoldStock } from './hold-stock.ts'
import type { Holds } from './holds.ts'
import type { WriteOrder } from './write-order.ts'

type Deps = {
  assemble: Assemble
  holdStock: HoldStock
  holds: Holds
  keys: Keys
  preparations: PreparationStore
  writeOrder: WriteOrder
  failpoint: (name: string) => Promise<void>
}

const agree = ({ currency, total }: Totals, expected: Money | undefined): void => {
  const actual = { currency, amount: total }
  if (expected && !sameMoney(expected, actual)) throw priceChanged(actual)
}

/** A preparation's hold belongs to the preparation: another place of it may succeed. */
const keepHold = async (): Promise<void> => {}

/** Makes an order of the buyer's live preparation, at the prepared price; the order's id is the preparation's. */
const placePrepared = ({ preparations, writeOrder }: Deps) => {
  const lost = async (id: string, call: Call): Promise<OrderMessage> => {
    const existing = await writeOrder.answerExisting(id, call)
    if (existing) return existing
    throw (await preparations.belongsToOther(id, userId(call))) ? preparationNotFound() : preparationExpired()
  }

  return async (id: string, expected: Money | undefined, call: Call): Promise<OrderMessage> => {
    const found = await preparations.find(id, userId(call))
    if (!found) return lost(id, call)
    agree(found.draft, expected)
    const { draft, holdExpiresAt } = found
    const written = { id, draft, holdExpiresAt, prepared: true, replaces: undefined }
    return (await writeOrder.write(written, call, keepHold)) ?? lost(id, call)
  }
}

type Direct = { id: string; resumed: boolean; wish: Wish; expected: Money | undefined; assembled: Promise<Assembled> }

/**
 * Prices, holds and writes in one go, under the id that its idempotency key was given; once more when the hold ended
 * while the order was being written.
 */
const placeDirect = ({ assemble, holdStock, holds, writeOrder, failpoint }: Deps) => {
  const attempt = async ({ id, expected, assembled }: Direct, call: Call): Promise<OrderMessage | undefined> => {
    const { basket, replaces } = await assembled
    agree(basket, expected)
    const { replaced, ...hold } = await holdStock({ orderId: id, lines: basket.lines, replaces }, call)
    await failpoint('order.place.afterReserve')
    const draft = { ...basket, groups: splitIntoGroups(basket, hold.lines, newId) }
    const written = { id, draft, holdExpiresAt: hold.expiresAt, prepared: false, replaces: replaced }
    return writeOrder.write(written, call, () => holds.giveUp(id, call))
  }

  return async (direct: Direct, call: Call): Promise<OrderMessage> => {
    const existing = direct.resumed ? await writeOrder.answerExisting(direct.id, call) : undefined
    if (existing) return existing
    const reply =
      (await attempt(direct, call)) ?? (await attempt({ ...direct, assembled: assemble(direct.wish, call) }, call))
    if (!reply) throw fault('OVERLOADED')
    return reply
  }
}

/** Places an order, from a preparation or directly. */
export const placeOrder = (deps: Deps) => {
  const prepared = placePrepared(deps)
  const direct = placeDirect(deps)
  return async (req: PlaceOrderRequest, call: Call): Promise<OrderMessage> => {
    const { preparationId, expectedTotal: expected } = req
    if (preparationId) {
      refuseExtras(req)
      return deps.keys.first(call, () => prepared(preparationId, expected, call))
    }
    const wish = parseWish(req)
    // Read while the key is written: what is answered already was read in vain, and is rare.
    const assembled = deps.assemble(wish, call)
    assembled.catch(() => {})
    return deps.keys.first(call, async (id, resumed) => {
      refuseCoupons(req)
      return direct({ id, resumed, wish, expected, assembled }, call)
    })
  }
}
