import { outcomes } from '../../contexts/sandbox/src/domain.ts'
import { crash, type Play, possible } from './activities.ts'
import { assemble, quoteOf } from './basket.ts'
import { effectOf } from './bus.ts'
import { createPayment } from './cashier.ts'
import { deliverShipment, shipShipment } from './fulfillment.ts'
import { adjustStock, damage, operateByKey, receiveStock, reserveByKey } from './inventory.ts'
import { isAnswer } from './keys.ts'
import { cancelOrder } from './order.ts'
import { recordDeliveryPayment } from './payment.ts'
import { placeDirect, placePrepared, prepareOrder } from './placing.ts'
import { playBuyer, sendAgain, sendStray } from './psp.ts'
import { refundPayment } from './refunds.ts'
import { isMistake, NoAnswer, type Steps } from './steps.ts'
import { advance, dbOf, pass, type Request, services, type World } from './world.ts'

/** What a script can say. Numbers choose among what is there at that moment, so a line means something in any world. */
export type Command = (play: Play, a: number, b: number, c: number) => void

const skuIds = ['kettle', 'cup', 'tray', 'cup', 'kettle', 'tray', 'kettle', 'card'] as const
const buyers = ['anna', 'ben', 'chen'] as const

/** Scarce goods in two warehouses, of two merchants; one costs nothing. */
export const furnish = (world: World): void => {
  const goods = [
    [
      'kettle',
      'm1',
      1999,
      [
        ['main', 6],
        ['side', 3],
      ],
    ],
    ['cup', 'm1', 333, [['main', 8]]],
    [
      'tray',
      'm2',
      10_001,
      [
        ['main', 2],
        ['side', 2],
      ],
    ],
    ['card', 'm1', 0, [['main', 3]]],
  ] as const
  for (const [skuId, merchantId, price, stock] of goods) {
    world.catalog.set(skuId, quoteOf(skuId, merchantId, price))
    receiveStock(world, skuId, stock)
  }
}

const pick = <T>(list: readonly T[], wish: number): T | undefined => list[wish % Math.max(list.length, 1)]

/** Mostly one of those that the command is meant for, now and then any. */
const likely = <T>(list: readonly T[], meant: (item: T) => boolean, wish: number): T | undefined => {
  const some = wish % 8 === 0 ? [] : list.filter(meant)
  return pick(some.length > 0 ? some : list, wish >> 3)
}

/** One or two lines; sometimes the same SKU twice. */
const linesOf = (wish: number) => {
  const line = (bits: number) => ({ skuId: skuIds[bits & 7]!, quantity: 1 + ((bits >> 3) & 1) })
  return wish & 1 ? [line(wish >> 1), line(wish >> 5)] : [line(wish >> 1)]
}

const gistOf = (reply: unknown): string => {
  const { id, orderId } = (reply ?? {}) as { id?: string; orderId?: string }
  return id ?? orderId ?? `${reply}`
}

function* serve(world: World, request: Request): Steps<void> {
  let answer: string
  try {
    answer = gistOf(yield* request.run(world, request))
  } catch (error) {
    if (isMistake(error)) throw error
    const refusal = isAnswer(error)
    if (!refusal) return
    answer = `refused with ${refusal.code}`
  }
  try {
    yield 'reply'
  } catch {
    return
  }
  request.answers.push(answer)
}

const submit = (world: World, request: Request): void => {
  if (world.up[request.service]) world.spawn(request.service, request.route, serve(world, request))
}

type Asked = Pick<Request, 'service' | 'route' | 'principal' | 'run'> & { keyed?: boolean }

const request = (world: World, asked: Asked): void => {
  const key = `k${world.requests.length}`
  const made: Request = { keyed: true, ...asked, key, answers: [], made: new Set() }
  world.requests.push(made)
  submit(world, made)
}

const orders = ({ order }: World) => order.orders.all()
const attempts = ({ payment }: World) => payment.attempts.all()

const inOrder = (play: Play, count: number, check: () => void): void => {
  for (let done = 0; done < count; done++) {
    const list = possible(play)
    if (list.length === 0) return
    list[play.turn++ % list.length]!.run()
    check()
  }
}

export const buying: Record<string, Command> = {
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
  again: ({ world }, a) => {
    const asked = likely(world.requests, ({ keyed, answers }) => keyed && answers.length === 0, a)
    if (asked) submit(world, asked)
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
    const refundOutcome = c % 2 === 0 ? pick(outcomes, c >> 1)! : 'SUCCESS'
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

export const selling: Record<string, Command> = {
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
    const attempt = pick(
      attempts(world).filter(({ captured }) => captured > 0),
      a,
    )
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

const ticks = [
  100,
  500,
  1000,
  1000,
  2000,
  2000,
  5000,
  5000,
  15_000,
  40_000,
  60_000,
  306_000,
  306_000,
  15 * 60_000,
] as const

const eventTypes = ['payment.succeeded', 'payment.failed', 'refund.succeeded', 'refund.failed'] as const

export const faults: Record<string, Command> = {
  crash: ({ world }, a, b) => {
    const service = pick(services, a)!
    crash(world, service)
    world.up[service] = b % 3 > 0
  },
  restart: ({ world }) => {
    for (const service of services) world.up[service] = true
  },
  kill: ({ world }, a) => {
    if (world.processes.length > 0) world.processes.splice(a % world.processes.length, 1)
  },
  lose: ({ world }, a, b) => {
    const waiting = world.processes.filter(({ pause }) => pause === 'send' || pause === 'reply' || pause === 'commit')
    const process = pick(waiting, a)
    if (process) advance(world, process, new NoAnswer(b % 3 === 0))
  },
  twice: ({ bus }, a, b) => {
    const queue = pick(bus.waiting(), a)
    if (queue) bus.deliver(queue, b, true)
  },
  old: ({ world, bus }, a, b) => {
    const consumer = pick(['order', 'inventory', 'payment', 'fulfillment'] as const, a)!
    const facts = services.flatMap((source) => dbOf(world, source).outbox)
    const taken = facts.filter((each) => dbOf(world, consumer).effects.get(effectOf(each)) !== undefined)
    const fact = pick(taken, b)
    if (fact && world.up[consumer]) bus.deliverOld(consumer, fact)
  },
  message: ({ world }, a, b, c) => {
    const sent = pick(world.psp.messages.all(), b)
    if (a % 2 === 0 && sent) return sendAgain(world, sent.id)
    const payment = pick(attempts(world), b)
    const amount = payment && a % 4 === 1 ? payment.amount : { currency: 'CNY', amount: 1 + (c % 999) }
    sendStray(world, a % 8 === 3 || !payment ? world.newId() : payment.id, pick(eventTypes, c)!, amount)
  },
  damage: ({ world }, a) => {
    const order = pick(
      orders(world).filter(({ status }) => status === 'AWAITING_PAYMENT' || status === 'PAID'),
      a,
    )
    const hold = order && world.inventory.holds.get(order.id)?.at(-1)
    if (
      order &&
      hold?.state === 'HELD' &&
      hold.lines.every(({ skuId }) => world.inventory.levels.get(skuId)!.length === 1)
    )
      damage(world, order.id)
  },
}

/** Time passes, work goes on. */
export const moving = (check: () => void): Record<string, Command> => ({
  tick: ({ world }, a) => pass(world, pick(ticks, a)!),
  go: (play, a, b) => pick(possible(play, b), a)?.run(),
  work: (play, a) => inOrder(play, 1 + (a % 24), check),
})

export const vocabulary = (check: () => void): Record<string, Command> => ({
  ...buying,
  ...selling,
  ...faults,
  ...moving(check),
})

export const weights: Record<string, number> = {
  browse: 1,
  prepare: 5,
  placePrepared: 5,
  place: 7,
  again: 4,
  pay: 12,
  play: 14,
  cancel: 4,
  ship: 6,
  deliver: 3,
  record: 3,
  refund: 6,
  adjust: 2,
  reprice: 2,
  integrate: 2,
  crash: 4,
  restart: 3,
  kill: 2,
  lose: 6,
  twice: 3,
  old: 2,
  message: 4,
  damage: 1,
  tick: 8,
  go: 25,
  work: 40,
}
