import { setTimeout } from 'node:timers/promises'
import type { FactPayloads } from '@souk/contract/facts'
import { facts as factTable } from '@souk/contract/facts'
import type { ServiceMap } from '@souk/contract/services'
import { newId, systemClock } from '@souk/kernel'
import { createSubscriptions } from '../bus/route.ts'
import { type Actor, type Call, newTraceparent } from '../call.ts'
import { readConfig } from '../config/read.ts'
import type { ConfigSpec } from '../config/spec.ts'
import type { Context, Fact, ServiceName } from '../context.ts'
import { createDb, type Db } from '../db/db.ts'
import { createPool } from '../db/pool.ts'
import { sql } from '../db/sql.ts'
import { createInbox } from '../inbox/inbox.ts'
import { createOutbox, type Publish } from '../outbox/outbox.ts'
import { createClient } from '../rpc/clients.ts'
import { interceptors } from '../rpc/dispatch.ts'
import { localTransport } from '../rpc/local.ts'
import { silentLog } from '../telemetry/log.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { createTimerWorker } from '../timers/worker.ts'
import { createTestDatabase } from './database.ts'

export { createTestDatabase, testServerUrl } from './database.ts'
export { heldUp } from './held-up.ts'

/** Who calls in a test. Nothing means anonymous. */
export type As = {
  user?: string
  roles?: string[]
  sessionId?: string
  apiKey?: string
  scopes?: string[]
  service?: string
  key?: string
  requestHash?: string
  steppedUp?: boolean
  locale?: Call['locale']
  deadlineMs?: number
  address?: string
}

const actorOf = (as: As): Actor => {
  if (as.user) return { kind: 'user', id: as.user, roles: as.roles ?? [], sessionId: as.sessionId ?? newId() }
  if (as.apiKey) return { kind: 'apiKey', id: as.apiKey, scopes: as.scopes ?? [] }
  if (as.service) return { kind: 'system', id: as.service }
  return { kind: 'anonymous' }
}

/** A call as the gateway or another context would make it. */
export const callAs = (as: As = {}): Call => ({
  actor: actorOf(as),
  caller: as.service,
  deadline: Date.now() + (as.deadlineMs ?? 10_000),
  traceparent: newTraceparent(),
  idempotencyKey: as.key,
  requestHash: as.requestHash ?? 'same',
  locale: as.locale ?? 'en',
  address: as.address ?? '127.0.0.1',
  steppedUp: as.steppedUp,
})

export type TestContext = {
  /** Through the interceptors, encoded and decoded like between processes. */
  services: ServiceMap<Call>
  as(as?: As): Call
  /** Delivers a fact as the bus does; throws the reason when it was not applied. Answers its event id. */
  hear<K extends keyof FactPayloads>(fact: {
    type: K
    aggregateId: string
    aggregateVersion: number
    payload: FactPayloads[K]
    eventId?: string
  }): Promise<string>
  /** Facts published so far, oldest first. */
  said(): Promise<Fact[]>
  /** Fires due timers, with `all` whatever is scheduled; answers how many. */
  runTimers(options?: { all?: boolean }): Promise<number>
  db: Db
  url: string
  close(): Promise<void>
}

type Options = {
  /** Fakes of the other contexts' typed services. */
  clients?: { [S in ServiceName]?: Partial<ServiceMap<Call>[S]> }
  env?: Record<string, string>
  failpoint?: (name: string) => Promise<void>
  /** Connections; default 20. */
  connections?: number
}

/** A fact that was not taken for trouble that passes, such as no free connection, comes again, as from a relay. */
const mostDeliveries = 20

/** One context on a fresh real database, its neighbours replaced by typed fakes. */
export const startContext = async <Needs extends ServiceName, Spec extends ConfigSpec>(
  context: Context<Needs, Spec>,
  { clients = {}, env = {}, failpoint = async () => {}, connections = 20 }: Options = {},
): Promise<TestContext> => {
  const database = await createTestDatabase([context])
  const pool = createPool({ url: database.url, max: connections, name: `test ${context.name}` })
  const metrics = createMetrics()
  const list = interceptors(silentLog, metrics)
  const outbox = createOutbox(createSubscriptions([]).consumersOf, () => {})
  const db = createDb({ pool, context: context.name, clock: systemClock, outbox })
  const neighbours = localTransport(clients, list, { encode: true })
  const built = context.build({
    db,
    clock: systemClock,
    clients: Object.fromEntries(
      context.needs.map((service) => [service, createClient(neighbours, service, context.name)]),
    ) as never,
    config: readConfig(context.config, env),
    log: silentLog,
    metrics,
    failpoint,
  })
  await built.prepare?.()
  const own = localTransport(built.services, list, { encode: true })
  const errors: { aggregateId: unknown; text: string }[] = []
  const inbox = createInbox({
    db,
    handlers: built.facts ?? {},
    metrics,
    log: {
      ...silentLog,
      warn: (_, fields) => void errors.push({ aggregateId: fields?.aggregateId, text: String(fields?.error) }),
    },
  })
  const timers = createTimerWorker({ db, handlers: built.timers ?? {}, log: silentLog, metrics, pollMs: 3_600_000 })
  await timers.stop()
  return {
    services: Object.fromEntries(
      context.offers.map((service) => [service, createClient(own, service, undefined)]),
    ) as never,
    as: callAs,
    hear: async ({ eventId = newId(), ...fact }) => {
      const envelope = {
        ...fact,
        eventId,
        payload: JSON.stringify(fact.payload),
        traceparent: newTraceparent(),
        at: new Date().toISOString(),
      }
      if (!factTable[fact.type]) throw new Error(`${fact.type} is no fact of the contract`)
      if (!context.hears.includes(fact.type)) throw new Error(`${context.name} does not hear ${fact.type}`)
      const before = errors.length
      for (let tries = 0; tries < mostDeliveries; tries++) {
        if ((await inbox.deliver([envelope])).includes(eventId)) return eventId
        const error = errors.slice(before).findLast(({ aggregateId }) => aggregateId === fact.aggregateId)
        if (error) throw new Error(error.text)
        await setTimeout(50)
      }
      throw new Error('not applied')
    },
    said: async () => {
      const rows = await db.all<{
        event_id: string
        type: Publish['type']
        aggregate_id: string
        aggregate_version: number
        payload: never
        traceparent: string
        created_at: Date
      }>(sql`select * from ${db.schema}.outbox order by id`)
      return rows.map((row) => ({
        eventId: row.event_id,
        type: row.type,
        aggregateId: row.aggregate_id,
        aggregateVersion: row.aggregate_version,
        payload: row.payload,
        traceparent: row.traceparent,
        at: row.created_at,
      }))
    },
    runTimers: (options) => timers.runDue(options),
    db,
    url: database.url,
    close: async () => {
      await built.stop?.()
      await pool.end()
      await database.drop()
    },
  }
}
