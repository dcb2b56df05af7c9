import type { HoldState } from '@souk/contract/inventory'
import { illegalMove } from '../faults.ts'
import { type Books, type Hold, type HoldLine, levelOf } from './books.ts'
import { type Line, planLines, sameLines } from './plan.ts'

export type Step = 'commit' | 'release' | 'expire' | 'ship'

/** The life of a hold (RELIABILITY section 2). What is not in the table is refused. */
export const transitions: { [From in HoldState]: { [S in Step]?: HoldState } } = {
  HELD: { commit: 'COMMITTED', release: 'RELEASED', expire: 'EXPIRED' },
  COMMITTED: { release: 'RELEASED', ship: 'SHIPPED' },
  SHIPPED: {},
  RELEASED: {},
  EXPIRED: {},
}

export const after = (from: HoldState, step: Step): HoldState => {
  const to = transitions[from][step]
  if (!to) throw illegalMove(from, step)
  return to
}

/** Grace for a context that is just about to write its order when its hold passes the expiry. */
export const graceMs = 5000
/** How long an overdue hold that is still needed is left alone. */
export const attachedMs = 24 * 3_600_000

/** The newest attempt; only it can be alive. */
export const latest = (books: Books, orderId: string): Hold | undefined => books.holds.get(orderId)?.at(-1)

const ended = (hold: Hold): boolean => hold.state === 'RELEASED' || hold.state === 'EXPIRED'

const linesOf = (hold: Hold) => hold.lines.map(({ skuId, warehouseId, quantity }) => ({ skuId, warehouseId, quantity }))

const mustLevel = (books: Books, line: { skuId: string; warehouseId: string }) => {
  const level = levelOf(books, line.skuId, line.warehouseId)
  if (!level) throw new Error(`no stock row of ${line.skuId} in ${line.warehouseId}`)
  return level
}

/** `lines`: each SKU once, sorted. `replaces`: the order id whose HELD hold is freed in the same step. */
export type Wish = {
  orderId: string
  attempt: number
  external: boolean
  lines: Line[]
  expiresInMs: number
  replaces?: string
}

export type Verdict =
  | { kind: 'held'; hold: Hold }
  | { kind: 'short'; skuId: string; available: number }
  | { kind: 'conflict' }

const add = (books: Books, hold: Hold): void => {
  books.holds.set(hold.orderId, [...(books.holds.get(hold.orderId) ?? []), hold])
}

/**
 * All lines or none. A repeat of (order id, attempt) gets the hold as it is now; with other lines it is a conflict, like
 * an attempt beside a living one or before a newer one. A refusal leaves the hold that it would replace as it was.
 */
export const reserve = (books: Books, wish: Wish): Verdict => {
  const attempts = books.holds.get(wish.orderId) ?? []
  const same = attempts.find((hold) => hold.attempt === wish.attempt)
  if (same)
    return same.external === wish.external && sameLines(same.lines, wish.lines)
      ? { kind: 'held', hold: same }
      : { kind: 'conflict' }
  const replaced = replaceable(books, wish)
  const last = attempts.at(-1)
  if (last && (last.external !== wish.external || last.attempt > wish.attempt || !(ended(last) || last === replaced)))
    return { kind: 'conflict' }
  const plan = planLines(books, wish.lines, replaced)
  if (!('lines' in plan)) return { kind: 'short', ...plan }
  if (replaced) release(books, replaced, 'replaced')
  const expiresAt = books.now + wish.expiresInMs
  const hold: Hold = {
    orderId: wish.orderId,
    attempt: wish.attempt,
    external: wish.external,
    expiresAt,
    state: 'HELD',
    attached: false,
    checkAt: wish.external ? expiresAt : expiresAt + graceMs,
    version: (last?.version ?? 0) + 1,
    lines: plan.lines.map((line) => ({ ...line, shipped: 0 })),
    was: undefined,
  }
  for (const line of hold.lines) mustLevel(books, line).reserved += line.quantity
  add(books, hold)
  books.facts.push({
    type: 'inventory.StockReserved',
    aggregateId: hold.orderId,
    aggregateVersion: hold.version,
    payload: { orderId: hold.orderId, attempt: hold.attempt, lines: linesOf(hold) },
  })
  return { kind: 'held', hold }
}

const replaceable = (books: Books, wish: Wish): Hold | undefined => {
  const hold = wish.replaces === undefined ? undefined : latest(books, wish.replaces)
  return hold?.state === 'HELD' && hold.external === wish.external ? hold : undefined
}

/** Frees what is not shipped yet. Throws ILLEGAL_TRANSITION unless the hold is HELD or (not for `expired`) COMMITTED. */
export const release = (books: Books, hold: Hold, reason: 'cancelled' | 'expired' | 'replaced'): void => {
  const counter = hold.state === 'HELD' ? 'reserved' : 'allocated'
  hold.state = after(hold.state, reason === 'expired' ? 'expire' : 'release')
  for (const line of hold.lines) mustLevel(books, line)[counter] -= line.quantity - line.shipped
  hold.version++
  books.facts.push({
    type: 'inventory.StockReleased',
    aggregateId: hold.orderId,
    aggregateVersion: hold.version,
    payload: { orderId: hold.orderId, reason },
  })
}

/** Turns reserved into allocated. Throws ILLEGAL_TRANSITION unless the hold is HELD. */
export const commit = (books: Books, hold: Hold): void => {
  hold.state = after(hold.state, 'commit')
  for (const line of hold.lines) {
    const level = mustLevel(books, line)
    level.reserved -= line.quantity
    level.allocated += line.quantity
  }
  hold.version++
  books.facts.push({
    type: 'inventory.StockCommitted',
    aggregateId: hold.orderId,
    aggregateVersion: hold.version,
    payload: { orderId: hold.orderId, lines: linesOf(hold) },
  })
}

/**
 * An order has been paid (or accepted for payment on delivery). When its hold is gone the stock is taken again; when
 * there is none left, an attempt that ended at once carries the version of the CommitFailed fact.
 */
export const commitOrder = (
  books: Books,
  orderId: string,
  lines: readonly Line[],
): 'committed' | 'failed' | 'known' => {
  const last = latest(books, orderId)
  if (last && !ended(last)) {
    if (last.state !== 'HELD') return 'known'
    commit(books, last)
    return 'committed'
  }
  const attempt = (last?.attempt ?? 0) + 1
  const external = last?.external ?? false
  const verdict = reserve(books, { orderId, attempt, external, lines: [...lines], expiresInMs: 0 })
  if (verdict.kind === 'held') {
    commit(books, verdict.hold)
    return 'committed'
  }
  const version = (last?.version ?? 0) + 1
  const { now } = books
  add(books, {
    orderId,
    attempt,
    external,
    expiresAt: now,
    state: 'RELEASED',
    attached: false,
    checkAt: now,
    version,
    lines: [],
    was: undefined,
  })
  books.facts.push({
    type: 'inventory.CommitFailed',
    aggregateId: orderId,
    aggregateVersion: version,
    payload: { orderId, reason: 'OUT_OF_STOCK' },
  })
  return 'failed'
}

/** An order has been cancelled: whatever it still holds is free. Nothing when it holds nothing. */
export const releaseOrder = (books: Books, orderId: string): void => {
  const hold = latest(books, orderId)
  if (hold && transitions[hold.state].release) release(books, hold, 'cancelled')
}

/** A hold's time has come: its order is asked (once), a hold without an order context ends. */
export const meetDue = (books: Books, orderId: string): void => {
  const hold = latest(books, orderId)
  if (hold?.state !== 'HELD' || hold.checkAt > books.now) return
  if (hold.external) {
    release(books, hold, 'expired')
    return
  }
  hold.checkAt = books.now + attachedMs
  hold.version++
  books.facts.push({
    type: 'inventory.HoldOverdue',
    aggregateId: orderId,
    aggregateVersion: hold.version,
    payload: { orderId, attempt: hold.attempt },
  })
}

/** The order context's word on an overdue hold. A fresh hold of a later attempt is not what was asked about. */
export const answerHold = (books: Books, orderId: string, needed: boolean): void => {
  const hold = latest(books, orderId)
  if (hold?.state !== 'HELD' || hold.expiresAt > books.now) return
  if (!needed) {
    release(books, hold, 'expired')
    return
  }
  hold.attached = true
  hold.checkAt = books.now + attachedMs
}

export type Parcel = { shipmentId: string; orderId: string; warehouseId: string; lines: readonly Line[] }

/** What leaves the building may be on a hold that was released while the news travelled: then it comes out of free stock. */
const unit = (books: Books, hold: Hold, line: HoldLine, quantity: number): void => {
  const level = mustLevel(books, line)
  if (hold.state === 'COMMITTED') level.allocated -= quantity
  level.onHand -= quantity
  if (level.reserved + level.allocated > level.onHand)
    throw new Error(`${line.skuId} left ${line.warehouseId} but is promised to others`)
  line.shipped += quantity
}

/**
 * A parcel left: its goods leave the books. The hold is SHIPPED with its last unit. Throws for a parcel that no hold
 * covers; such a fact is parked for a human.
 */
export const ship = (books: Books, parcel: Parcel): void => {
  const hold = latest(books, parcel.orderId)
  if (!hold || hold.state === 'HELD') throw new Error(`order ${parcel.orderId} has no committed stock`)
  for (const { skuId, quantity } of parcel.lines) {
    const line = hold.lines.find((l) => l.skuId === skuId && l.warehouseId === parcel.warehouseId)
    if (!line || line.shipped + quantity > line.quantity)
      throw new Error(`shipment ${parcel.shipmentId} carries more of ${skuId} than its order holds`)
    unit(books, hold, line, quantity)
    books.moves.push({
      skuId,
      warehouseId: parcel.warehouseId,
      kind: 'SALE',
      quantity: -quantity,
      reason: 'shipped',
      actor: 'system:fulfillment',
      reference: parcel.shipmentId,
    })
  }
  if (hold.state === 'COMMITTED' && hold.lines.every((line) => line.shipped === line.quantity))
    hold.state = after(hold.state, 'ship')
}
