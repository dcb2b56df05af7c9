import { migrateAll, openDatabase } from '../database.ts'
import { readSettings } from '../process.ts'

/** `souk migrate`: schema changes only; safe while the previous release runs (expand, then contract). */
export const migrateCommand = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const { settings } = readSettings(env, [])
  const database = await openDatabase(settings, env, { maxConnections: 20, log: () => {} })
  try {
    const applied = await migrateAll(database)
    process.stdout.write(applied === 0 ? 'up to date\n' : `${applied} migrations applied\n`)
  } finally {
    await database.stop()
  }
}
