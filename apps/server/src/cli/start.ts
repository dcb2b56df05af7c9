import { newSecret } from '@souk/kernel'
import { contexts } from '../contexts.ts'
import { migrateAll, openDatabase } from '../database.ts'
import { seedDemo } from '../demo/seed.ts'
import { type Ports, readSettings, startProcess } from '../process.ts'
import { buildStorefront } from '../web/build.ts'
import { stopOnSignals } from './stop.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

/** `souk start`: database, migrations, all contexts, gateway, pages, demo data. */
export const start = async (given: NodeJS.ProcessEnv, { failpoint }: Ports = {}): Promise<void> => {
  // Alone in one process, channel and payment can share a secret that nobody has to choose.
  const env = { ...given, SOUK_SANDBOX_SECRET: given.SOUK_SANDBOX_SECRET || newSecret() }
  const began = performance.now()
  const hosted = contexts.map(({ name }) => name)
  const { settings } = readSettings(env, hosted)
  const web = buildStorefront(say)
  const database = await openDatabase(settings, env, { maxConnections: 60, log: say })
  await migrateAll(database)
  await web
  const running = await startProcess({
    settings,
    env,
    database,
    hosted,
    gateway: true,
    targets: {},
    failpoint,
    serves: false,
  }).catch(async (error) => {
    await database.stop()
    throw error
  })
  stopOnSignals(async () => {
    await running.drain()
    await database.stop()
  })
  say(
    `Souk at ${settings.publicUrl} (API at /v1, documents at /docs), operations at http://${settings.opsBind}:${running.ops.port}`,
  )
  say(`  database ${database.kind} · facts outbox relay · calls direct · limits memory · media disk`)
  say(`  local: ${hosted.join(' ')} · ready in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  if (settings.demo) await seedDemo(running.host, { currency: settings.currency, log: say })
}
