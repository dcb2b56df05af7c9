import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPortPicker } from '../apps/server/src/cli/ports.ts'

export const main = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))

/** One process, or one per context. */
export type Shape = 'start' | 'start-services'

/** Both shapes, or the one that `SOUK_TEST_SHAPE` names. */
export const shapes: readonly Shape[] = process.env.SOUK_TEST_SHAPE
  ? [process.env.SOUK_TEST_SHAPE as Shape]
  : ['start', 'start-services']

/** A port that nobody takes while a system that was killed starts again. */
export const freePort = createPortPicker()

export type System = {
  base: string
  ops: string
  dataDir: string
  admin: { email: string; password: string }
  sandboxSecret: string
  /** What it was started with; commands on the same data folder need the same. A change counts from the next start on. */
  env: NodeJS.ProcessEnv
  child: ChildProcess
  /** Operations addresses of the processes of `start-services`, by name and in order; none in the one process. */
  members: readonly { name: string; ops: string }[]
  /** Of the embedded database; only while it runs. */
  databaseUrl(): Promise<string>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL of the main process; the data stays. */
  kill(): Promise<void>
  /** The same system again on the same data and ports. */
  restart(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
  /** What it printed so far. */
  output(): string
}

export type Options = {
  /** Undefined takes a variable away. */
  env?: Record<string, string | undefined>
  args?: string[]
  demo?: boolean
  /** A main of the tests in place of the real one, with the same verbs. */
  main?: string
  /** In a process group of its own, as a shell would start it. */
  ownGroup?: boolean
  /** A folder that exists already in place of a fresh one; it is emptied and removed all the same. */
  dataDir?: string
}

const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms))

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', resolve))

/** Where the processes that have a part in it tell how they are. */
export const opsOf = ({ ops, members }: Pick<System, 'ops' | 'members'>): string[] =>
  members.length > 0 ? members.map((one) => one.ops) : [ops]

/** The supervisor says who runs where, last of all the line with its last member. */
const untilTold = async (printed: () => string): Promise<System['members']> => {
  for (let tries = 0; tries < 300; tries++) {
    const told = printed().slice(printed().lastIndexOf('Souk at '))
    const count = Number(/^Souk at .* as (\d+) processes/.exec(told)?.[1])
    const members = [...told.matchAll(/^ {2}(\w+): operations at (\d+)$/gm)]
    if (count === members.length)
      return members.map(([, name, port]) => ({ name: name!, ops: `http://127.0.0.1:${port}` }))
    await pause(100)
  }
  throw new Error(`the supervisor does not say who runs where:\n${printed()}`)
}

/** A whole system on a fresh data folder, as `npm start` or `npm run start:services` would run it. */
export const startSystem = async (shape: Shape, options: Options = {}): Promise<System> => {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'souk-system-')))
  const [port, opsPort] = [await freePort(), await freePort()]
  const admin = { email: 'admin@example.com', password: 'correct horse battery staple' }
  const sandboxSecret = 'sandbox secret of the tests'
  const env = {
    ...process.env,
    SOUK_PORT: String(port),
    SOUK_OPS_PORT: String(opsPort),
    SOUK_BIND: '127.0.0.1',
    SOUK_DATA_DIR: dataDir,
    SOUK_DEMO: options.demo ? 'true' : 'false',
    SOUK_ADMIN_EMAIL: admin.email,
    SOUK_ADMIN_PASSWORD: admin.password,
    SOUK_SANDBOX_SECRET: sandboxSecret,
    SOUK_RATE_LIMITS: 'off',
    SOUK_LOG_LEVEL: 'warn',
    ...options.env,
  }
  let printed = ''
  let members: System['members'] = []
  const ops = `http://127.0.0.1:${opsPort}`
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [options.main ?? main, shape, ...(options.args ?? [])], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.ownGroup,
    })
    const keep = (chunk: Buffer) => {
      printed += chunk
      if (printed.length > 8_000_000) printed = printed.slice(-4_000_000)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    for (let tries = 0; tries < 900; tries++) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the system ended with ${child.signalCode ?? child.exitCode}:\n${printed}`)
      const ready = await fetch(`${ops}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      )
      if (
        ready &&
        (await fetch(`http://127.0.0.1:${port}/v1/categories`).then(
          (answer) => answer.ok,
          () => false,
        ))
      ) {
        if (shape === 'start-services') members = await untilTold(() => printed)
        return child
      }
      await pause(100)
    }
    child.kill('SIGKILL')
    throw new Error(`the system did not become ready:\n${printed}`)
  }
  const system: System = {
    base: `http://127.0.0.1:${port}`,
    ops,
    dataDir,
    admin,
    sandboxSecret,
    env,
    child: await launch(),
    get members() {
      return members
    },
    databaseUrl: () => readFile(join(dataDir, 'database.url'), 'utf8').then((text) => text.trim()),
    stop: async () => {
      system.child.kill('SIGTERM')
      return ended(system.child)
    },
    kill: async () => {
      system.child.kill('SIGKILL')
      await ended(system.child)
    },
    restart: async () => {
      system.child = await launch()
    },
    remove: async () => {
      await system.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
    output: () => printed,
  }
  return system
}
