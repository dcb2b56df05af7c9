import type { Outcome } from './load.ts'
import { percentile } from './statistics.ts'

/** What is to be reached, in words, and whether it was. */
export type Goal = { words: string; reached: boolean }

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
  goal?: Goal
}

/** One figure that is no load. */
export type Figure = { what: string; value: string; goal?: Goal }

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

/** Counts in the one process; in the services shape nothing is to be reached. */
export const goalOf = (words: string, reached: boolean): Goal => ({ words, reached })

const number = (value: number | undefined, digits = 0): string => (value === undefined ? '' : value.toFixed(digits))
const wordsOf = (goal: Goal | undefined): string => (goal ? `${goal.words}: ${goal.reached ? 'yes' : '**no**'}` : '')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

export const tableOf = (rows: readonly Row[]): string =>
  table(
    [
      'what',
      'per second',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'Node ms each',
      'PostgreSQL ms each',
      'statements each',
      'commits each',
      'answers',
      'to reach',
    ],
    rows.map((row) => [
      row.what,
      number(row.rate),
      number(row.p50, 1),
      number(row.p95, 1),
      number(row.p99, 1),
      number(row.nodeMs, 2),
      number(row.postgresMs, 2),
      number(row.statements, 2),
      number(row.commits, 2),
      row.answers,
      wordsOf(row.goal),
    ]),
  )

export const listOf = (figures: readonly Figure[]): string =>
  table(
    ['what', 'figure', 'to reach'],
    figures.map(({ what, value, goal }) => [what, value, wordsOf(goal)]),
  )

/** How many of what is to be reached was. */
export const scoreOf = (all: readonly { goal?: Goal }[]): string => {
  const goals = all.flatMap(({ goal }) => (goal ? [goal] : []))
  return `${goals.filter(({ reached }) => reached).length} of ${goals.length} figures reached`
}
