import { fault, faultOf } from '@souk/kernel'
import { splitIntoGroups } from '../../contexts/order/src/domain/draft.ts'
import { orderNumber } from '../../contexts/order/src/domain/number.ts'
import type { Draft, HeldLine } from '../../contexts/order/src/domain/order.ts'
import { type Placed, place } from '../../contexts/order/src/domain/place.ts'
import { presentOrder } from '../../contexts/order/src/domain/present.ts'
import type { WishLine } from '../../contexts/order/src/domain/wish.ts'
import { outcomeUnknown, preparationExpired, priceChanged } from '../../contexts/order/src/faults.ts'
import { assemble } from './basket.ts'
import { type HoldMessage, releaseStock, reserveStock } from './inventory.ts'
import { finish, first, isAnswer } from './keys.ts'
import { answerExisting, type OrderMessage, paymentTimer } from './order.ts'
import { atOnce, CommitUnknown, type Steps, unavailable } from './steps.ts'
import { ask, commit, type Request, type World } from './world.ts'

/** What the placing verbs of order do around its domain, verb by verb. */

export const paymentWindowMs = 15 * 60_000
export const preparationWindowMs = 5 * 60_000
/** `statement_timeout`: between its check of the hold and its COMMIT a statement takes no longer. */
const statementMs = 2000

type LiveHold = { lines: HeldLine[]; expiresAt: number }

const liveOf = (hold: HoldMessage | undefined): LiveHold | undefined =>
  hold?.state === 'HELD' ? { lines: hold.lines, expiresAt: hold.expiresAt } : undefined

function* reserve(world: World, orderId: string, attempt: number, lines: readonly WishLine[], replaces?: string) {
  const wish = { orderId, attempt, external: false, lines: [...lines], expiresInMs: preparationWindowMs, replaces }
  try {
    return yield* ask(world, 'inventory', () => reserveStock(world, wish))
  } catch (error) {
    if (faultOf(error)?.code === 'HOLD_CONFLICT') return undefined
    throw error
  }
}

/** `take` of service/holds.ts */
function* take(world: World, orderId: string, lines: readonly WishLine[], replaces?: string): Steps<LiveHold> {
  const held = liveOf(yield* reserve(world, orderId, 1, lines, replaces))
  if (held) return held
  const { attempt } = yield* ask(world, 'inventory', () => releaseStock(world, orderId))
  const next = liveOf(yield* reserve(world, orderId, attempt + 1, lines, replaces))
  if (!next) throw new Error('the stock of this order could not be held anew')
  return next
}

/** `giveUp` of service/holds.ts: what is not freed now ends with its expiry. */
function* giveUp(world: World, orderId: string): Steps<void> {
  try {
    yield* ask(world, 'inventory', () => releaseStock(world, orderId))
  } catch {
    // The hold runs out.
  }
}

/** service/hold-stock.ts */
function* holdStock(world: World, orderId: string, lines: readonly WishLine[], buyerId: string) {
  const { db, preparations } = world.order
  const row = preparations.get(buyerId)
  const live = row && (row.replacedBy ?? orderId) === orderId ? row.id : undefined
  yield 'step'
  const now = preparations.get(buyerId)
  const claimed = live !== undefined && now?.id === live && (now.replacedBy ?? orderId) === orderId
  if (claimed) db.tx(() => preparations.put(buyerId, { ...now, replacedBy: orderId }))
  const replaced = claimed ? live : undefined
  try {
    return { ...(yield* take(world, orderId, lines, replaced)), replaced }
  } catch (error) {
    const mine = preparations.get(buyerId)
    if (replaced && isRefusal(error) && mine?.id === replaced && mine.replacedBy === orderId)
      db.tx(() => preparations.put(buyerId, { ...mine, replacedBy: undefined }))
    throw error
  }
}

const isRefusal = (error: unknown): boolean => isAnswer(error) !== undefined || faultOf(error)?.code === 'NOT_FOUND'

export type Preparation = { preparationId: string; total: number; holdExpiresAt: number }

/** service/prepare-order.ts */
export function* prepareOrder(world: World, request: Request, wished: readonly WishLine[]): Steps<Preparation> {
  const { db, preparations } = world.order
  const buyerId = request.principal
  const basket = assemble(world, world.ports.mergeLines(wished))
  const id = world.newId()
  const { replaced, lines, expiresAt } = yield* holdStock(world, id, basket.lines, buyerId)
  const draft = { ...basket, groups: splitIntoGroups(basket, lines, world.newId) }
  const replace = (): string | undefined =>
    db.tx(() => {
      const former = preparations.get(buyerId)?.id
      preparations.put(buyerId, { id, buyerId, holdExpiresAt: expiresAt, draft, replacedBy: undefined })
      return former
    })
  let former: string | undefined
  try {
    former = yield* commit(world, 'order', replace)
  } catch {
    throw unavailable()
  }
  yield 'step'
  if (former && former !== replaced) yield* giveUp(world, former)
  return { preparationId: id, total: draft.total, holdExpiresAt: expiresAt }
}

type Placing = Placed & {
  request: Request
  deadline: number
  reply: OrderMessage
  holdExpiresAt: number
  prepared: boolean
  replaces: string | undefined
}

type Verdict = 'placed' | 'exists' | 'holdGone'

/** The statement of store/placing.ts. `began`: when it looked at the hold. */
const insertOrder = (world: World, placing: Placing, began: number): Verdict => {
  const { order: tables, clock, ports } = world
  const { order, entries, facts, request, reply, holdExpiresAt, prepared, replaces } = placing
  return tables.db.tx(() => {
    if (clock.now() > began + statementMs) throw new Error('statement timeout')
    const mine = tables.preparations.get(order.buyerId)
    const taken = prepared && mine?.id === order.id && mine.replacedBy === undefined
    if (!ports.holdIsLive(holdExpiresAt, began) || (prepared && !taken)) return 'holdGone'
    if (tables.orders.get(order.id)) return 'exists'
    if (taken || (mine && mine.id === replaces)) tables.preparations.remove(order.buyerId)
    tables.orders.put(order.id, order)
    tables.timeline.put(order.id, entries)
    tables.db.schedule({ kind: paymentTimer, aggregateId: order.id, dueAt: order.payBefore.getTime() })
    tables.db.publish(...facts)
    finish(tables, request, reply)
    request.made.add(order.id)
    return 'placed'
  })
}

function* insert(world: World, placing: Placing): Steps<Verdict> {
  yield 'step'
  if (placing.deadline < world.clock.now()) throw fault('DEADLINE_EXCEEDED')
  const began = world.clock.now()
  return yield* commit(world, 'order', () => insertOrder(world, placing, began))
}

type Written = Pick<Placing, 'holdExpiresAt' | 'prepared' | 'replaces' | 'deadline'> & { id: string; draft: Draft }

function* verdictOf(world: World, placing: Placing, freeHold: () => Steps<void>): Steps<Verdict> {
  try {
    const verdict = yield* insert(world, placing)
    if (verdict === 'holdGone') yield* freeHold()
    return verdict
  } catch (error) {
    if (error instanceof CommitUnknown) {
      yield 'step'
      if (world.order.orders.get(placing.order.id)) return 'exists'
      throw outcomeUnknown(error)
    }
    yield* freeHold()
    throw error
  }
}

/** service/write-order.ts */
function* writeOrder(
  world: World,
  { id, draft, ...rest }: Written,
  request: Request,
  freeHold: () => Steps<void>,
): Steps<OrderMessage | undefined> {
  const now = world.clock.date()
  const payBefore = new Date(now.getTime() + paymentWindowMs)
  const placed = place(draft, { id, number: orderNumber('20260101', id), buyerId: request.principal, now, payBefore })
  const reply = presentOrder(placed.order, placed.entries, 'buyer', now)
  const verdict = yield* verdictOf(world, { ...placed, ...rest, request, reply }, freeHold)
  yield 'step'
  if (verdict === 'exists') return yield* answerExisting(world, request, id)
  return verdict === 'holdGone' ? undefined : reply
}

/** A preparation's hold belongs to the preparation. */
const keepHold = (): Steps<void> => atOnce(() => {})

/** `deadline_ms` of PlaceOrder. */
const deadlineMs = 5000

/** `placePrepared` of service/place-order.ts */
export function* placePrepared(world: World, request: Request, id: string): Steps<OrderMessage> {
  const deadline = world.clock.now() + deadlineMs
  const lost = function* (): Steps<OrderMessage> {
    const existing = yield* answerExisting(world, request, id)
    if (existing) return existing
    throw preparationExpired()
  }
  return yield* first(world, world.order, request, function* () {
    const found = world.order.preparations.get(request.principal)
    const live = found && world.ports.holdIsLive(found.holdExpiresAt, world.clock.now())
    if (!live || found.id !== id || found.replacedBy) return yield* lost()
    const { draft, holdExpiresAt } = found
    const written = { id, draft, holdExpiresAt, deadline, prepared: true, replaces: undefined }
    return (yield* writeOrder(world, written, request, keepHold)) ?? (yield* lost())
  })
}

const mostHolds = 2

/** `placeDirect` of service/place-order.ts; `expected` is the total that the buyer was shown. */
export function* placeDirect(
  world: World,
  request: Request,
  wished: readonly WishLine[],
  expected: number | undefined,
): Steps<OrderMessage> {
  const deadline = world.clock.now() + deadlineMs
  const attempt = function* (id: string): Steps<OrderMessage | undefined> {
    const basket = assemble(world, world.ports.mergeLines(wished))
    if (expected !== undefined && expected !== basket.total)
      throw priceChanged({ currency: basket.currency, amount: basket.total })
    yield 'step'
    type Held = LiveHold & { replaced: string | undefined }
    const hold = () => holdStock(world, id, basket.lines, request.principal)
    const write = ({ replaced, lines, expiresAt }: Held) => {
      const draft = { ...basket, groups: splitIntoGroups(basket, lines, world.newId) }
      const written = { id, draft, holdExpiresAt: expiresAt, deadline, prepared: false, replaces: replaced }
      return writeOrder(world, written, request, () => giveUp(world, id))
    }
    const guess = (): Held => ({
      lines: basket.lines.map(({ skuId, quantity }) => ({ skuId, quantity, warehouseId: 'main' })),
      expiresAt: world.clock.now() + preparationWindowMs,
      replaced: undefined,
    })
    return yield* world.ports.holdAndWrite(hold, write, guess)
  }
  return yield* first(world, world.order, request, function* (id, resumed) {
    const existing = resumed ? yield* answerExisting(world, request, id) : undefined
    if (existing) return existing
    for (let tries = 0; tries < mostHolds; tries++) {
      const reply = yield* attempt(id)
      if (reply) return reply
    }
    throw fault('OVERLOADED')
  })
}
