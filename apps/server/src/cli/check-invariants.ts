import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../database.ts'
import { checkInvariants } from '../invariants/check.ts'
import { readSettings } from '../process.ts'

/** `souk check-invariants`: exit 0 when all is well, 1 with one JSON line per finding. */
export const checkInvariantsCommand = async (env: NodeJS.ProcessEnv, options: { atRest?: boolean }): Promise<void> => {
  const { settings } = readSettings(env, [])
  const running = await readFile(join(settings.dataDir, 'database.url'), 'utf8').catch(() => undefined)
  const database =
    running && !settings.databaseUrl
      ? {
          urlOf: (context: string) => env[`${context.toUpperCase()}_DATABASE_URL`] || running.trim(),
          stop: async () => {},
        }
      : await openDatabase(settings, env, { maxConnections: 20, log: () => {} })
  try {
    const findings = await checkInvariants(database.urlOf, options)
    for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`)
    if (findings.length > 0) process.exitCode = 1
  } finally {
    await database.stop()
  }
}
