import { contexts } from '../contexts.ts'
import { openDatabase } from '../database.ts'
import { seedDemo } from '../demo/seed.ts'
import { type Ports, readSettings, startProcess } from '../process.ts'
import { type Begin, living } from './living.ts'

const known = new Set(contexts.map(({ name }) => name))

/** `<CONTEXT>_TARGET` of everything that does not live here. */
const targetsFrom = (env: NodeJS.ProcessEnv, hosted: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    contexts.flatMap(({ name }) => {
      const target = env[`${name.toUpperCase()}_TARGET`]
      return target && !hosted.includes(name) ? [[name, target]] : []
    }),
  )

/** `souk serve order inventory`: hosts some contexts; `souk serve gateway`: the public port. Migrates nothing. */
export const serve = (env: NodeJS.ProcessEnv, names: readonly string[], ports: Ports = {}): Promise<void> =>
  living((begin) => startServing(begin, env, names, ports))

const startServing = async (
  begin: Begin,
  env: NodeJS.ProcessEnv,
  names: readonly string[],
  { failpoint }: Ports,
): Promise<void> => {
  const hosted = names.filter((name) => name !== 'gateway')
  const unknown = hosted.filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new Error(`no such context: ${unknown.join(', ')} (there are ${[...known].join(', ')} and gateway)`)
  const { settings } = readSettings(env, hosted)
  if (!settings.serviceSecret)
    throw new Error('SOUK_SERVICE_SECRET is missing: processes prove themselves to each other with it')
  const gateway = names.includes('gateway')
  if (hosted.length > 0 && !settings.databaseUrl && hosted.some((name) => !env[`${name.toUpperCase()}_DATABASE_URL`]))
    throw new Error('DATABASE_URL (or one <CONTEXT>_DATABASE_URL each) is missing')
  const database =
    hosted.length > 0
      ? await openDatabase(settings, env, { maxConnections: 0, log: () => {} })
      : { kind: 'none', urlOf: () => '', stop: async () => {} }
  const targets = targetsFrom(env, hosted)
  const plan = { settings, env, database, hosted, gateway, targets, serves: hosted.length > 0, failpoint }
  const running = await begin(startProcess(plan), ({ drain }) => drain())
  if (gateway && settings.demo)
    await seedDemo(running.host, { currency: settings.currency, log: (line) => process.stderr.write(`${line}\n`) })
  process.stdout.write(
    `${JSON.stringify({ msg: 'serving', hosted, gateway, grpcPort: running.grpcPort, port: running.front?.port, opsPort: running.ops.port })}\n`,
  )
}
