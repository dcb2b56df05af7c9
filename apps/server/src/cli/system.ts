import { newSecret } from '@souk/kernel'
import type { Host } from '@souk/platform'
import { contexts } from '../contexts.ts'
import { migrateAll, openDatabase } from '../database.ts'
import { readSettings, startProcess } from '../process.ts'
import type { ServerSettings } from '../settings.ts'

/** Opens all contexts without the public port, runs `work`, and leaves nothing running. */
export const withSystem = async <T>(
  given: NodeJS.ProcessEnv,
  work: (system: { host: Host; settings: ServerSettings }) => Promise<T>,
): Promise<T> => {
  const env = { SOUK_OPS_PORT: '0', ...given, SOUK_SANDBOX_SECRET: given.SOUK_SANDBOX_SECRET || newSecret() }
  const hosted = contexts.map(({ name }) => name)
  const { settings } = readSettings(env, hosted)
  const database = await openDatabase(settings, env, { maxConnections: 60, log: () => {} })
  try {
    await migrateAll(database)
    const running = await startProcess({ settings, env, database, hosted, gateway: false, targets: {}, serves: false })
    try {
      return await work({ host: running.host, settings })
    } finally {
      await running.drain()
    }
  } finally {
    await database.stop()
  }
}
