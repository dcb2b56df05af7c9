import pg from 'pg'
import type { System } from '../tests/system.ts'
import { schemas, waiting } from './facts.ts'
import { percentile } from './statistics.ts'

const mb = 2 ** 20
/** Tables that every piece of work writes into, whatever the context. */
const hot = ['outbox', 'outbox_todo', 'inbox', 'idempotency_key', 'timer'] as const

/** What the system looked like at one moment. */
type Look = {
  rssMb: number
  /** Old space; its least over a while is what a full collection leaves. */
  heapMb: number
  eventLagMs: number
  /** Database connections of the system that were doing something. */
  busy: number
  outbox: number
}

/** What was seen in one interval. */
export type Sample = Look & {
  p99: number
  answers: number
  tables: Record<string, { mb: number; dead: number }>
}

const gauge = (text: string, name: string): number =>
  Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)

const look = async (system: System, client: pg.Client): Promise<Look> => {
  const text = await (await fetch(`${system.ops}/metrics`)).text()
  const { rows } = await client.query<{ busy: number; outbox: number }>(
    `select (${waiting}) as outbox, (select count(*)::int from pg_stat_activity
       where application_name like 'souk %' and application_name <> 'souk bench' and state <> 'idle') as busy`,
  )
  return {
    rssMb: gauge(text, 'process_resident_memory_bytes') / mb,
    heapMb: gauge(text, 'nodejs_heap_space_size_used_bytes{space="old"}') / mb,
    eventLagMs: gauge(text, 'nodejs_eventloop_lag_p99_seconds') * 1000,
    busy: rows[0]!.busy,
    outbox: rows[0]!.outbox,
  }
}

const tablesOf = async (client: pg.Client): Promise<Sample['tables']> => {
  const { rows } = await client.query<{ name: string; bytes: number; dead: number }>(
    `select relname as name, sum(pg_total_relation_size(relid))::float8 as bytes, sum(n_dead_tup)::float8 as dead
     from pg_stat_user_tables where relname = any($1) and schemaname = any($2) group by 1 order by 1`,
    [hot, schemas],
  )
  return Object.fromEntries(rows.map(({ name, bytes, dead }) => [name, { mb: bytes / mb, dead }]))
}

export type Sampler = {
  /** One answer to a client. */
  seen(status: number, ms: number): void
  samples: readonly Sample[]
  stop(): Promise<void>
}

/** Looks several times in each interval of so many seconds, and makes a sample of each. */
export const startSampler = async (
  system: System,
  seconds: number,
  told: (sample: Sample) => void,
): Promise<Sampler> => {
  const client = new pg.Client({
    connectionString: await system.databaseUrl(),
    ssl: false,
    application_name: 'souk bench',
  })
  await client.connect()
  const samples: Sample[] = []
  let latencies: number[] = []
  let stopped = false
  const stop = Promise.withResolvers<void>()
  const interval = async (): Promise<void> => {
    const looks: Look[] = []
    const end = performance.now() + seconds * 1000
    while (!stopped && performance.now() < end) {
      looks.push(await look(system, client))
      await Promise.race([stop.promise, new Promise((wake) => setTimeout(wake, (seconds * 1000) / 10))])
    }
    // What is cut short says little.
    if (stopped) return
    const sorted = Float64Array.from(latencies).sort()
    latencies = []
    const most = (pick: (one: Look) => number) => Math.max(...looks.map(pick))
    const sample = {
      rssMb: looks.at(-1)!.rssMb,
      heapMb: Math.min(...looks.map(({ heapMb }) => heapMb)),
      eventLagMs: most(({ eventLagMs }) => eventLagMs),
      busy: most(({ busy }) => busy),
      outbox: most(({ outbox }) => outbox),
      p99: percentile(sorted, 99),
      answers: sorted.length,
      tables: await tablesOf(client),
    }
    samples.push(sample)
    told(sample)
  }
  const running = (async () => {
    while (!stopped) await interval()
  })()
  // Said at the end, so that the load comes to its own.
  running.catch(() => {})
  return {
    seen: (_, ms) => void latencies.push(ms),
    samples,
    stop: async () => {
      stopped = true
      stop.resolve()
      await running.finally(() => client.end())
    },
  }
}
