import { outcomes } from '../../contexts/sandbox/src/domain.ts'
import type { Command } from './activities.ts'
import { assemble, quoteOf } from './basket.ts'
import { createPayment } from './cashier.ts'
import { likely, pick, request, retry } from './clients.ts'
import { faults, moving } from './faults.ts'
import { deliverShipment, shipShipment } from './fulfillment.ts'
import { adjustStock, operateByKey, receiveStock, reserveByKey } from './inventory.ts'
import { cancelOrder } from './order.ts'
import { recordDeliveryPayment } from './payment.ts'
import { placeDirect, placePrepared, preparationWindowMs, prepareOrder } from './placing.ts'
import { playBuyer } from './psp.ts'
import { refundPayment } from './refunds.ts'
import type { Steps } from './steps.ts'
import type { AttemptRow } from './tables.ts'
import { pass, type Request, type World } from './world.ts'

const skuIds = ['kettle', 'cup', 'tray', 'cup', 'kettle', 'tray', 'kettle', 'card'] as const
const buyers = ['anna', 'ben', 'chen'] as const

/** Scarce goods in two warehouses, of two merchants; one costs nothing. */
export const furnish = (world: World): void => {
  const both = [
    ['main', 6],
    ['side', 3],
  ] as const
  const goods = [
    ['kettle', 'm1', 1999, both],
    ['cup', 'm1', 333, [['main', 8]]],
    ['tray', 'm2', 10_001, [['main', 5]]],
    ['card', 'm1', 0, [['main', 3]]],
  ] as const
  for (const [skuId, merchantId, price, stock] of goods) {
    world.catalog.set(skuId, quoteOf(skuId, merchantId, price))
    receiveStock(world, skuId, stock)
  }
}

/** One or two lines; sometimes the same SKU twice. */
const linesOf = (wish: number) => {
  const line = (bits: number) => ({ skuId: skuIds[bits & 7]!, quantity: 1 + ((bits >> 3) & 1) })
  return wish & 1 ? [line(wish >> 1), line(wish >> 5)] : [line(wish >> 1)]
}

const orders = ({ order }: World) => order.orders.all()
const attempts = ({ payment }: World) => payment.attempts.all()

/** What buyers do. */
const buying: Record<string, Command> = {
  browse: ({ world }, a) => void assemble(world, world.ports.mergeLines(linesOf(a))),
  prepare: ({ world }, a, b) =>
    request(world, {
      service: 'order',
      route: 'prepare',
      keyed: false,
      principal: pick(buyers, a)!,
      run: (now, asked) => prepareOrder(now, asked, linesOf(b)),
    }),
  placePrepared: ({ world }, a) => {
    const preparation = pick(world.order.preparations.all(), a)
    if (preparation)
      request(world, {
        service: 'order',
        route: 'place',
        principal: preparation.buyerId,
        run: (now, asked) => placePrepared(now, asked, preparation.id),
      })
  },
  place: ({ world }, a, b, c) => {
    const lines = linesOf(b)
    const expected = c % 4 === 0 ? assemble(world, world.ports.mergeLines(lines)).total : undefined
    request(world, {
      service: 'order',
      route: 'place',
      principal: pick(buyers, a)!,
      run: (now, asked) => placeDirect(now, asked, lines, expected),
    })
  },
  again: ({ world }, a) => retry(world, a),
  /** A buyer comes back when the hold of his first try is about to end, or has just ended. */
  comeBack: ({ world }, a, b) => {
    pass(world, preparationWindowMs + ((b % 10) - 1) * 1000)
    retry(world, a)
  },
  pay: ({ world }, a, b) => {
    const order = likely(orders(world), ({ status }) => status === 'AWAITING_PAYMENT', a)
    if (!order) return
    const principal = b % 16 === 1 ? pick(buyers, b >> 4)! : order.buyerId
    const method = b % 4 === 0 ? 'pay_on_delivery' : 'sandbox'
    const run = (now: World, asked: Request) => createPayment(now, asked, order.id, method)
    request(world, { service: 'payment', route: 'pay', principal, run })
  },
  play: ({ world }, a, b, c) => {
    const charge = likely(world.psp.charges.all(), ({ status }) => status === 'OPEN', a)
    const outcome = b % 3 === 0 ? pick(outcomes, b >> 2)! : 'SUCCESS'
    const refundOutcome = c % 4 > 0 ? pick(outcomes, c >> 2)! : 'SUCCESS'
    if (charge) playBuyer(world, charge.paymentId, outcome, refundOutcome, (c % 60) + 1)
  },
  cancel: ({ world }, a, b) => {
    const order = likely(orders(world), ({ status }) => status !== 'CANCELLED', a)
    const by = b % 4 === 0 ? 'staff' : 'buyer'
    if (order)
      request(world, {
        service: 'order',
        route: 'cancel',
        principal: by === 'staff' ? by : order.buyerId,
        run: (now, asked) => cancelOrder(now, asked, order.id, by),
      })
  },
}

const parcel =
  (from: string, verb: (world: World, id: string) => Steps<void>): Command =>
  ({ world }, a) => {
    const shipment = likely(world.fulfillment.shipments.all(), ({ status }) => status === from, a)
    if (!shipment || !world.up.fulfillment) return
    const run = () => verb(world, shipment.id)
    request(world, { service: 'fulfillment', route: 'parcel', keyed: false, principal: 'staff', run })
  }

/** What staff and integrators do. */
const selling: Record<string, Command> = {
  ship: parcel('CREATED', shipShipment),
  deliver: parcel('IN_TRANSIT', deliverShipment),
  record: ({ world }, a, b) => {
    const attempt = pick(
      attempts(world).filter(({ method }) => method === 'pay_on_delivery'),
      a,
    )
    if (!attempt) return
    const { currency, amount } = attempt.amount
    const paid = { currency, amount: b % 8 === 0 ? amount + 1 : amount }
    const run = (now: World, asked: Request) => recordDeliveryPayment(now, asked, attempt.orderId, paid)
    request(world, { service: 'payment', route: 'record', principal: 'staff', run })
  },
  refund: ({ world }, a, b, c) => {
    const shown = ({ captured, orderId }: AttemptRow) => captured > 0 && world.order.orders.get(orderId)!.paid
    const attempt = pick(attempts(world).filter(shown), a)
    if (!attempt) return
    const line = pick(world.order.orders.get(attempt.orderId)!.lines, c)!
    const part = { amount: 1 + (c % attempt.captured), lines: [] }
    const units = { amount: undefined, lines: [{ skuId: line.skuId, quantity: 1 + (c % line.quantity) }] }
    const wish = [part, units, { amount: undefined, lines: [] }][b % 3]!
    const run = (now: World, asked: Request) => refundPayment(now, asked, attempt.id, wish)
    request(world, { service: 'payment', route: 'refund', principal: 'staff', run })
  },
  adjust: ({ world }, a, b, c) => {
    const skuId = pick(skuIds, a)!
    const { warehouseId } = pick(world.inventory.levels.get(skuId)!, b)!
    const run = (now: World, asked: Request) => adjustStock(now, asked, skuId, warehouseId, (c % 5) - 2 || 1)
    request(world, { service: 'inventory', route: 'adjust', principal: 'staff', run })
  },
  reprice: ({ world }, a, b, c) => {
    const skuId = pick(skuIds.slice(0, 3), a)!
    world.catalog.set(skuId, quoteOf(skuId, world.catalog.get(skuId)!.merchantId, 1 + (b % 5000)))
    world.adjustments = { discount: c % 700, freight: c % 13, tax: c % 7 }
  },
  integrate: ({ world }, a, b, c) => {
    const held = pick([...world.inventory.holds.all().flat(), undefined], a)
    const orderId = held?.orderId ?? world.newId()
    const lines = linesOf(c)
    const run = (now: World, asked: Request): Steps<unknown> => {
      if (held) return operateByKey(now, asked, b % 2 ? 'commit' : 'release', orderId)
      return reserveByKey(now, asked, {
        orderId,
        attempt: 1,
        external: true,
        lines,
        expiresInMs: 1000 * (1 + (b % 600)),
      })
    }
    request(world, { service: 'inventory', route: 'integrate', principal: 'key', run })
  },
}

/** Every word of a script; `check` runs after each step of `work`. */
export const vocabulary = (check: () => void): Record<string, Command> => ({
  ...buying,
  ...selling,
  ...faults,
  ...moving(check),
})

/** How often each word is said. */
export const weights: Record<string, number> = {
  browse: 1,
  prepare: 5,
  placePrepared: 5,
  place: 8,
  again: 5,
  comeBack: 3,
  pay: 12,
  play: 14,
  cancel: 5,
  ship: 6,
  deliver: 3,
  record: 3,
  refund: 10,
  adjust: 2,
  reprice: 2,
  integrate: 2,
  crash: 4,
  restart: 5,
  mute: 4,
  kill: 2,
  lose: 9,
  twice: 3,
  old: 2,
  message: 4,
  damage: 2,
  tick: 11,
  go: 25,
  work: 40,
}
