import { askForMs } from '../../contexts/payment/src/domain/backoff.ts'
import { timerKinds } from '../../contexts/payment/src/domain/timer-kinds.ts'
import { type Bus, createBus } from './bus.ts'
import { processCallback, queryPayment, receiveCallback, settleOrder } from './cashier.ts'
import { type Timer, timerId } from './db.ts'
import { dueHolds, meetDueHold } from './inventory.ts'
import { expirePayment, paymentTimer } from './order.ts'
import { decideCharge, decideRefund, pspTimers, sendMessage } from './psp.ts'
import { driveRefund } from './refunds.ts'
import { isMistake, type Service, type Steps } from './steps.ts'
import { advance, dbOf, services, type World } from './world.ts'

/** A world and what makes it move; `turn` walks over all that can happen next, so that nothing waits for ever. */
export type Play = { world: World; bus: Bus; turn: number }

/**
 * What a line of a script does. Its numbers choose among what is there at that moment, so that it means something in any
 * world.
 */
export type Command = (play: Play, a: number, b: number, c: number) => void

export const createPlay = (world: World): Play => ({ world, bus: createBus(world), turn: 0 })

/** While a worker is busy with a timer, others leave it alone for so long. */
const claimMs = 60_000

const handlers: Record<string, (world: World, timer: Timer) => Steps<void>> = {
  [paymentTimer]: (world, { aggregateId }) => expirePayment(world, aggregateId),
  [timerKinds.query]: (world, { aggregateId, tries }) => queryPayment(world, aggregateId, tries),
  [timerKinds.refund]: (world, { aggregateId, tries }) => driveRefund(world, aggregateId, tries),
  [timerKinds.settle]: (world, { aggregateId, tries }) => settleOrder(world, aggregateId, tries),
  [timerKinds.callback]: (world, { aggregateId, tries }) => processCallback(world, aggregateId, tries),
  [pspTimers.charge]: (world, { aggregateId }) => decideCharge(world, aggregateId),
  [pspTimers.refund]: (world, { aggregateId }) => decideRefund(world, aggregateId),
  [pspTimers.message]: (world, { aggregateId }) =>
    sendMessage(world, aggregateId, (rawBody) => receiveCallback(world, rawBody)),
}

/**
 * `fire` of the platform's timer worker: gone after its handler returned, unless that scheduled it anew or another worker
 * has claimed it since.
 */
function* fire(world: World, service: Service, timer: Timer): Steps<void> {
  const { tx, timers } = dbOf(world, service)
  const id = timerId(timer.kind, timer.aggregateId)
  const settle = (change: (now: Timer) => void) =>
    tx(() => {
      const now = timers.get(id)
      if (now?.lockedUntil === timer.lockedUntil) change(now)
    })
  try {
    yield* handlers[timer.kind]!(world, timer)
    yield 'step'
    settle(() => timers.remove(id))
  } catch (error) {
    if (isMistake(error)) throw error
    const wait = Math.min(2 ** Math.min(timer.attempts, 12), 600) * 1000
    settle((now) => timers.put(id, { ...now, lockedUntil: 0, dueAt: world.clock.now() + wait }))
  }
}

const claim = (world: World, service: Service, timer: Timer): void => {
  const { tx, timers } = dbOf(world, service)
  const claimed = { ...timer, attempts: timer.attempts + 1, lockedUntil: world.clock.now() + claimMs }
  tx(() => timers.put(timerId(timer.kind, timer.aggregateId), claimed))
  world.spawn(service, timer.kind, fire(world, service, claimed))
}

const readyAt = ({ dueAt, lockedUntil }: Timer): number => Math.max(dueAt, lockedUntil)

/** Everything that could happen next, by name. */
export const possible = ({ world, bus }: Play, wish = 0): { name: string; run: () => void }[] => {
  const list: { name: string; run: () => void }[] = []
  for (const process of world.processes)
    list.push({ name: `${process.service} goes on with ${process.name}`, run: () => advance(world, process) })
  for (const queue of bus.waiting())
    list.push({ name: `${queue.consumer} hears ${queue.source}`, run: () => bus.deliver(queue, wish, false) })
  for (const service of services)
    if (world.up[service])
      for (const timer of dbOf(world, service).timers.all())
        if (readyAt(timer) <= world.clock.now())
          list.push({ name: `${timer.kind} is due`, run: () => claim(world, service, timer) })
  if (world.up.inventory)
    for (const orderId of dueHolds(world))
      list.push({ name: 'a hold is overdue', run: () => meetDueHold(world, orderId) })
  return list
}

/**
 * When the next timer or hold is due; undefined: never. Callbacks about payments that nobody knows are asked about for
 * three days; that is waited for at once, when nothing else is left.
 */
export const nextDue = (world: World): number | undefined => {
  let next: number | undefined
  const consider = (at: number) => {
    if (next === undefined || at < next) next = at
  }
  const timers = services.flatMap((service) => dbOf(world, service).timers.all())
  for (const timer of timers) if (timer.kind !== timerKinds.callback) consider(readyAt(timer))
  for (const holds of world.inventory.holds.all()) {
    const last = holds.at(-1)
    if (last?.state === 'HELD') consider(last.checkAt)
  }
  return next ?? (timers.length > 0 ? world.clock.now() + askForMs : undefined)
}

/** A service stops in the middle of everything it was doing; only what it had committed is there afterwards. */
export const crash = (world: World, service: Service): void => {
  world.up[service] = false
  world.starts[service]++
  for (const process of world.processes.filter((each) => each.service === service))
    world.processes.splice(world.processes.indexOf(process), 1)
  for (const name of world.tries.keys()) if (name.startsWith(`${service} `)) world.tries.delete(name)
  const { tx, timers } = dbOf(world, service)
  const clear = (table: { clear(): void } | undefined) => ({ clear: () => tx(() => table?.clear()) })
  const keys = service === 'order' || service === 'inventory' || service === 'payment' ? world[service].keys : undefined
  world.ports.loseMemory({ timers: clear(timers), keys: clear(keys) })
}
