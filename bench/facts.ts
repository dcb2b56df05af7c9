import { contexts } from '@souk/server'
import pg from 'pg'
import { until } from '../tests/api.ts'
import { opsOf, type System } from '../tests/system.ts'

/** How long facts took from their commit to their consumers, milliseconds. */
export type Lags = { facts: number; p50: number; p95: number; p99: number; longest: number }

export const schemas = contexts.map(({ name }) => `souk_${name}`)
const everywhere = (select: (schema: string) => string): string => schemas.map(select).join(' union all ')

const taken = `
  with said as (${everywhere((schema) => `select event_id, created_at from ${schema}.outbox where created_at >= $1`)}),
    heard as (${everywhere((schema) => `select event_id, taken_at from ${schema}.inbox where taken_at >= $1`)}),
    lag as (select extract(epoch from heard.taken_at - said.created_at)::float8 * 1000 as ms from said join heard using (event_id))
  select count(*)::int as facts, max(ms) as longest,
    percentile_disc(array[0.5, 0.95, 0.99]) within group (order by ms) as percentiles from lag`

/** Facts that some consumer has not taken yet. */
export const waiting = `select sum(n)::int as n from (${everywhere((schema) => `select count(*) as n from ${schema}.outbox_todo`)}) t`

/** How long the facts of `run` took, and those that followed from them. */
export const lagsOf = async (url: string, run: () => Promise<unknown>): Promise<Lags> => {
  const client = new pg.Client({ connectionString: url, ssl: false, application_name: 'souk bench' })
  await client.connect()
  try {
    const { rows: began } = await client.query<{ now: Date }>('select now()')
    await run()
    const left = async () => (await client.query<{ n: number }>(waiting)).rows[0]!.n
    await until(left, (n) => n === 0, 60_000)
    const { rows } = await client.query(taken, [began[0]!.now])
    const [p50 = 0, p95 = 0, p99 = 0] = rows[0].percentiles ?? []
    return { facts: rows[0].facts, p50, p95, p99, longest: rows[0].longest ?? 0 }
  } finally {
    await client.end()
  }
}

/** Facts applied so far by all processes, and how many of them within 500 ms of their commit. */
export const appliedFacts = async (system: System): Promise<{ all: number; soon: number }> => {
  const texts = await Promise.all(opsOf(system).map(async (ops) => (await fetch(`${ops}/metrics`)).text()))
  const sum = (pattern: RegExp) =>
    texts.reduce((total, text) => total + [...text.matchAll(pattern)].reduce((n, [, value]) => n + Number(value), 0), 0)
  return {
    all: sum(/^souk_fact_seconds_count(?:\{.*\})? (\d+)$/gm),
    soon: sum(/^souk_fact_seconds_bucket\{(?=[^}]*le="0\.5").*\} (\d+)$/gm),
  }
}
