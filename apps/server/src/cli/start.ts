import { newSecret } from '@souk/kernel'
import { contexts } from '../contexts.ts'
import { migrateAll, openDatabase } from '../database.ts'
import { seedDemo } from '../demo/seed.ts'
import { type Ports, readSettings, startProcess } from '../process.ts'
import { buildStorefront } from '../web/build.ts'
import { type Begin, living } from './living.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

/** `souk start`: database, migrations, all contexts, gateway, pages, demo data. */
export const start = (given: NodeJS.ProcessEnv, ports: Ports = {}): Promise<void> =>
  living((begin) => startAll(begin, given, ports))

const startAll = async (begin: Begin, given: NodeJS.ProcessEnv, { failpoint }: Ports): Promise<void> => {
  // Alone in one process, channel and payment can share a secret that nobody has to choose.
  const env = { ...given, SOUK_SANDBOX_SECRET: given.SOUK_SANDBOX_SECRET || newSecret() }
  const began = performance.now()
  const hosted = contexts.map(({ name }) => name)
  const { settings } = readSettings(env, hosted)
  const web = buildStorefront(say)
  const database = await begin(openDatabase(settings, env, { maxConnections: 60, log: say }), (opened) => opened.stop())
  await begin(migrateAll(database))
  await begin(web)
  const plan = { settings, env, database, hosted, gateway: true, targets: {}, failpoint, serves: false }
  const running = await begin(startProcess(plan), ({ drain }) => drain())
  say(
    `Souk at ${settings.publicUrl} (API at /v1, documents at /docs), operations at http://${settings.opsBind}:${running.ops.port}`,
  )
  say(`  database ${database.kind} · facts outbox relay · calls direct · limits memory · media disk`)
  say(`  local: ${hosted.join(' ')} · ready in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  if (settings.demo) await seedDemo(running.host, { currency: settings.currency, log: say })
}
