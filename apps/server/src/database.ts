import { resolve } from 'node:path'
import { migrate } from '@souk/platform'
import { contexts } from './contexts.ts'
import type { ServerSettings } from './settings.ts'

export type Database = {
  /** Where a context's data is: `<CONTEXT>_DATABASE_URL`, `DATABASE_URL`, or the embedded server. */
  urlOf(context: string): string
  /** `embedded`, `embedded (adopted)`, `given`. */
  kind: string
  stop(): Promise<void>
}

const own = (context: string, env: NodeJS.ProcessEnv): string | undefined =>
  env[`${context.toUpperCase()}_DATABASE_URL`] || undefined

/** Finds or starts PostgreSQL. Nothing is migrated yet. */
export const openDatabase = async (
  settings: ServerSettings,
  env: NodeJS.ProcessEnv,
  options: { maxConnections: number; log: (line: string) => void },
): Promise<Database> => {
  const given = settings.databaseUrl
  if (given || contexts.every(({ name }) => own(name, env)))
    return { kind: 'given', urlOf: (context) => own(context, env) ?? given ?? '', stop: async () => {} }
  // Only where it is needed: users of their own PostgreSQL load none of it.
  const { startEmbedded } = await import('@souk/platform/db/embedded')
  const server = await startEmbedded({ dataDir: resolve(settings.dataDir), ...options })
  return {
    kind: server.adopted ? 'embedded (adopted)' : 'embedded',
    urlOf: (context) => own(context, env) ?? server.url,
    stop: () => server.stop(),
  }
}

/** Brings every context's schema up to date, database by database. */
export const migrateAll = async (database: Database): Promise<number> => {
  const byUrl = Map.groupBy(contexts, ({ name }) => database.urlOf(name))
  let applied = 0
  for (const [url, group] of byUrl) applied += await migrate(url, group)
  return applied
}
