import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { schemaName } from './db.ts'

export type Migrations = { name: string; migrations: URL }

const platform = new URL('../../migrations/', import.meta.url)
/** One lock for all of Souk in a database: "souk" as digits. */
const lock = 736_975_11

const filesOf = async (folder: URL): Promise<{ name: string; text: string; checksum: string }[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** The context's role may read and write rows of its own schema and nothing else; migrations take rights away from it. */
const ground = (schema: string) => `
  create schema if not exists ${schema};
  grant usage on schema ${schema} to ${schema};
  alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${schema};
  alter default privileges in schema ${schema} grant usage, select on sequences to ${schema};
  alter default privileges in schema ${schema} grant execute on functions to ${schema};
  create table if not exists ${schema}.schema_migration (name text primary key, checksum text not null, applied_at timestamptz not null default now());`

/** Without a password: it logs in only where the server trusts its callers, as the embedded one does on its socket. */
const createRole = async (client: pg.Client, role: string): Promise<void> => {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
  if (rowCount === 0)
    await client.query(`create role ${role} login`).catch((error: { code?: string }) => {
      // Another database of the same server may create it at the same moment.
      if (error.code !== '42710' && error.code !== '23505') throw error
    })
  await client.query(`grant ${role} to current_user`)
}

const migrateOne = async (client: pg.Client, { name, migrations }: Migrations): Promise<number> => {
  const schema = schemaName(name)
  await createRole(client, schema)
  await client.query(ground(schema))
  const done = new Map(
    (await client.query(`select name, checksum from ${schema}.schema_migration`)).rows.map((row) => [
      row.name,
      row.checksum,
    ]),
  )
  const files = [
    ...(await filesOf(platform)).map((file) => ({ ...file, name: `platform/${file.name}` })),
    ...(await filesOf(migrations)),
  ]
  let applied = 0
  for (const file of files) {
    const known = done.get(file.name)
    if (known === file.checksum) continue
    if (known) throw new Error(`migration ${name}/${file.name} was changed after it had been applied`)
    await client.query('begin')
    try {
      await client.query(`set local search_path = ${schema}, public`)
      await client.query(file.text)
      await client.query(`insert into ${schema}.schema_migration (name, checksum) values ($1, $2)`, [
        file.name,
        file.checksum,
      ])
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw new Error(
        `migration ${name}/${file.name} failed: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      )
    }
    applied++
  }
  return applied
}

/**
 * Brings the schemas of the given contexts up to date, under a lock, so that several processes may start at once.
 * Files are applied in name order, each in its own transaction; a file that was applied must never change.
 * Answers how many files were applied.
 */
export const migrate = async (url: string, contexts: readonly Migrations[]): Promise<number> => {
  const client = new pg.Client({ connectionString: url, application_name: 'souk migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lock])
    await client.query('create extension if not exists pg_trgm')
    let applied = 0
    for (const context of contexts) applied += await migrateOne(client, context)
    return applied
  } finally {
    await client.end()
  }
}
