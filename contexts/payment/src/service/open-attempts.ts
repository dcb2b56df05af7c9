import type { Fault } from '@souk/kernel'
import { type Call, createBatcher, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { isOpen } from '../domain/attempt.ts'
import { timerKinds } from '../domain/timer-kinds.ts'
import { orderNotPayable, stillRunning } from '../faults.ts'
import { type AttemptRow, kept, type Locked, type NewAttempt } from '../store/attempts.ts'
import { nextTry } from '../timers.ts'

/** The attempt that is open already, a refusal, or undefined: a new one may be opened. */
const answerOf = ({ orders, attempts }: Locked, orderId: string): AttemptRow | Fault | undefined => {
  if (orders.find(({ order_id: id }) => id === orderId)?.standing !== 'OPEN') return orderNotPayable()
  const others = attempts.filter(({ order_id: id }) => id === orderId)
  const open = others.find(({ status }) => isOpen(status))
  return open ?? (others.some((other) => kept(other) > 0) ? orderNotPayable() : undefined)
}

/** The first of an order opens its attempt, the others get the same one. */
const openAll = async (deps: Deps, tx: Tx, wanted: readonly NewAttempt[]): Promise<(AttemptRow | Fault)[]> => {
  const { attempts } = deps.store
  const locked = await attempts.lockOrders(
    tx,
    wanted.map(({ orderId }) => orderId),
  )
  const answers = wanted.map(({ orderId }) => answerOf(locked, orderId))
  const fresh = new Map<string, NewAttempt>()
  wanted.forEach((attempt, place) => {
    if (!answers[place] && !fresh.has(attempt.orderId)) fresh.set(attempt.orderId, attempt)
  })
  const opened = [...fresh.values()]
  const rows =
    opened.length > 0
      ? await attempts.insertAll(
          tx,
          opened,
          opened.map(({ id }) => nextTry(deps, timerKinds.query, id, 1)),
        )
      : []
  await deps.failpoint('payment.create.beforeCommit')
  const made = new Map(rows.map((row) => [row.order_id, row]))
  return wanted.map(({ orderId }, place) => answers[place] ?? made.get(orderId) ?? stillRunning())
}

/** Open attempts: looked for and written for many requests at once. */
export const createOpenAttempts = (deps: Deps) => {
  const opens = createBatcher<NewAttempt, AttemptRow>({
    name: 'payment.open',
    run: (wanted) => deps.db.tx((tx) => openAll(deps, tx, wanted)),
  })
  const looks = createBatcher<string, AttemptRow | undefined>({
    name: 'payment.openOf',
    run: async (orderIds) => {
      const rows = await deps.store.attempts.openOfOrders(deps.db, orderIds)
      const open = new Map(rows.map((row) => [row.order_id, row]))
      return orderIds.map((orderId) => open.get(orderId))
    },
  })
  return {
    /** The open attempt of one's own order. */
    findOpen: async ({ orderId, buyerId }: { orderId: string; buyerId: string }, { deadline }: Call) => {
      const open = await looks.add(orderId, deadline)
      return open?.buyer_id === buyerId ? open : undefined
    },

    /** Writes the attempt, or answers the one that another request opened meanwhile. */
    openNew: (attempt: NewAttempt, { deadline }: Call): Promise<AttemptRow> => opens.add(attempt, deadline),
  }
}
