import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withDatabase } from '../database.ts'
import type { System } from '../system.ts'

const postmasterOf = (system: System): Promise<number> =>
  withDatabase(system, async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    const file = await readFile(join(rows[0]!.data_directory, 'postmaster.pid'), 'utf8')
    return Number(file.split('\n')[0])
  })

/** Immediate shutdown, as `pg_ctl stop -m immediate`: no checkpoint, connections cut, the log is replayed afterwards. */
export const crashPostgres = async (system: System): Promise<void> => {
  process.kill(await postmasterOf(system), 'SIGQUIT')
}

/** Cuts every connection of the system, also those in the middle of a statement. Answers how many. */
export const cutConnections = (system: System): Promise<number> =>
  withDatabase(system, async (client) => {
    const { rows } = await client.query<{ n: number }>(
      `select count(pg_terminate_backend(pid))::int as n from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    return rows[0]!.n
  })
