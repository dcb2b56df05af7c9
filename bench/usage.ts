import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'

/** Processor seconds and memory of a process and its children, from /proc. */
export type Usage = { node: number; postgres: number; rssMb: number }

const ticks = 100
const statOf = (pid: number): { parent: number; cpu: number; rss: number; name: string } | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {
      parent: Number(fields[1]),
      // Its own, and that of children which have ended: a closed connection takes its process with it.
      cpu: fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks,
      rss: Number(fields[21]) * 4096,
      name,
    }
  } catch {
    return undefined
  }
}

/** `main` and its descendants are the system; every postgres of `postmaster` is the database. */
export const usageOf = (main: number, postmaster: number): Usage => {
  const all = new Map(
    readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [[Number(name), statOf(Number(name))] as const] : [])),
  )
  const belongs = (pid: number, root: number): boolean => {
    for (let at: number | undefined = pid, depth = 0; at !== undefined && depth < 10; at = all.get(at)?.parent, depth++)
      if (at === root) return true
    return false
  }
  const usage: Usage = { node: 0, postgres: 0, rssMb: 0 }
  for (const [pid, stat] of all) {
    if (!stat) continue
    if (belongs(pid, postmaster)) usage.postgres += stat.cpu
    else if (belongs(pid, main)) {
      usage.node += stat.cpu
      usage.rssMb += stat.rss / 2 ** 20
    }
  }
  return usage
}

export type Counters = { statements: number; commits: number }

/** Statements and commits that the database has counted so far. */
export const openCounters = async (
  url: string,
): Promise<{ read(): Promise<Counters>; postmaster: number; close(): Promise<void> }> => {
  const client = new pg.Client({ connectionString: url, ssl: false, application_name: 'souk bench' })
  await client.connect()
  await client.query('create extension if not exists pg_stat_statements')
  const { rows } = await client.query(
    "select pg_postmaster_start_time(), (pg_stat_file('postmaster.pid')).size, pg_read_file('postmaster.pid') as pid",
  )
  return {
    postmaster: Number(String(rows[0].pid).split('\n')[0]),
    read: async () => {
      await client.query('select pg_stat_force_next_flush()')
      const counted = await client.query(
        `select (select coalesce(sum(calls), 0)::float8 from pg_stat_statements) as statements,
                (select xact_commit::float8 from pg_stat_database where datname = current_database()) as commits`,
      )
      return counted.rows[0]
    },
    close: () => client.end(),
  }
}
