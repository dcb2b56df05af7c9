import type { Hold as HoldMessage, ReserveStockRequest } from '@souk/contract/inventory'
import { fault, invalid, isId } from '@souk/kernel'
import { type Call, CommitUnknown, createBatcher, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { settleBands } from '../domain/books.ts'
import { reserve, type Verdict, type Wish } from '../domain/holds.ts'
import { sumLines } from '../domain/plan.ts'
import { holdConflict, orderIdTaken, outOfStock } from '../faults.ts'
import type { Scope } from '../store/books.ts'
import { toHoldMessage } from './present.ts'

const defaultSeconds = 300
/** Requests decided in one transaction. */
const mostTogether = 200

type Asked = { wish: Wish; traceparent: string }

/** In the database's spelling, so that a differently written id is the same order. */
const parseOrderId = (text: string, field: string): string => {
  const id = text.toLowerCase()
  if (!isId(id)) throw invalid({ field, rule: 'format', message: 'must be a UUID' })
  return id
}

const parseWish = (req: ReserveStockRequest, call: Call): Wish => ({
  orderId: parseOrderId(req.orderId, 'orderId'),
  attempt: req.attempt ?? 1,
  external: call.caller === undefined,
  lines: sumLines(req.lines),
  expiresInMs: (req.expiresInSeconds ?? defaultSeconds) * 1000,
  replaces: req.replacesOrderId ? parseOrderId(req.replacesOrderId, 'replacesOrderId') : undefined,
})

const scopeOf = (wishes: readonly Wish[]): Scope => ({
  skuIds: [...new Set(wishes.flatMap(({ lines }) => lines.map((line) => line.skuId)))],
  orderIds: [...new Set(wishes.flatMap(({ orderId, replaces }) => (replaces ? [orderId, replaces] : [orderId])))],
})

const answer = (verdict: Verdict, wish: Wish): HoldMessage => {
  if (verdict.kind === 'held') return toHoldMessage(verdict.hold)
  throw verdict.kind === 'short' ? outOfStock(verdict.skuId, verdict.available) : holdConflict(wish.orderId)
}

/** Requests that arrive while a transaction is under way share the next one; each is decided alone, in arrival order. */
const createReservations = ({ db, books, lowStock, failpoint, metrics }: Deps) => {
  const together = async (asked: readonly Asked[]): Promise<Verdict[]> => {
    const { verdicts, said } = await db.tx(async (tx) => {
      const opened = await books.open(tx, scopeOf(asked.map(({ wish }) => wish)))
      const verdicts = asked.map(({ wish }) => reserve(opened, wish))
      settleBands(opened, lowStock)
      const traces = new Map(asked.map(({ wish, traceparent }) => [wish.orderId, traceparent]))
      const facts = opened.facts.map((fact) => {
        const row = db.outbox.toRow(fact)
        return { ...row, traceparent: traces.get(fact.aggregateId) ?? row.traceparent }
      })
      if (facts.length > 0) tx.last(books.saving(opened, facts))
      await failpoint('inventory.reserve.beforeCommit')
      return { verdicts, said: facts.length > 0 }
    })
    if (said) db.outbox.wake()
    await failpoint('inventory.reserve.afterCommit')
    for (const { kind } of verdicts) metrics.count('reservations', { verdict: kind })
    return verdicts
  }

  return createBatcher<Asked, Verdict>({
    name: 'reserve',
    max: mostTogether,
    bytesOf: ({ wish }) => 200 + wish.lines.length * 120,
    run: together,
  })
}

/** All lines of an order id or none; see `reserve` in the domain for repeats and replacement. */
export const reserveStock = (deps: Deps) => {
  const { db, reads, keys, within } = deps
  const reservations = createReservations(deps)

  const keyed = (wish: Wish, call: Call): Promise<HoldMessage> =>
    keys.once(call, (tx: Tx) => within(tx, scopeOf([wish]), (books) => answer(reserve(books, wish), wish)))

  return async (req: ReserveStockRequest, call: Call): Promise<HoldMessage> => {
    const wish = parseWish(req, call)
    if (wish.external && (await reads.band(db, wish.orderId))) throw orderIdTaken()
    if (call.idempotencyKey) return keyed(wish, call)
    const asked = { wish, traceparent: call.traceparent }
    try {
      return answer(await reservations.add(asked, call.deadline), wish)
    } catch (error) {
      if (!(error instanceof CommitUnknown)) throw error
      if (call.deadline < Date.now()) throw fault('UNKNOWN_OUTCOME', {}, error)
      // Whatever became of the lost COMMIT, the repeat of (order id, attempt) finds it or does it.
      return answer(await reservations.add(asked, call.deadline), wish)
    }
  }
}
