import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type EmbeddedServer, startEmbedded } from '../db/embedded/index.ts'
import { type Migrations, migrate } from '../db/migrate.ts'

let own: Promise<{ server: EmbeddedServer; dataDir: string }> | undefined

const startOwn = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-test-'))
  return { server: await startEmbedded({ dataDir, maxConnections: 200 }), dataDir }
}

/** The run's server (`SOUK_TEST_DATABASE_URL`), else one of this process's own, gone with it. */
export const testServerUrl = async (): Promise<string> => {
  const given = process.env.SOUK_TEST_DATABASE_URL
  if (given) return given
  own ??= startOwn()
  return (await own).server.url
}

// After every hook of every file: when nothing else is left to do.
process.once('beforeExit', async () => {
  if (!own) return
  const { server, dataDir } = await own
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const withDatabase = (url: string, database: string): string => url.replace(/^([^?]*\/)[^/?]*(\?|$)/, `$1${database}$2`)

const fingerprint = (contexts: readonly Migrations[]): string => {
  const hash = createHash('sha256')
  for (const folder of [new URL('../../migrations/', import.meta.url), ...contexts.map(({ migrations }) => migrations)])
    for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(new URL(name, folder)))
  for (const { name } of contexts) hash.update(name)
  return hash.digest('hex').slice(0, 16)
}

export type TestDatabase = { url: string; drop(): Promise<void> }

/** A fresh database with the contexts' schemas, copied from a template that the first asker makes. */
export const createTestDatabase = async (contexts: readonly Migrations[]): Promise<TestDatabase> => {
  const server = await testServerUrl()
  const template = `souk_template_${fingerprint(contexts)}`
  const name = `souk_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(420001)')
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template])
    if (rowCount === 0) {
      await client.query(`create database ${template}_new`).catch(() => client.query('select 1'))
      await migrate(withDatabase(server, `${template}_new`), contexts)
      await client.query(`alter database ${template}_new rename to ${template}`)
    }
    await client.query(`create database ${name} template ${template}`)
  } finally {
    await client.end()
  }
  return {
    url: withDatabase(server, name),
    drop: async () => {
      const admin = new pg.Client({ connectionString: server })
      await admin.connect()
      await admin.query(`drop database if exists ${name} with (force)`).finally(() => admin.end())
    },
  }
}
