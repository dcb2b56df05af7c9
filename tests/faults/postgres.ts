import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { until } from '../api.ts'
import { withDatabase } from '../database.ts'
import type { System } from '../system.ts'
import { pause } from './random.ts'

/** The file that names the server while it runs. */
const pidFileOf = (system: System): Promise<string> =>
  withDatabase(system, async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return join(rows[0]!.data_directory, 'postmaster.pid')
  })

const pidIn = (file: string): Promise<number | undefined> =>
  readFile(file, 'utf8').then(
    (text) => Number(text.split('\n')[0]),
    () => undefined,
  )

/**
 * Immediate shutdown, as `pg_ctl stop -m immediate`: no checkpoint, connections cut, the log is replayed afterwards.
 * Resolves when the server has gone; until then a system is as ready as it was.
 */
export const crashPostgres = async (system: System): Promise<void> => {
  const file = await pidFileOf(system)
  const pid = await pidIn(file)
  process.kill(pid!, 'SIGQUIT')
  await until(
    () => pidIn(file),
    (now) => now !== pid,
  )
}

const thief = 'somebody else'

const cut = `select count(pg_terminate_backend(pid))::int as n from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> '${thief}'`

/** Cuts every connection of the system, also those in the middle of a statement. Answers how many. */
export const cutConnections = (system: System): Promise<number> =>
  withDatabase(system, async (client) => (await client.query<{ n: number }>(cut)).rows[0]!.n)

/** Takes every connection that the server has, for so many milliseconds. Answers how many it got. */
export const takeConnections = async (system: System, forMs: number): Promise<number> => {
  const connectionString = await system.databaseUrl()
  const taken: pg.Client[] = []
  const take = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString, application_name: thief })
    client.on('error', () => {})
    const got = await client.connect().then(
      () => true,
      () => false,
    )
    if (got) taken.push(client)
    return got
  }
  try {
    while (await take());
    const until = Date.now() + forMs
    while (Date.now() < until) {
      await taken[0]!.query(cut)
      while (await take());
      await pause(50)
    }
    return taken.length
  } finally {
    await Promise.all(taken.map((client) => client.end().catch(() => {})))
  }
}
