import type { FactPayloads } from '@souk/contract/facts'
import {
  type Announcement,
  type Books,
  type Hold,
  type Level,
  type Sku,
  settleBands,
} from '../../contexts/inventory/src/domain/books.ts'
import { adjust, receive } from '../../contexts/inventory/src/domain/goods.ts'
import {
  answerHold,
  commit,
  latest,
  release,
  releaseOrder,
  ship,
  type Verdict,
  type Wish,
} from '../../contexts/inventory/src/domain/holds.ts'
import { holdConflict, noSuchHold, outOfStock } from '../../contexts/inventory/src/faults.ts'
import { once } from './keys.ts'
import { atOnce, type Steps } from './steps.ts'
import type { HoldRow, LevelRow } from './tables.ts'
import type { Request, World } from './world.ts'

/** What `store/books.ts` and the verbs of inventory do around its domain. */

type Scope = { skuIds: readonly string[]; orderIds: readonly string[] }

/** Up to this many available a SKU is LOW. */
export const lowStock = 2

const toLevel = (row: LevelRow): Level => {
  const { onHand, reserved, allocated, safetyStock } = row
  return { ...row, was: { onHand, reserved, allocated, safetyStock } }
}

const toHold = (row: HoldRow): Hold => {
  const { state, attached, checkAt, version, lines } = row
  const was = { state, attached, checkAt, version, shipped: lines.map(({ shipped }) => shipped) }
  return { ...row, lines: lines.map((line) => ({ ...line })), was }
}

/** `books.open`: all attempts of the order ids, all rows of the SKUs and of those in their lines. */
const open = ({ inventory, clock }: World, { skuIds, orderIds }: Scope): Books => {
  const holds = new Map<string, Hold[]>()
  const concerned = new Set(skuIds)
  for (const orderId of orderIds) {
    const rows = inventory.holds.get(orderId)
    if (!rows) continue
    holds.set(orderId, rows.map(toHold))
    for (const { lines } of rows) for (const { skuId } of lines) concerned.add(skuId)
  }
  const levels = new Map<string, Level[]>()
  const skus = new Map<string, Sku>()
  for (const skuId of [...concerned].sort()) {
    const sku = inventory.skus.get(skuId)
    if (!sku) continue
    skus.set(skuId, { ...sku, was: sku.version })
    levels.set(skuId, inventory.levels.get(skuId)!.map(toLevel))
  }
  return { now: clock.now(), levels, skus, holds, moves: [], facts: [] }
}

const save = ({ inventory, newId }: World, books: Books): void => {
  for (const [skuId, levels] of books.levels) inventory.levels.put(skuId, levels)
  for (const [skuId, sku] of books.skus) inventory.skus.put(skuId, sku)
  for (const [orderId, holds] of books.holds) inventory.holds.put(orderId, holds)
  for (const move of books.moves) inventory.movements.put(newId(), move)
}

/** Bands, rows and facts of what was decided in opened books; inside a transaction. */
const close = (world: World, books: Books): void => {
  settleBands(books, lowStock)
  save(world, books)
  world.inventory.db.publish(...(books.facts as Announcement[]))
}

const within = <R>(world: World, scope: Scope, work: (books: Books) => R): R => {
  const books = open(world, scope)
  const reply = work(books)
  close(world, books)
  return reply
}

export type HoldMessage = Pick<Hold, 'orderId' | 'attempt' | 'state' | 'lines' | 'expiresAt'>

const toHoldMessage = ({ orderId, attempt, state, lines, expiresAt }: Hold): HoldMessage => ({
  orderId,
  attempt,
  state,
  lines: lines.map((line) => ({ ...line })),
  expiresAt,
})

const scopeOf = ({ lines, orderId, replaces }: Wish): Scope => ({
  skuIds: lines.map(({ skuId }) => skuId),
  orderIds: replaces ? [orderId, replaces] : [orderId],
})

const answer = (verdict: Verdict, { orderId }: Wish): HoldMessage => {
  if (verdict.kind === 'held') return toHoldMessage(verdict.hold)
  throw verdict.kind === 'short' ? outOfStock(verdict.skuId, verdict.available) : holdConflict(orderId)
}

/** service/reserve-stock.ts, asked by the order context. */
export function* reserveStock(world: World, asked: Wish): Steps<HoldMessage> {
  const wish = { ...asked, lines: world.ports.sumLines(asked.lines) }
  const books = yield* world.ports.lockAndRead(() => open(world, scopeOf(wish)))
  const verdict = world.inventory.db.tx(() => {
    const decided = world.ports.reserve(books, wish)
    close(world, books)
    return decided
  })
  return answer(verdict, wish)
}

/** The same, asked with an API key: key, hold and answer in one transaction. */
export const reserveByKey = (world: World, request: Request, asked: Wish): Steps<HoldMessage> => {
  const wish = { ...asked, lines: world.ports.sumLines(asked.lines) }
  const work = () => within(world, scopeOf(wish), (books) => answer(world.ports.reserve(books, wish), wish))
  return once(world, world.inventory, request, work)
}

/** service/operate-hold.ts: to an API key a hold made by another context does not exist. */
const operateHold = (world: World, orderId: string, external: boolean, work: (books: Books, hold: Hold) => void) =>
  within(world, { skuIds: [], orderIds: [orderId] }, (books) => {
    const hold = latest(books, orderId)
    if (!hold || (external && !hold.external)) throw noSuchHold(orderId)
    work(books, hold)
    return toHoldMessage(hold)
  })

const releaseLive = (books: Books, hold: Hold): void => {
  if (hold.state !== 'RELEASED' && hold.state !== 'EXPIRED') release(books, hold, 'cancelled')
}

const commitLive = (books: Books, hold: Hold): void => {
  if (hold.state !== 'COMMITTED' && hold.state !== 'SHIPPED') commit(books, hold)
}

/** service/release-stock.ts, asked by the order context. */
export const releaseStock = (world: World, orderId: string): Steps<HoldMessage> =>
  atOnce(() => world.inventory.db.tx(() => operateHold(world, orderId, false, releaseLive)))

/** The inventory verbs, asked with an API key. */
export const operateByKey = (
  world: World,
  request: Request,
  verb: 'commit' | 'release',
  orderId: string,
): Steps<HoldMessage> => {
  const work = verb === 'commit' ? commitLive : releaseLive
  return once(world, world.inventory, request, () => operateHold(world, orderId, true, work))
}

/** service/adjust-stock.ts */
export const adjustStock = (
  world: World,
  request: Request,
  skuId: string,
  warehouseId: string,
  delta: number,
): Steps<number> => {
  const change = { skuId, warehouseId, quantity: delta, reason: 'counted', actor: 'staff', reference: world.newId() }
  return once(
    world,
    world.inventory,
    request,
    () => within(world, { skuIds: [skuId], orderIds: [] }, (books) => adjust(books, change)).onHand,
  )
}

/** A new SKU with its first stock; the default warehouse first. */
export const receiveStock = (world: World, skuId: string, stock: readonly (readonly [string, number])[]): void =>
  world.inventory.db.tx(() => {
    world.inventory.skus.put(skuId, { skuId, band: 'OUT_OF_STOCK', version: 0 })
    const empty = { skuId, safetyStock: 0, onHand: 0, reserved: 0, allocated: 0 }
    world.inventory.levels.put(
      skuId,
      stock.map(([warehouseId]) => ({ ...empty, warehouseId })),
    )
    within(world, { skuIds: [skuId], orderIds: [] }, (books) => {
      for (const [warehouseId, quantity] of stock)
        receive(books, { skuId, warehouseId, quantity, reason: 'receipt', actor: 'system', reference: 'first' })
    })
  })

/** Goods of an order that waits for its money are destroyed: no verb does this, a fork-lift does. */
export const damage = (world: World, orderId: string): void => {
  world.damaged.add(orderId)
  world.inventory.db.tx(() =>
    within(world, { skuIds: [], orderIds: [orderId] }, (books) => {
      const hold = latest(books, orderId)
      if (hold?.state !== 'HELD') return
      release(books, hold, 'cancelled')
      for (const { skuId, warehouseId, quantity } of hold.lines) {
        const lost = { skuId, warehouseId, quantity: -quantity, reason: 'damaged', actor: 'staff', reference: orderId }
        adjust(books, lost)
      }
    }),
  )
}

/** Order ids whose hold is to be looked at; `dueHolds` of the store. */
export const dueHolds = ({ inventory, clock }: World): string[] =>
  inventory.holds.all().flatMap((holds) => {
    const hold = holds.at(-1)
    return hold?.state === 'HELD' && hold.checkAt <= clock.now() ? [hold.orderId] : []
  })

/** service/meet-due-holds.ts, one hold. */
export const meetDueHold = (world: World, orderId: string): void =>
  world.inventory.db.tx(() =>
    within(world, { skuIds: [], orderIds: [orderId] }, (books) => world.ports.meetDue(books, orderId)),
  )

/** events.ts */
export const inventoryHears = (world: World) => {
  const together =
    <P extends { orderId: string }>(skuIdsOf: (payload: P) => string[], apply: (books: Books, payload: P) => void) =>
    (payload: P): void =>
      within(world, { skuIds: skuIdsOf(payload), orderIds: [payload.orderId] }, (books) => apply(books, payload))
  const commitHeard = together<FactPayloads['order.OrderPaid']>(
    ({ lines }) => lines.map(({ skuId }) => skuId),
    (books, { orderId, lines }) => void world.ports.commitOrder(books, orderId, world.ports.sumLines(lines)),
  )
  return {
    'order.OrderPaid': commitHeard,
    'order.OrderAccepted': commitHeard,
    'order.OrderCancelled': together<FactPayloads['order.OrderCancelled']>(
      () => [],
      (books, { orderId }) => releaseOrder(books, orderId),
    ),
    'order.HoldAnswered': together<FactPayloads['order.HoldAnswered']>(
      () => [],
      (books, { orderId, needed }) => answerHold(books, orderId, needed),
    ),
    'fulfillment.ShipmentShipped': together<FactPayloads['fulfillment.ShipmentShipped']>(() => [], ship),
  }
}
