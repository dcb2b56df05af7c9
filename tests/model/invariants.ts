import { available, bandOf } from '../../contexts/inventory/src/domain/books.ts'
import type { Order } from '../../contexts/order/src/domain/order.ts'
import { grossOf } from '../../contexts/order/src/domain/pricing.ts'
import { attemptGraph, brokenStep, holdGraph, isMove, orderGraph, refundGraph } from './graphs.ts'
import { lowStock } from './inventory.ts'
import type { HoldRow, LevelRow, RefundRow } from './tables.ts'
import { dbOf, services, type World } from './world.ts'

/** An invariant of RELIABILITY section 2 that does not hold. */
export class Broken extends Error {
  readonly id: string

  constructor(id: string, says: string) {
    super(`${id}: ${says}`)
    this.id = id
  }
}

export const must = (holds: boolean, id: string, says: () => string): void => {
  if (!holds) throw new Broken(id, says())
}

export const total = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((sum, item) => sum + of(item), 0)

const heldOf = (world: World, { skuId, warehouseId }: LevelRow, state: 'HELD' | 'COMMITTED'): number =>
  total(world.inventory.holds.all().flat(), (hold) =>
    hold.state === state
      ? total(hold.lines, (line) =>
          line.skuId === skuId && line.warehouseId === warehouseId ? line.quantity - line.shipped : 0,
        )
      : 0,
  )

const checkSku = (world: World, skuId: string): void => {
  const levels = world.inventory.levels.get(skuId)!
  for (const level of levels) {
    const { onHand, reserved, allocated, warehouseId } = level
    const says = () => `${skuId} in ${warehouseId} has ${onHand} on hand, ${reserved} reserved, ${allocated} allocated`
    must(reserved >= 0 && allocated >= 0 && reserved + allocated <= onHand, 'I1', says)
    const moved = total(world.inventory.movements.all(), (move) =>
      move.skuId === skuId && move.warehouseId === warehouseId ? move.quantity : 0,
    )
    must(onHand === moved, 'I2', () => `${says()}, its movements sum to ${moved}`)
    const held = heldOf(world, level, 'HELD')
    const committed = heldOf(world, level, 'COMMITTED')
    must(reserved === held && allocated === committed, 'I3', () => `${says()}, holds say ${held} and ${committed}`)
  }
  const { band } = world.inventory.skus.get(skuId)!
  const books = { levels: new Map([[skuId, levels.map((level) => ({ ...level, was: level }))]]) }
  const free = available({ ...books, now: 0, skus: new Map(), holds: new Map(), moves: [], facts: [] }, skuId)
  must(band === bandOf(free, lowStock), 'I20', () => `${skuId} is announced as ${band}, ${free} are available`)
}

const hasLeft = (state: HoldRow['state']): boolean => state === 'COMMITTED' || state === 'SHIPPED'

/** The stock of an order that stands is held until the order itself lets it go. */
const checkAttached = (world: World, order: Order): void => {
  if (order.status === 'CANCELLED' || world.damaged.has(order.id)) return
  const state = world.inventory.holds.get(order.id)?.at(-1)?.state
  must(state === 'HELD' || (state !== undefined && hasLeft(state)), 'I4', () => {
    return `order ${order.id} is ${order.status}, its hold is ${state ?? 'not there'}`
  })
}

/** A committed hold has its money, or the promise of money on delivery, and inventory heard of it. */
const checkCommitted = (world: World, { orderId, external, state }: HoldRow): void => {
  if (external || !hasLeft(state)) return
  const heard = world.order.db.outbox.some(
    ({ type, aggregateId, aggregateVersion }) =>
      aggregateId === orderId &&
      (type === 'order.OrderPaid' || type === 'order.OrderAccepted') &&
      world.inventory.db.effects.get(`order/${orderId}#${aggregateVersion}`) === 1,
  )
  const order = world.order.orders.get(orderId)
  const backed = world.payment.attempts.all().some((attempt) => {
    if (attempt.orderId !== orderId) return false
    return attempt.status === 'CAPTURED' ? attempt.captured === order?.total : attempt.method === 'pay_on_delivery'
  })
  must(heard && backed, 'I6', () => `order ${orderId} has committed stock without its money`)
}

const checkStock = (world: World, states: Map<string, string>): void => {
  const skuIds = new Set(world.inventory.levels.changed())
  for (const orderId of world.inventory.holds.changed()) {
    const holds = world.inventory.holds.get(orderId) ?? []
    for (const hold of holds) {
      const name = `${orderId}#${hold.attempt}`
      const was = states.get(name)
      const legal = was === undefined || was === hold.state || isMove(holdGraph, was, hold.state)
      must(legal, 'I13', () => `hold ${name} went from ${was} to ${hold.state}`)
      states.set(name, hold.state)
      for (const { skuId } of hold.lines) skuIds.add(skuId)
    }
    const last = holds.at(-1)
    if (last) checkCommitted(world, last)
    const order = world.order.orders.get(orderId)
    if (order) checkAttached(world, order)
  }
  for (const skuId of skuIds) checkSku(world, skuId)
}

const checkTotals = (order: Order): void => {
  const { subtotal, discount, freight, tax } = order
  const gross = total(order.lines, grossOf)
  const sums = gross === subtotal && order.total === subtotal - discount + freight + tax && order.total >= 0
  const shares = total(order.lines, (line) => line.discount) === discount
  const parts = order.groups.flatMap(({ portions }) => portions)
  const split =
    total(order.groups, (group) => group.freight) === freight &&
    order.lines.every((line, place) => {
      const mine = parts.filter((part) => part.line === place)
      return total(mine, (part) => part.quantity) === line.quantity && total(mine, (p) => p.discount) === line.discount
    })
  must(sums && shares && split, 'I11', () => `order ${order.id} does not add up to ${order.total}`)
}

/** Net of what payment keeps for an order. */
const keptFor = (world: World, orderId: string): number =>
  total(world.payment.attempts.all(), (attempt) =>
    attempt.orderId === orderId ? attempt.captured - attempt.refunded : 0,
  )

const checkHistory = (world: World, order: Order, seen: number): void => {
  const entries = world.order.timeline.get(order.id)!
  const ordered = entries.every((entry, place) => entry.version === place + 1)
  const last = entries.at(-1)!
  must(ordered && last.status === order.status && entries.length === order.version, 'I13', () => {
    return `the history of order ${order.id} does not end at ${order.status}, version ${order.version}`
  })
  for (const [place, { was, status }] of entries.entries()) {
    if (place < seen) continue
    const before = entries[place - 1]?.status ?? null
    const legal = was === before && (was === null || was === status || isMove(orderGraph, was, status))
    must(legal, 'I13', () => `order ${order.id} went from ${was} to ${status}`)
    if (was === 'CANCELLING' && status === 'CANCELLED')
      must(keptFor(world, order.id) === 0, 'I13', () => `order ${order.id} is CANCELLED and its money is kept`)
  }
}

type Memory = { states: Map<string, string>; totals: Map<string, number>; versions: Map<string, number> }

const checkOrders = (world: World, { totals, versions }: Memory): void => {
  const ids = new Set([...world.order.orders.changed(), ...world.order.timeline.changed()])
  for (const id of ids) {
    const order = world.order.orders.get(id)
    if (!order) continue
    checkTotals(order)
    const frozen = totals.get(id) ?? order.total
    must(order.total === frozen, 'I11', () => `the total of order ${id} went from ${frozen} to ${order.total}`)
    totals.set(id, order.total)
    checkHistory(world, order, versions.get(id) ?? 0)
    versions.set(id, order.version)
    checkAttached(world, order)
  }
}

const pendingStates: readonly string[] = ['APPROVED', 'SENT', 'UNKNOWN']

const checkAttempt = (world: World, id: string): void => {
  const attempt = world.payment.attempts.get(id)
  if (!attempt) return
  const { captured, refunded, refundPending, amount, status, orderId } = attempt
  const says = () =>
    `payment ${id} of ${amount.amount}: ${captured} captured, ${refunded} back, ${refundPending} pending`
  const bound = refunded >= 0 && refundPending >= 0 && refunded + refundPending <= captured
  must(bound && captured === (status === 'CAPTURED' ? amount.amount : 0), 'I9', says)
  const mine = (refund: RefundRow) => refund.paymentId === id && refund.purpose === 'refund'
  const sum = (states: readonly string[]) =>
    total(world.payment.refunds.all(), (row) => (mine(row) && states.includes(row.status) ? row.money.amount : 0))
  must(refunded === sum(['SUCCEEDED']) && refundPending === sum(pendingStates), 'I9', () => `${says()} by its refunds`)
  const order = world.order.orders.get(orderId)
  must(order?.total === amount.amount, 'I11', () => `${says()}, its order's total is ${order?.total}`)
}

/** No more units of a line go back than were bought. */
const checkRefundedUnits = (world: World, { paymentId, orderId }: RefundRow): void => {
  const order = world.order.orders.get(orderId)!
  const live = world.payment.refunds
    .all()
    .filter((row) => row.paymentId === paymentId && row.status !== 'FAILED' && row.status !== 'REJECTED')
  for (const { skuId, quantity } of order.lines) {
    const back = total(live, ({ lines }) => total(lines, (line) => (line.skuId === skuId ? line.quantity : 0)))
    must(back <= quantity, 'I17', () => `${back} of ${quantity} ${skuId} of order ${orderId} are refunded`)
  }
}

const checkMoney = (world: World): void => {
  const { attempts, refunds, moves, ledger } = world.payment
  const changed = refunds.changed().map((id) => refunds.get(id)!)
  for (const refund of changed) if (refund) checkRefundedUnits(world, refund)
  for (const id of new Set([...attempts.changed(), ...changed.flatMap((row) => row?.paymentId ?? [])]))
    checkAttempt(world, id)
  for (const id of moves.changed()) {
    const path = moves.get(id)!
    const row = attempts.get(id) ?? refunds.get(id)
    const broken = brokenStep(attempts.get(id) ? attemptGraph : refundGraph, path)
    must(broken === undefined, 'I13', () => `${id} went ${path.join(', ')}`)
    must(path.at(-1)?.split('>')[1] === row?.status, 'I13', () => `${id} is ${row?.status} after ${path.join(', ')}`)
  }
  for (const id of ledger.changed()) {
    const { postings } = ledger.get(id)!
    for (const currency of new Set(postings.map((posting) => posting.currency))) {
      const balance = total(postings, (posting) => (posting.currency === currency ? posting.amount : 0))
      must(balance === 0 && postings.length > 1, 'I7', () => `entry ${id} is off by ${balance}`)
    }
  }
}

const checkParcels = (world: World): void => {
  for (const id of world.fulfillment.shipments.changed()) {
    const { orderId, groupId, status } = world.fulfillment.shipments.get(id)!
    const order = world.order.orders.get(orderId)!
    const parcels = world.fulfillment.shipments
      .all()
      .filter((row) => row.orderId === orderId && row.status !== 'VOIDED')
    must(parcels.filter((row) => row.groupId === groupId).length <= 1, 'I17', () => `group ${groupId} leaves twice`)
    for (const { skuId, quantity } of order.lines) {
      const sent = total(parcels, ({ lines }) => total(lines, (line) => (line.skuId === skuId ? line.quantity : 0)))
      must(sent <= quantity, 'I17', () => `${sent} of ${quantity} ${skuId} of order ${orderId} are shipped`)
    }
    const gone = status === 'IN_TRANSIT' || status === 'DELIVERED'
    must(!gone || !order.status.startsWith('CANCEL'), 'I17', () => `a parcel of ${order.status} order ${orderId} left`)
  }
}

const checkChannel = (world: World): void => {
  for (const id of world.psp.book.changed()) {
    const { paymentId } = world.psp.book.get(id)!
    const entries = world.psp.book.all().filter((row) => row.paymentId === paymentId)
    const charges = entries.filter(({ kind }) => kind === 'charge').length
    must(charges <= 1, 'I10', () => `payment ${paymentId} was charged ${charges} times`)
  }
  for (const id of world.psp.messages.changed()) {
    const { state, body } = world.psp.messages.get(id)!
    if (state !== 'delivered') continue
    const { eventId } = JSON.parse(body)
    must(world.payment.callbacks.get(eventId) !== undefined, 'I19', () => `event ${eventId} was answered, not kept`)
  }
}

const checkRequests = (world: World): void => {
  for (const { route, key, keyed, answers, made } of world.requests) {
    if (!keyed) continue
    must(made.size <= 1, 'I16', () => `${route} ${key} made ${[...made].join(' and ')}`)
    const other = answers.find((answer) => answer !== answers[0])
    must(other === undefined, 'I16', () => `${route} ${key} was answered ${answers[0]} and ${other}`)
  }
}

const checkEffects = (world: World): void => {
  for (const service of services)
    for (const id of dbOf(world, service).effects.changed())
      must((dbOf(world, service).effects.get(id) ?? 0) <= 1, 'I15', () => `${service} took ${id} twice`)
}

/** What must hold after every step; looks only at what changed since the last one. */
export const createChecker = (world: World): (() => void) => {
  const memory: Memory = { states: new Map(), totals: new Map(), versions: new Map() }
  return () => {
    checkStock(world, memory.states)
    checkOrders(world, memory)
    checkMoney(world)
    checkParcels(world)
    checkChannel(world)
    checkRequests(world)
    checkEffects(world)
  }
}
