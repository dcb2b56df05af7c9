import type { Order } from '../../contexts/order/src/domain/order.ts'
import { isOpen } from '../../contexts/payment/src/domain/attempt.ts'
import { effectOf } from './bus.ts'
import { must, total } from './invariants.ts'
import { dbOf, hears, services, type World } from './world.ts'

/** What must hold once nothing is under way: faults healed, outboxes empty, no timer due. */

const finished: readonly Order['status'][] = ['ALLOCATED', 'SHIPPED', 'DELIVERED', 'COMPLETED', 'CANCELLED']

/** Holds end with what they were held for. */
const checkHolds = (world: World): void => {
  for (const hold of world.inventory.holds.all().flatMap((holds) => holds.at(-1)!)) {
    const { orderId, state, external, expiresAt } = hold
    const order = world.order.orders.get(orderId)
    const overdue = state === 'HELD' && (external || !order) && expiresAt + 60_000 < world.clock.now()
    must(!overdue, 'I4', () => `the hold of ${orderId} outlived its expiry`)
    const useless = order?.status === 'CANCELLED' && (state === 'HELD' || state === 'COMMITTED')
    must(!useless, 'I4', () => `cancelled order ${orderId} still has stock ${state}`)
    const kept = state === 'COMMITTED' || state === 'SHIPPED'
    must(external || !kept || order !== undefined, 'I4', () => `${orderId} is no order and has stock ${state}`)
  }
}

const attemptsOf = (world: World, orderId: string) =>
  world.payment.attempts.all().filter((attempt) => attempt.orderId === orderId)

/** Money that was taken has its goods, or is back, or is somebody's case. */
const checkGoods = (world: World, order: Order): void => {
  const kept = total(attemptsOf(world, order.id), ({ captured, refunded }) => captured - refunded)
  const hold = world.inventory.holds.get(order.id)?.at(-1)
  const covered =
    (hold?.state === 'COMMITTED' || hold?.state === 'SHIPPED') &&
    order.lines.every(
      ({ skuId, quantity }) => total(hold.lines, (line) => (line.skuId === skuId ? line.quantity : 0)) === quantity,
    )
  must(kept === 0 || covered, 'I5', () => `${kept} of order ${order.id} (${order.status}) has no goods`)
}

/** At most one capture counts, the rest went back; the order knows what payment knows. */
const checkPaid = (world: World, order: Order): void => {
  const attempts = attemptsOf(world, order.id)
  const sum = (of: 'captured' | 'refunded') => total(attempts, (attempt) => attempt[of])
  must(order.captured === sum('captured') && order.refunded === sum('refunded'), 'I10', () => {
    return `order ${order.id} counts ${order.captured} − ${order.refunded}, payment ${sum('captured')} − ${sum('refunded')}`
  })
  const given = (id: string) =>
    total(world.payment.refunds.all(), ({ paymentId, automatic, status, purpose, money }) =>
      paymentId === id && !automatic && purpose === 'refund' && status === 'SUCCEEDED' ? money.amount : 0,
    )
  const keeping = attempts.filter(({ captured, refunded }) => captured > refunded)
  const says = () =>
    `order ${order.id} (${order.status}) of ${order.total} keeps money of ${keeping.map(({ id }) => id)}`
  must(keeping.length <= (order.status === 'CANCELLED' || !order.paid ? 0 : 1), 'I10', says)
  const exact = keeping.every(({ id, captured, refunded }) => captured - refunded === order.total - given(id))
  const gone = attempts.some(({ id }) => given(id) === order.total)
  const nothingDue = order.status === 'CANCELLED' || !order.paid || order.total === 0
  must(exact && (keeping.length > 0 || gone || nothingDue), 'I10', says)
}

/** Our ledger and the channel's book agree payment by payment; nothing stays in suspense. */
const checkBooks = (world: World): void => {
  const entries = world.payment.ledger.all()
  const refundOf = new Map(world.payment.refunds.all().map((row) => [row.id, row.paymentId]))
  for (const { id } of world.payment.attempts.all()) {
    const ours = new Map<string, number>()
    for (const { sourceId, sourceType, postings } of entries)
      if ((sourceType === 'payment' ? sourceId : refundOf.get(sourceId)) === id)
        for (const { account, currency, amount } of postings) {
          const name = `${account} ${currency}`
          ours.set(name, (ours.get(name) ?? 0) + amount)
        }
    const theirs = new Map<string, number>()
    for (const { kind, paymentId, money } of world.psp.book.all())
      if (paymentId === id) {
        const amount = kind === 'charge' ? money.amount : -money.amount
        theirs.set(money.currency, (theirs.get(money.currency) ?? 0) + amount)
      }
    for (const [name, amount] of ours) {
      const [account, currency = ''] = name.split(' ')
      if (account === 'psp_clearing')
        must(
          amount === (theirs.get(currency) ?? 0),
          'I8',
          () => `${id}: ${amount} ${currency}, not ${theirs.get(currency)}`,
        )
      if (account === 'suspense') must(amount === 0, 'I8', () => `${amount} ${currency} of ${id} stays in suspense`)
    }
    for (const [currency, amount] of theirs)
      must(
        amount === 0 || ours.has(`psp_clearing ${currency}`),
        'I8',
        () => `${amount} ${currency} of ${id} is not booked`,
      )
  }
}

/** Every consumer has taken everything it listens to. */
const checkHeard = (world: World): void => {
  for (const service of services) {
    const { parked } = dbOf(world, service)
    must(parked.all().length === 0, 'I14', () => `${service} parked ${parked.all().map(({ type }) => type)}`)
    for (const source of services)
      for (const fact of dbOf(world, source).outbox)
        if (hears[service]?.includes(fact.type))
          must(dbOf(world, service).effects.get(effectOf(fact)) === 1, 'I14', () => {
            return `${service} never took ${fact.type} ${effectOf(fact)}`
          })
  }
}

/** Nothing waits for anything but people. */
const checkEnded = (world: World): void => {
  for (const order of world.order.orders.all())
    must(finished.includes(order.status), 'I22', () => `order ${order.id} stays ${order.status}`)
  for (const { id, status, method, orderId } of world.payment.attempts.all()) {
    const promised = method === 'pay_on_delivery' && world.order.orders.get(orderId)?.status !== 'CANCELLED'
    must(!isOpen(status) || promised, 'I22', () => `payment ${id} by ${method} stays ${status}`)
  }
  for (const { id, status, automatic } of world.payment.refunds.all()) {
    const ended = status === 'SUCCEEDED' || (status === 'FAILED' && !automatic)
    must(ended, 'I22', () => `refund ${id} stays ${status}`)
  }
}

/** What was answered is so: an order that was promised exists, one that was refused does not. */
const checkAnswers = (world: World): void => {
  for (const { route, answers, made } of world.requests) {
    if (route !== 'place' || answers[0] === undefined) continue
    const refused = answers[0].startsWith('refused')
    must(!refused || made.size === 0, 'I19', () => `${answers[0]}, and yet there is order ${[...made]}`)
    must(refused || world.order.orders.get(answers[0]) !== undefined, 'I19', () => `order ${answers[0]} was promised`)
  }
}

export const checkQuiet = (world: World): void => {
  checkHeard(world)
  checkEnded(world)
  checkHolds(world)
  for (const order of world.order.orders.all()) {
    checkGoods(world, order)
    checkPaid(world, order)
  }
  checkBooks(world)
  checkAnswers(world)
}
