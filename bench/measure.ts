import { until } from '../tests/api.ts'
import type { System } from '../tests/system.ts'
import type { Outcome } from './load.ts'
import { type Goal, type Row, rowOf } from './report.ts'
import type { Shop } from './shop.ts'
import { type Counters, type Usage, usageOf } from './usage.ts'

export type Watch = () => Promise<{ usage: Usage; counters: Counters }>
export type Bench = { system: System; shop: Shop; watch: Watch; seconds: number }

/** Said while it runs; the campaign's report quotes these lines. */
export const say = (line: string): void => console.log(`figure: ${line}`)

export const portOf = (system: System): number => Number(new URL(system.base).port)

export const watchOf =
  (pid: number, counters: { read(): Promise<Counters>; postmaster: number }): Watch =>
  async () => ({ usage: usageOf(pid, counters.postmaster), counters: await counters.read() })

/** Runs one load and says what each piece of work cost the system. */
export const measure = async (
  watch: Watch,
  what: string,
  run: () => Promise<Outcome>,
  goal?: (row: Row) => Goal,
): Promise<Row> => {
  const before = await watch()
  const outcome = await run()
  const after = await watch()
  const done = Math.max(outcome.pieces, 1)
  const row = rowOf(what, outcome, {
    nodeMs: ((after.usage.node - before.usage.node) / done) * 1000,
    postgresMs: ((after.usage.postgres - before.usage.postgres) / done) * 1000,
    statements: (after.counters.statements - before.counters.statements) / done,
    commits: (after.counters.commits - before.counters.commits) / done,
  })
  row.goal = goal?.(row)
  say(`${what}: ${row.rate.toFixed(0)}/s, p95 ${row.p95.toFixed(1)} ms, p99 ${row.p99.toFixed(1)} ms (${row.answers})`)
  return row
}

/** Waits until the relays have nothing to do, so that one measurement does not pay for the one before. */
export const rest = async (watch: Watch): Promise<void> => {
  let last = await watch()
  await until(
    async () => {
      await new Promise((wake) => setTimeout(wake, 500))
      const now = await watch()
      const busy = now.usage.postgres - last.usage.postgres
      last = now
      return busy
    },
    (busy) => busy < 0.1,
    60_000,
  )
}
