import { type Command, crash, type Play, possible } from './activities.ts'
import { effectOf } from './bus.ts'
import { pick } from './clients.ts'
import { damage } from './inventory.ts'
import { sendAgain, sendStray } from './psp.ts'
import { NoAnswer } from './steps.ts'
import { advance, dbOf, pass, services } from './world.ts'

const inOrder = (play: Play, count: number, check: () => void): void => {
  for (let done = 0; done < count; done++) {
    const list = possible(play, play.turn)
    if (list.length === 0) return
    list[play.turn++ % list.length]!.run()
    check()
  }
}

const seconds = [0.1, 0.5, 1, 1, 2, 2, 5, 5, 15, 40, 60, 306, 306, 900] as const

const eventTypes = ['payment.succeeded', 'payment.failed', 'refund.succeeded', 'refund.failed'] as const

/** What goes wrong. */
export const faults: Record<string, Command> = {
  crash: ({ world }, a, b) => {
    const service = pick(services, a)!
    crash(world, service)
    world.up[service] = b % 3 > 0
  },
  restart: ({ world }) => {
    for (const service of services) world.up[service] = true
    world.mute = false
  },
  mute: ({ world }) => {
    world.mute = true
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
    const payment = pick(world.payment.attempts.all(), b)
    const amount = payment && a % 4 === 1 ? payment.amount : { currency: 'CNY', amount: 1 + (c % 999) }
    sendStray(world, a % 8 === 3 || !payment ? world.newId() : payment.id, pick(eventTypes, c)!, amount)
  },
  damage: ({ world }, a) => {
    const order = pick(
      world.order.orders.all().filter(({ status }) => status === 'AWAITING_PAYMENT' || status === 'PAID'),
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
  tick: ({ world }, a) => pass(world, pick(seconds, a)! * 1000),
  go: (play, a, b) => pick(possible(play, b), a)?.run(),
  work: (play, a) => inOrder(play, 1 + (a % 40), check),
})
