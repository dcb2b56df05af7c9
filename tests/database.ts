import pg from 'pg'
import type { System } from './system.ts'

/** Straight into the database of a running system: for planting what no interface could, and for looking everywhere. */
export const withDatabase = async <T>(system: System, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: await system.databaseUrl() })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Every table of every context whose rows hold one of these texts, as text or as bytes: `schema.table: text`. */
export const tablesHolding = (system: System, texts: readonly string[]): Promise<string[]> =>
  withDatabase(system, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    )
    if (tables.length === 0) throw new Error('there are no tables to look through')
    const found: string[] = []
    for (const { name } of tables) {
      for (const text of texts) {
        const { rowCount } = await client.query(
          `select 1 from ${name} t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0 limit 1`,
          [text, Buffer.from(text).toString('hex')],
        )
        if (rowCount) found.push(`${name}: ${text}`)
      }
    }
    return found
  })
