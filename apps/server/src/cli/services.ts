import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { newSecret } from '@souk/kernel'
import { schemaName } from '@souk/platform'
import { contexts } from '../contexts.ts'
import { type Database, migrateAll, openDatabase } from '../database.ts'
import { readSettings } from '../process.ts'
import { buildStorefront } from '../web/build.ts'
import { type Begin, living } from './living.ts'
import { createPortPicker, untilFree } from './ports.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)
const ownMain = fileURLToPath(new URL('../main.ts', import.meta.url))

/** `order=2,gateway=2` → how many of each; everything else runs once. */
export const parseReplicas = (text: string): Map<string, number> => {
  const names = new Set([...contexts.map(({ name }) => name), 'gateway'])
  return new Map(
    text.split(',').flatMap((word) => {
      if (!word.trim()) return []
      const [, name = '', count] = /^([^=]+)=([1-9]\d?)$/.exec(word.trim()) ?? []
      if (!names.has(name)) throw new Error(`--replicas: "${word}" is not <name>=<1–99>`)
      return [[name, Number(count)] as const]
    }),
  )
}

type Member = { name: string; env: NodeJS.ProcessEnv; opsPort: number; child?: ChildProcess }

/** Starts a member and keeps it running until `stopping`; over the channel it notices when the supervisor is gone. */
const keepRunning = (main: string, member: Member, stopping: () => boolean): void => {
  let failures = 0
  const launch = () => {
    if (stopping()) return
    const began = Date.now()
    const child = spawn(process.execPath, [main, 'serve', member.name], {
      env: member.env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Out of reach of the terminal's Ctrl-C: the supervisor says when, the gateways first.
      detached: true,
      windowsHide: true,
    })
    member.child = child
    child.on('exit', (code, signal) => {
      if (stopping()) return
      failures = Date.now() - began > 30_000 ? 0 : failures + 1
      say(`${member.name} (pid ${child.pid}) ended with ${signal ?? code}; starting it again`)
      setTimeout(launch, Math.min(100 * 2 ** failures, 5000))
    })
  }
  launch()
}

const untilReady = async (member: Member): Promise<void> => {
  for (let tries = 0; tries < 600; tries++) {
    const ok = await fetch(`http://127.0.0.1:${member.opsPort}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    await new Promise((wake) => setTimeout(wake, 100))
  }
  throw new Error(`${member.name} did not become ready in a minute`)
}

const endOf = (member: Member): Promise<void> =>
  new Promise((resolve) => {
    const { child } = member
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })

type Crew = { ready(): Promise<unknown>; end(): Promise<void> }

const hire = (main: string, members: readonly Member[]): Crew => {
  let stopping = false
  for (const member of members) keepRunning(main, member, () => stopping)
  // Only those that are left when nobody wanted to wait for them.
  process.once('exit', () => {
    for (const { child } of members) child?.kill('SIGKILL')
  })
  return {
    ready: () => Promise.all(members.map(untilReady)),
    end: async () => {
      stopping = true
      await Promise.all(members.map(endOf))
    },
  }
}

/** On the embedded server every process logs in as its context's own role, which sees its own schema and no other. */
const loginOf = (database: Database, context: string): string =>
  database.kind.startsWith('embedded')
    ? database.urlOf(context).replace(/\/\/[^@/]*@/, `//${schemaName(context)}@`)
    : database.urlOf(context)

/** Who runs where: every process of the installation with its own ports and the addresses of the others. */
const plan = async (
  env: NodeJS.ProcessEnv,
  counts: Map<string, number>,
  { port, opsPort }: { port: number; opsPort: number },
): Promise<{ rooms: Member[]; gateways: Member[] }> => {
  const freePort = createPortPicker([port, opsPort])
  const names = contexts.flatMap(({ name }) => Array.from({ length: counts.get(name) ?? 1 }, () => name))
  const placed = await Promise.all(names.map(async (name) => ({ name, grpc: await freePort(), ops: await freePort() })))
  const targets = Object.fromEntries(
    contexts.map(({ name }) => [
      `${name.toUpperCase()}_TARGET`,
      `ipv4:${placed.flatMap((place) => (place.name === name ? [`127.0.0.1:${place.grpc}`] : [])).join(',')}`,
    ]),
  )
  const common = { ...env, ...targets }
  const rooms = placed.map(({ name, grpc, ops }) => ({
    name,
    opsPort: ops,
    env: { ...common, SOUK_GRPC_BIND: `127.0.0.1:${grpc}`, SOUK_OPS_PORT: String(ops) },
  }))
  const gateways = await Promise.all(
    Array.from({ length: counts.get('gateway') ?? 1 }, async (_, place) => {
      const ops = place === 0 ? opsPort : await freePort()
      return {
        name: 'gateway',
        opsPort: ops,
        env: {
          ...common,
          SOUK_OPS_PORT: String(ops),
          SOUK_SHARED_PORT: String(process.platform === 'linux'),
          SOUK_DEMO: place === 0 ? (env.SOUK_DEMO ?? 'true') : 'false',
        },
      }
    }),
  )
  return { rooms, gateways }
}

/**
 * `souk start-services`: a small supervisor. The gateway and each context run as operating-system processes of their
 * own, talk gRPC on loopback, and share the embedded database under their own roles. A process that ends is started
 * again; SIGTERM drains the gateway first, the database last.
 */
export const startServices = (given: NodeJS.ProcessEnv, replicas: string, main = ownMain): Promise<void> =>
  living((begin) => startAll(begin, given, replicas, main))

const startAll = async (begin: Begin, given: NodeJS.ProcessEnv, replicas: string, main: string): Promise<void> => {
  const counts = parseReplicas(replicas)
  const { settings } = readSettings(
    { SOUK_SANDBOX_SECRET: 'unread', ...given },
    contexts.map(({ name }) => name),
  )
  const web = buildStorefront(say)
  const database = await begin(openDatabase(settings, given, { maxConnections: 200, log: say }), (opened) =>
    opened.stop(),
  )
  await begin(migrateAll(database))
  await begin(web)
  const env = {
    ...given,
    SOUK_PUBLIC_URL: settings.publicUrl,
    SOUK_CALLBACK_URL: given.SOUK_CALLBACK_URL || `http://127.0.0.1:${settings.port}`,
    SOUK_SERVICE_SECRET: settings.serviceSecret ?? newSecret(),
    SOUK_SANDBOX_SECRET: given.SOUK_SANDBOX_SECRET || newSecret(),
    ...Object.fromEntries(contexts.map(({ name }) => [`${name.toUpperCase()}_DATABASE_URL`, loginOf(database, name)])),
  }
  const { rooms, gateways } = await plan(env, counts, settings)
  const employ = async (members: readonly Member[]): Promise<void> => {
    const crew = await begin(Promise.resolve(hire(main, members)), ({ end }) => end())
    await crew.ready()
  }
  await employ(rooms)
  // The gateways share the public port, so they cannot notice that it is somebody else's; those of a supervisor that was
  // killed may still finish their requests.
  await untilFree(settings.port, settings.bind)
  await employ(gateways)
  say(
    `Souk at ${settings.publicUrl} as ${rooms.length + gateways.length} processes, operations at http://127.0.0.1:${settings.opsPort}`,
  )
  for (const { name, opsPort } of [...gateways, ...rooms]) say(`  ${name}: operations at ${opsPort}`)
}
