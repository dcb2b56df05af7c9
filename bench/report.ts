import { type Outcome, percentile } from './load.ts'

export type Row = {
  what: string
  /** Pieces of work a second. */
  rate: number
  p50: number
  p95: number
  p99: number
  answers: string
  /** Processor milliseconds per piece of work, of Node and of PostgreSQL. */
  nodeMs?: number
  postgresMs?: number
  statements?: number
  commits?: number
  target?: string
}

export const rowOf = (what: string, outcome: Outcome, more: Partial<Row> = {}): Row => ({
  what,
  rate: outcome.latencies.length / outcome.seconds,
  p50: percentile(outcome.latencies, 50),
  p95: percentile(outcome.latencies, 95),
  p99: percentile(outcome.latencies, 99),
  answers: [
    ...Object.entries(outcome.statuses).map(([status, count]) => `${status}: ${count}`),
    ...(outcome.broken ? [`broken: ${outcome.broken}`] : []),
  ].join(', '),
  ...more,
})

const number = (value: number | undefined, digits = 0): string => (value === undefined ? '' : value.toFixed(digits))

export const tableOf = (rows: readonly Row[]): string =>
  [
    '| what | per second | p50 ms | p95 ms | p99 ms | Node ms each | PostgreSQL ms each | statements each | commits each | answers | to reach |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.what} | ${number(row.rate)} | ${number(row.p50, 1)} | ${number(row.p95, 1)} | ${number(row.p99, 1)} | ${number(row.nodeMs, 2)} | ${number(row.postgresMs, 2)} | ${number(row.statements, 2)} | ${number(row.commits, 2)} | ${row.answers} | ${row.target ?? ''} |`,
    ),
  ].join('\n')
