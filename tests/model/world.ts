import type { SkuQuote } from '@souk/contract/catalog'
import type { Adjustments } from '../../contexts/order/src/domain/pricing.ts'
import { type VirtualClock, virtualClock } from './clock.ts'
import { createDb, type Db, type FactType } from './db.ts'
import type { Ports } from './ports.ts'
import {
  atOnce,
  CommitUnknown,
  isMistake,
  type NoAnswer,
  type Pause,
  type Service,
  type Steps,
  unavailable,
} from './steps.ts'
import { fulfillmentTables, inventoryTables, orderTables, paymentTables, pspTables } from './tables.ts'

/** A verb on its way in one service; it stands at a pause. */
export type Process = { service: Service; name: string; steps: Steps<void>; pause: Pause | undefined; since: number }

/**
 * What a client asked, with the gist of every final answer it got: the id of what was made, or the word of a refusal.
 * The rest of an answer shows the moment at which it was given.
 */
export type Request = {
  service: Service
  route: string
  principal: string
  key: string
  /** Whether the same key is promised the same answer. */
  keyed: boolean
  run: (world: World, request: Request) => Steps<unknown>
  answers: string[]
  /** Ids of what came into being for it. */
  made: Set<string>
}

export type World = {
  clock: VirtualClock
  ports: Ports
  up: Record<Service, boolean>
  /** The channel does what it is asked and does not answer. */
  mute: boolean
  /** How often each service was stopped. */
  starts: Record<Service, number>
  processes: Process[]
  requests: Request[]
  catalog: Map<string, SkuQuote>
  adjustments: Adjustments
  /** Orders whose goods were destroyed in the warehouse. */
  damaged: Set<string>
  /** Failed tries of a fact since its consumer was started. */
  tries: Map<string, number>
  order: ReturnType<typeof orderTables>
  inventory: ReturnType<typeof inventoryTables>
  payment: ReturnType<typeof paymentTables>
  fulfillment: ReturnType<typeof fulfillmentTables>
  psp: ReturnType<typeof pspTables>
  newId(): string
  spawn(service: Service, name: string, steps: Steps<void>): void
}

/** Who hears what: `hears` of the contexts' front doors, as far as they are in the model. */
export const hears: Record<string, readonly FactType[]> = {
  order: [
    'payment.PaymentSucceeded',
    'payment.PaymentFailed',
    'payment.DeliveryPaymentChosen',
    'payment.PaymentRefunded',
    'payment.PaymentSettled',
    'inventory.StockCommitted',
    'inventory.CommitFailed',
    'inventory.HoldOverdue',
    'fulfillment.ShipmentShipped',
    'fulfillment.ShipmentDelivered',
  ],
  inventory: [
    'order.OrderPaid',
    'order.OrderAccepted',
    'order.OrderCancelled',
    'order.HoldAnswered',
    'fulfillment.ShipmentShipped',
  ],
  payment: ['order.CaptureRequested', 'order.OrderCancelling', 'order.OrderCancelled'],
  fulfillment: ['order.OrderAllocated', 'order.OrderCancelling', 'order.OrderCancelled'],
}

export const services: readonly Service[] = ['order', 'inventory', 'payment', 'fulfillment', 'psp']

export const dbOf = (world: World, service: Service): Db => world[service].db

const counted = () => {
  let last = 0
  return () => `00000000-0000-7000-8000-${(++last).toString(16).padStart(12, '0')}`
}

/**
 * No verb sleeps longer than the lock of its key (30 s): the model takes it for dead then. A process that is stopped for
 * longer and wakes up beside the retry that took over is outside of what the contexts promise.
 */
const mostSleepMs = 30_000

/** Time passes. */
export const pass = ({ clock, processes }: World, ms: number): void => {
  clock.advance(ms)
  for (const process of processes.filter(({ since }) => since + mostSleepMs <= clock.now()))
    processes.splice(processes.indexOf(process), 1)
}

/** Five databases, nothing in them, nobody asking anything. */
export const createWorld = (ports: Ports): World => {
  const clock = virtualClock()
  const processes: Process[] = []
  const spawn = (service: Service, name: string, steps: Steps<void>) =>
    void processes.push({ service, name, steps, pause: undefined, since: clock.now() })
  const db = (context: Service) =>
    createDb({ context, hears, announce: (append) => ports.announce(context, append, spawn) })
  return {
    clock,
    ports,
    up: { order: true, inventory: true, payment: true, fulfillment: true, psp: true },
    mute: false,
    starts: { order: 0, inventory: 0, payment: 0, fulfillment: 0, psp: 0 },
    processes,
    requests: [],
    catalog: new Map(),
    adjustments: { discount: 0, freight: 0, tax: 0 },
    damaged: new Set(),
    tries: new Map(),
    order: orderTables(db('order')),
    inventory: inventoryTables(db('inventory')),
    payment: paymentTables(db('payment')),
    fulfillment: fulfillmentTables(db('fulfillment')),
    psp: pspTables(db('psp')),
    newId: counted(),
    spawn,
  }
}

/** One step of a verb; `answer` is thrown into it in place of what it waits for. */
export const advance = (world: World, process: Process, answer?: NoAnswer): void => {
  const { done, value } = answer ? process.steps.throw(answer) : process.steps.next()
  if (done) world.processes.splice(world.processes.indexOf(process), 1)
  else process.pause = value
}

function* quietly(work: () => Steps<unknown>): Steps<void> {
  try {
    yield 'step'
    yield* work()
  } catch (error) {
    if (isMistake(error)) throw error
  }
}

/** Steps of a verb in another service, as long as that one lives. */
function* elsewhere<T>(world: World, to: Service, steps: Steps<T>): Steps<T> {
  const started = world.starts[to]
  let next = steps.next()
  while (!next.done) {
    let lost: unknown
    try {
      yield next.value
    } catch (error) {
      lost = error
    }
    if (world.starts[to] !== started) throw unavailable()
    next = lost === undefined ? steps.next() : steps.throw(lost)
  }
  return next.value
}

/** A call to another service: the request may be lost, arrive late, or only its answer be lost. */
export function* ask<T>(world: World, to: Service, verb: () => Steps<T>): Steps<T> {
  try {
    yield 'send'
  } catch (error) {
    if ((error as NoAnswer).late) world.spawn(to, 'late request', quietly(verb))
    throw unavailable()
  }
  if (!world.up[to]) throw unavailable()
  const answer = yield* elsewhere(world, to, verb())
  if (to === 'psp' && world.mute) throw unavailable()
  try {
    yield 'reply'
  } catch {
    throw unavailable()
  }
  return answer
}

/** One transaction whose COMMIT may be lost: nothing happened, it happened, or it is still going to. */
export function* commit<T>(world: World, service: Service, work: () => T): Steps<T> {
  try {
    yield 'commit'
  } catch (error) {
    if ((error as NoAnswer).late)
      world.spawn(
        service,
        'late commit',
        quietly(() => atOnce(work)),
      )
    throw new CommitUnknown()
  }
  const done = work()
  try {
    yield 'commit'
  } catch {
    throw new CommitUnknown()
  }
  return done
}
