import type { FactPayloads } from '@souk/contract/facts'
import type { ServiceMap } from '@souk/contract/services'
import type { Clock } from '@souk/kernel'
import type { Call } from './call.ts'
import type { ConfigOf, ConfigSpec } from './config/spec.ts'
import type { Db, Tx } from './db/db.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'

export type ServiceName = keyof ServiceMap<Call>
export type FactType = keyof FactPayloads

/** A fact as a consumer meets it. */
export type Fact<K extends FactType = FactType> = {
  eventId: string
  type: K
  aggregateId: string
  aggregateVersion: number
  payload: FactPayloads[K]
  traceparent: string
  at: Date
}

/**
 * What a context does when it hears a fact. The effect runs inside the transaction that also writes the inbox row, so
 * it happens once. `batch` takes many facts of different aggregates in one transaction; when it throws, each fact is
 * tried alone, so one bad fact harms nobody.
 */
export type FactHandler<K extends FactType> =
  | ((fact: Fact<K>, tx: Tx) => Promise<void>)
  | { batch: (facts: Fact<K>[], tx: Tx) => Promise<void> }

export type Timer = { id: string; kind: string; aggregateId: string; payload: unknown; attempts: number; dueAt: Date }

/** A due timer. May run late or twice; the effect must be a guarded transition. Throwing means: later again. */
export type TimerHandler = (timer: Timer) => Promise<void>

/** A loop that belongs to the process, one run at a time. */
export type Job = { name: string; everyMs: number; run: () => Promise<void> }

/** What a built context offers. */
export type Built = {
  services: { [S in ServiceName]?: ServiceMap<Call>[S] }
  facts?: { [K in FactType]?: FactHandler<K> }
  timers?: Record<string, TimerHandler>
  jobs?: Job[]
  /** After migrations, before requests: seeds that every database needs. Must be idempotent. */
  prepare?: () => Promise<void>
  stop?: () => Promise<void>
}

/** What a context is given. */
export type Kit<Needs extends ServiceName, Spec extends ConfigSpec> = {
  db: Db
  clock: Clock
  clients: Pick<ServiceMap<Call>, Needs>
  config: ConfigOf<Spec>
  log: Log
  metrics: Metrics
  /** Does nothing in production; tests wire it to stop or kill at a named point. */
  failpoint: (name: string) => Promise<void>
}

/** The front door of a context: the only thing the composition root sees. */
export type Context<Needs extends ServiceName = ServiceName, Spec extends ConfigSpec = ConfigSpec> = {
  name: string
  migrations: URL
  /** Services it offers, so that others can be told where they live before anything is built. */
  offers: readonly ServiceName[]
  /** Services of other contexts that it calls synchronously; the generated call graph must have no cycle. */
  needs: readonly Needs[]
  /** Facts it consumes. Must equal the keys of `facts`. */
  hears: readonly FactType[]
  config: Spec
  build: (kit: Kit<Needs, Spec>) => Built
}

/** Types a front door without spelling its parameters. */
export const defineContext = <const Needs extends ServiceName, const Spec extends ConfigSpec>(
  context: Context<Needs, Spec>,
): Context<Needs, Spec> => context
