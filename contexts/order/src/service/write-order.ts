import type { Order as OrderMessage } from '@souk/contract/order'
import type { Clock } from '@souk/kernel'
import { type Call, CommitUnknown, type Db, type Keys, type Metrics, userId } from '@souk/platform'
import { orderNumber } from '../domain/number.ts'
import type { Draft } from '../domain/order.ts'
import { place } from '../domain/place.ts'
import { presentOrder } from '../domain/present.ts'
import { outcomeUnknown } from '../faults.ts'
import type { OrderStore } from '../store/orders.ts'
import type { OrderWriter, Placing, Verdict } from '../store/placing.ts'

type Deps = {
  db: Db
  keys: Keys
  orders: OrderStore
  writer: OrderWriter
  clock: Clock
  metrics: Metrics
  paymentWindowMs: number
  /** The business day as yyyymmdd. */
  dayOf: (at: Date) => string
  failpoint: (name: string) => Promise<void>
}

type FreeHold = () => Promise<void>

export type Written = Pick<Placing, 'holdExpiresAt' | 'prepared' | 'replaces'> & { id: string; draft: Draft }

/** The last step of placing: the order row and all that is committed with it. */
export const createWriteOrder = ({
  db,
  keys,
  orders,
  writer,
  clock,
  metrics,
  paymentWindowMs,
  dayOf,
  failpoint,
}: Deps) => {
  /** The answer to a second try: the order as it is now; kept for this call's key too. */
  const answerExisting = async (id: string, call: Call): Promise<OrderMessage | undefined> => {
    const story = await orders.findOwn(id, userId(call))
    if (!story) return undefined
    const reply = presentOrder(story.order, story.entries, 'buyer', clock.now())
    await db.tx((tx) => keys.finish(tx, call, reply))
    return reply
  }

  /** A lost COMMIT is looked up before anybody frees the hold; when the order is not there, it may still arrive. */
  const lookUp = async (id: string, error: CommitUnknown): Promise<Verdict> => {
    const found = await orders.exists(id).catch(() => false)
    if (!found) throw outcomeUnknown(error)
    return 'exists'
  }

  const verdictOf = async (placing: Placing, freeHold: FreeHold): Promise<Verdict> => {
    try {
      const verdict = await writer.place(placing, placing.call.deadline)
      if (verdict === 'holdGone') await freeHold()
      return verdict
    } catch (error) {
      if (error instanceof CommitUnknown) return lookUp(placing.order.id, error)
      await freeHold()
      throw error
    }
  }

  /** Undefined: the hold behind the order has ended. `freeHold` is called when it is certain that nothing was written. */
  const write = async (
    { id, draft, ...rest }: Written,
    call: Call,
    freeHold: FreeHold,
  ): Promise<OrderMessage | undefined> => {
    const now = clock.now()
    const placed = place(draft, {
      id,
      number: orderNumber(dayOf(now), id),
      buyerId: userId(call),
      now,
      payBefore: new Date(now.getTime() + paymentWindowMs),
    })
    const reply = presentOrder(placed.order, placed.entries, 'buyer', now)
    const verdict = await verdictOf({ ...placed, ...rest, call, reply }, freeHold)
    await failpoint('order.place.afterCommit')
    if (verdict === 'exists') return answerExisting(id, call)
    if (verdict === 'holdGone') return undefined
    metrics.count('orders_placed')
    return reply
  }

  return { write, answerExisting }
}

export type WriteOrder = ReturnType<typeof createWriteOrder>
