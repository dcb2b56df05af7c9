import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { withDatabase } from '../database.ts'
import type { System } from '../system.ts'
import { fewRows, type Node, wrongs } from './judge.ts'

type Explained = { 'Query Text': string; Plan: Node }

export type Finding = { statement: string; says: string }

/** How much larger the planner is told that filled tables are: a shop of some years. */
const years = 1000

/** Every table with enough rows to speak of, and how many. */
const filledTables = async (client: pg.Client): Promise<Map<string, number>> => {
  const { rows } = await client.query<{ name: string; rows: number }>(
    `select relnamespace::regnamespace || '.' || relname as name, reltuples::float8 as rows from pg_class
     where relkind = 'r' and relnamespace::regnamespace::text like 'souk_%' and reltuples >= $1 order by 1`,
    [fewRows],
  )
  return new Map(rows.map(({ name, rows }) => [name, rows]))
}

/** What every index begins with. */
const indexLeads = async (client: pg.Client): Promise<Map<string, string>> => {
  const { rows } = await client.query<{ name: string; lead: string }>(
    `select relnamespace::regnamespace || '.' || relname as name, pg_get_indexdef(oid, 1, true) as lead from pg_class
     where relkind = 'i' and relnamespace::regnamespace::text like 'souk_%'`,
  )
  return new Map(rows.map(({ name, lead }) => [name, lead]))
}

/** Statistics of a large shop over the rows of a small one; nothing may gather new ones. */
const pretendSize = async (client: pg.Client): Promise<void> => {
  await client.query('analyze')
  for (const [name, rows] of await filledTables(client)) {
    const [schema, table] = name.split('.')
    await client.query(`alter table ${name} set (autovacuum_enabled = false)`)
    await client.query(
      `select pg_restore_relation_stats('schemaname', $1::text, 'relname', $2::text, 'reltuples', $3::real)`,
      [schema, table, rows * years],
    )
  }
}

/**
 * From now on every new connection writes the plan of each statement that it runs to the server's log: what is judged is
 * what the contexts really send, with the plans that they would get in a large shop.
 */
export const recordPlans = (system: System): Promise<void> =>
  withDatabase(system, async (client) => {
    await pretendSize(client)
    const name = (await client.query<{ name: string }>('select quote_ident(current_database()) as name')).rows[0]!.name
    for (const [setting, value] of Object.entries({
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_format': 'json',
      'auto_explain.log_verbose': 'on',
      // With the rows that each step really saw; the clock is left alone.
      'auto_explain.log_analyze': 'on',
      'auto_explain.log_timing': 'off',
      'auto_explain.log_nested_statements': 'on',
    }))
      await client.query(`alter database ${name} set ${setting} = '${value}'`)
  })

/** Statements explained so far, by their text; the log holds each plan as JSON, its further lines indented. */
const explainedIn = (log: string): Map<string, Node[]> => {
  const plans = new Map<string, Node[]>()
  for (const [, json] of log.matchAll(/plan:\n(\t\{\n[\s\S]*?\n\t\})(?=\n|$)/g)) {
    const { 'Query Text': text, Plan } = JSON.parse(json!.replaceAll(/^\t/gm, '')) as Explained
    plans.set(text, [...(plans.get(text) ?? []), Plan])
  }
  return plans
}

/** One of those that differ in their figures only. */
const unlike = (words: readonly string[]): string[] => [
  ...new Map(words.map((says) => [says.replaceAll(/\d+/g, ''), says])).values(),
]

export type Judged = { statements: string[]; filled: string[]; findings: Finding[] }

/** The server's log, with the older half that was set aside when it grew. */
const logOf = async ({ dataDir }: System): Promise<string> => {
  const older = await readFile(join(dataDir, 'postgres.log.1'), 'utf8').catch(() => '')
  return older + (await readFile(join(dataDir, 'postgres.log'), 'utf8'))
}

/** Every statement that ran since `recordPlans`, and what is wrong with the plans they got. */
export const judgePlans = (system: System): Promise<Judged> =>
  withDatabase(system, async (client) => {
    const plans = explainedIn(await logOf(system))
    const house = { filled: new Set((await filledTables(client)).keys()), leads: await indexLeads(client) }
    const findings = [...plans].flatMap(([statement, list]) =>
      unlike(list.flatMap((plan) => wrongs(plan, house))).map((says) => ({ statement, says })),
    )
    return {
      statements: [...plans.keys()],
      filled: [...house.filled],
      findings,
    }
  })
