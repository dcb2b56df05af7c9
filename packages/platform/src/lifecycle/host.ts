import type { ServiceMap } from '@souk/contract/services'
import type { Clock } from '@souk/kernel'
import type pg from 'pg'
import type { ServiceTokens } from '../auth/service-token.ts'
import { type BroadcastReader, followBroadcast, readBroadcast } from '../bus/broadcast.ts'
import { createLocalPoll } from '../bus/local-poll.ts'
import { createSubscriptions } from '../bus/route.ts'
import { type Call, systemCall } from '../call.ts'
import type { ConfigSpec } from '../config/spec.ts'
import type { Built, Context, ServiceName } from '../context.ts'
import { createDb, type Db } from '../db/db.ts'
import { type Connections, createPool, shareOf } from '../db/pool.ts'
import { sql } from '../db/sql.ts'
import { createInbox, type Envelope, type Inbox } from '../inbox/inbox.ts'
import { createOutbox } from '../outbox/outbox.ts'
import { createRelay, type Relay } from '../outbox/relay.ts'
import { createClient, type Transport } from '../rpc/clients.ts'
import { interceptors } from '../rpc/dispatch.ts'
import { type GrpcServer, startGrpcServer } from '../rpc/grpc-server.ts'
import { localTransport } from '../rpc/local.ts'
import { errorText, type Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createTimerWorker, type TimerWorker } from '../timers/worker.ts'
import { keepHouse } from './housekeeping.ts'
import { patiently } from './patiently.ts'
import { createWaiters } from './waiters.ts'

export type HostOptions = {
  /** All contexts that exist: who hears what is the same in every process. */
  contexts: readonly Context<ServiceName, ConfigSpec>[]
  /** Names of those that live in this process. */
  hosted: readonly string[]
  /** Settings of each hosted context, already read and checked. */
  configs: Record<string, Record<string, unknown>>
  /** Where a hosted context's data is. */
  urlOf: (context: string) => string
  /** gRPC targets of the contexts that live elsewhere. */
  targets: Record<string, string>
  /** Unique name of this process, for leases. */
  owner: string
  clock: Clock
  log: Log
  metrics: Metrics
  tokens: ServiceTokens
  /** Connections per distinct URL for requests, and for relays, timers and consumers. */
  connections: { requests: number; background: number }
  /** Where the others reach this process; absent: nobody does. */
  grpcBind?: string
  failpoint: (name: string) => Promise<void>
  /** Services made of other services, without data of their own; they speak for the buyer. */
  composites?: (client: Host['client']) => Built['services']
}

type Room = {
  context: Context<ServiceName, ConfigSpec>
  db: Db
  built: Built
  inbox: Inbox
  relay?: Relay
  timers?: TimerWorker
}

export type Host = {
  /** A typed client; `caller` is the context that speaks, absent for the gateway, which speaks for the buyer. */
  client<S extends ServiceName>(service: S, caller?: string): ServiceMap<Call>[S]
  /** Hands every broadcast fact of the contexts to `listener`, once per process. */
  follow(contexts: readonly string[], listener: (fact: Envelope) => void): BroadcastReader
  /** Seeds, then relays, timers, jobs and the gRPC port. */
  start(): Promise<{ grpcPort?: number }>
  /** Whether the hosted contexts' databases answer. */
  ready(): Promise<boolean>
  /** Waits until no fact of the hosted contexts is on its way. For tools and tests. */
  settle(): Promise<void>
  /** Where a context lives: `local` or its target. */
  placeOf(context: string): string
  db(context: string): Db
  drain(): Promise<void>
}

/** What one of several contexts may take of a pool that they share. */
const mostOfPool = 0.6

/** Longest wait of a broadcast poll for something new, in milliseconds. */
const holdMs = 1000

/** Builds and runs the contexts of one process, wherever the others are. */
export const createHost = async (options: HostOptions): Promise<Host> => {
  const { contexts, hosted, log, metrics, tokens, owner } = options
  const subscriptions = createSubscriptions(contexts)
  const pools = new Map<string, { requests: pg.Pool; background: pg.Pool }>()
  const rooms = new Map<string, Room>()
  const implementations: Partial<Record<ServiceName, unknown>> = {}
  const list = interceptors(log, metrics)
  const local = localTransport(implementations, list)
  const homes = new Map<string, string>(
    contexts.flatMap(({ name, offers }) => offers.map((service) => [service, name] as const)),
  )
  const waiters = createWaiters()
  const broadcasts = createLocalPoll({
    read: async (context, cursor) => {
      const room = rooms.get(context)
      if (!room) throw new Error(`${context} does not live here`)
      return readBroadcast(room.db, cursor)
    },
    waiters,
    holdMs,
    ending: () => stopping,
  })
  let stopping = false

  const remotes = new Map<string, { transport: Transport; close(): void }>()
  if (Object.keys(options.targets).length > 0) {
    const { grpcTransport } = await import('../rpc/grpc-client.ts')
    for (const [context, target] of Object.entries(options.targets))
      remotes.set(context, grpcTransport(context, target, tokens))
  }
  const transportTo = (context: string): Transport | undefined =>
    rooms.has(context) ? local : remotes.get(context)?.transport
  const transport: Transport = (service, method) =>
    (implementations[service] ? local : transportTo(homes.get(service) ?? ''))?.(service, method)
  const client: Host['client'] = (service, caller) => createClient(transport, service, caller) as never
  const busOf = (context: string) =>
    createClient(
      (service, method) => transportTo(context)?.(service, method),
      'bus.BusService',
      owner,
    ) as unknown as ServiceMap<Call>['bus.BusService']

  const poolsFor = (url: string) => {
    const known = pools.get(url)
    if (known) return known
    const onError = (error: Error) => log.warn('database connection lost', { error: errorText(error) })
    const made = {
      requests: createPool({
        url,
        max: options.connections.requests,
        name: `souk ${hosted.join(' ')}`.slice(0, 60),
        onError,
      }),
      background: createPool({ url, max: options.connections.background, name: 'souk background', onError }),
    }
    pools.set(url, made)
    return made
  }

  /** Contexts that share a pool: one that hangs must not take all of it. */
  const shared = (pool: pg.Pool): Connections =>
    hosted.length > 1 ? shareOf(pool, Math.ceil(pool.options.max * mostOfPool)) : pool

  const buildRoom = (context: Context<ServiceName, ConfigSpec>): Room => {
    const { requests, background } = poolsFor(options.urlOf(context.name))
    const outbox = createOutbox(subscriptions.consumersOf, () => {
      rooms.get(context.name)?.relay?.wake()
      broadcasts.told(context.name)
    })
    const scheduled = (earliest: Date) => rooms.get(context.name)?.timers?.wake(earliest)
    const common = { context: context.name, clock: options.clock, outbox, scheduled }
    const db = createDb({ ...common, pool: shared(requests) })
    const contextLog = log.child({ context: context.name, kind: 'business' })
    const built = context.build({
      db,
      clock: options.clock,
      clients: Object.fromEntries(context.needs.map((service) => [service, client(service, context.name)])) as never,
      config: options.configs[context.name] as never,
      log: contextLog,
      metrics,
      failpoint: options.failpoint,
    })
    Object.assign(implementations, built.services)
    const behind = createDb({ ...common, pool: shared(background) })
    const inbox = createInbox({ db: behind, handlers: built.facts ?? {}, log: contextLog, metrics })
    return { context, db: behind, built, inbox }
  }

  /** Delivers to a consumer wherever it lives. */
  const deliver = async (consumer: string, facts: Envelope[]): Promise<string[]> => {
    const room = rooms.get(consumer)
    if (room) return room.inbox.deliver(facts)
    const { taken } = await busOf(consumer).deliverFacts({ consumer, facts }, systemCall(owner, { deadlineMs: 15_000 }))
    return taken
  }

  implementations['bus.BusService'] = {
    deliverFacts: async ({ consumer, facts }: { consumer: string; facts: Envelope[] }) => ({
      taken: (await rooms.get(consumer)?.inbox.deliver(facts)) ?? [],
    }),
    pollBroadcast: ({ context, cursor }: { context: string; cursor: string }) => broadcasts.poll(context, cursor),
  } satisfies ServiceMap<Call>['bus.BusService']

  Object.assign(implementations, options.composites?.(client))
  for (const context of contexts) if (hosted.includes(context.name)) rooms.set(context.name, buildRoom(context))

  const loops: NodeJS.Timeout[] = []
  const running = new Set<Promise<void>>()
  const startJob = (context: string, job: { name: string; everyMs: number; run: () => Promise<void> }) => {
    let busy = false
    const tick = () => {
      if (busy || stopping) return
      busy = true
      const run = job
        .run()
        .catch((error) => log.warn('job failed', { context, job: job.name, error: errorText(error) }))
        .finally(() => {
          busy = false
          running.delete(run)
        })
      running.add(run)
    }
    loops.push(setInterval(tick, job.everyMs))
  }

  const startRoom = (room: Room) => {
    const { context, db, built } = room
    room.relay = createRelay({ db, owner, deliver, log, metrics, pollMs: hosted.length > 1 ? 2000 : 250 })
    room.timers = createTimerWorker({ db, handlers: built.timers ?? {}, log, metrics })
    startJob(context.name, { name: 'housekeeping', everyMs: 3_600_000, run: async () => void (await keepHouse(db)) })
    for (const job of built.jobs ?? []) startJob(context.name, job)
  }

  let grpc: GrpcServer | undefined
  return {
    client,
    follow: (names, listener) =>
      followBroadcast(
        names,
        (context, cursor) =>
          rooms.has(context)
            ? broadcasts.poll(context, cursor)
            : busOf(context).pollBroadcast({ context, cursor }, systemCall(owner, { deadlineMs: 4000 })),
        listener,
        (context, error) => log.warn('broadcast is not heard', { context, error: errorText(error) }),
      ),
    start: async () => {
      for (const { built } of rooms.values()) if (built.prepare) await patiently(built.prepare)
      if (options.grpcBind) {
        const services = [...rooms.values()].flatMap(({ context }) => [...context.offers])
        grpc = await startGrpcServer({
          services: [...services, 'bus.BusService'],
          callees: [...rooms.keys()],
          transport: local,
          tokens,
          bind: options.grpcBind,
        })
      }
      for (const room of rooms.values()) startRoom(room)
      return { grpcPort: grpc?.port }
    },
    ready: async () => {
      await Promise.all([...new Set(hosted.map(options.urlOf))].map((url) => poolsFor(url).requests.query('select 1')))
      return !stopping
    },
    settle: async () => {
      for (let quiet = 0; quiet < 2; ) {
        for (const { relay } of rooms.values()) await relay?.drain()
        const waiting = await Promise.all(
          [...rooms.values()].map(({ db }) =>
            db.one<{ n: number }>(sql`select count(*)::int as n from ${db.schema}.outbox_todo`),
          ),
        )
        quiet = waiting.every((row) => row?.n === 0) ? quiet + 1 : 0
        if (quiet === 0) await new Promise((wake) => setTimeout(wake, 20))
      }
    },
    placeOf: (context) => (rooms.has(context) ? 'local' : (options.targets[context] ?? 'nowhere')),
    db: (context) => {
      const room = rooms.get(context)
      if (!room) throw new Error(`${context} does not live here`)
      return room.db
    },
    drain: async () => {
      stopping = true
      waiters.wakeAll()
      for (const loop of loops) clearInterval(loop)
      await Promise.all([...rooms.values()].map(({ timers }) => timers?.stop()))
      await Promise.all(running)
      await grpc?.drain(15_000)
      await Promise.all([...rooms.values()].map(({ relay }) => relay?.stop()))
      await Promise.all([...rooms.values()].map(({ built }) => built.stop?.()))
      for (const remote of remotes.values()) remote.close()
      await Promise.all([...pools.values()].flatMap(({ requests, background }) => [requests.end(), background.end()]))
    },
  }
}
