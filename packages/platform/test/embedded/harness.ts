import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { nameOfPath } from '../../src/db/embedded/account.ts'
import { endServersOf, serversOf } from '../../src/db/embedded/processes.ts'
import type { OwnerSays } from './owner-process.ts'

export const isRoot = process.geteuid?.() === 0
export const embeddedModule = new URL('../../src/db/embedded/index.ts', import.meta.url).href

type OwnerOptions = {
  dataDir: string
  maxConnections?: number
  module?: string
  env?: NodeJS.ProcessEnv
  uid?: number
  gid?: number
  /** A process group of its own, as a shell gives to every command. */
  ownGroup?: boolean
  /** A program and its arguments that starts Node, for example with fewer rights. */
  through?: string[]
}

/** A process that owns, or tried to own, an embedded server. */
export type Owner = {
  child: ChildProcess
  lines: string[]
  started(): Promise<Extract<OwnerSays, { kind: 'started' }>>
  refused(): Promise<Extract<OwnerSays, { kind: 'refused' }>>
  stop(): Promise<void>
  kill(): Promise<void>
}

/** A temporary folder that everybody may enter; at the end servers in `clusters` are ended and the folder removed. */
export async function temporaryFolder(t: TestContext, mode = 0o755, name = 'souk-test-'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name))
  await chmod(folder, mode)
  t.after(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  return folder
}

/** A data folder inside a temporary one; what a failing test leaves running, or a root one elsewhere, is removed. */
export async function dataFolder(t: TestContext, name = 'data', mode = 0o755): Promise<string> {
  const dataDir = join(await temporaryFolder(t, mode), name)
  cleanUp(t, dataDir)
  return dataDir
}

/** Ends servers of this data folder and removes what a root test keeps of it elsewhere. */
function cleanUp(t: TestContext, dataDir: string): void {
  t.after(async () => {
    const home = `/var/lib/souk/${nameOfPath(dataDir)}`
    await endServersOf(clusterOf(dataDir))
    await endServersOf(join(home, 'cluster'))
    for (const path of [home, `${home}.left`]) await rm(path, { recursive: true, force: true })
  })
}

export const clusterOf = (dataDir: string) => join(dataDir, 'postgres', 'cluster')

export function own(t: TestContext, options: OwnerOptions): Owner {
  const { dataDir, maxConnections, module = embeddedModule, env, uid, gid, ownGroup, through = [] } = options
  const [execPath = process.execPath, ...execArgv] = [...through, process.execPath]
  const script = fileURLToPath(new URL('./owner-process.ts', import.meta.url))
  const child = fork(script, [module, JSON.stringify({ dataDir, maxConnections })], {
    execPath,
    execArgv,
    cwd: '/',
    env: env ?? process.env,
    detached: ownGroup ?? false,
    ...(uid === undefined ? {} : { uid, gid: gid ?? uid }),
  })
  t.after(() => child.kill('SIGKILL'))
  const lines: string[] = []
  const said: OwnerSays[] = []
  child.on('message', (message: OwnerSays) => {
    said.push(message)
    if (message.kind === 'said') lines.push(message.line)
  })
  // A guard against a test that would hang, no promise about speed.
  const patience = { signal: AbortSignal.timeout(60_000) }
  const hear = async <K extends OwnerSays['kind']>(kind: K): Promise<Extract<OwnerSays, { kind: K }>> => {
    for (;;) {
      const found = said.find((message) => message.kind !== 'said' && message.kind !== 'started')
      const wanted = said.find((message) => message.kind === kind)
      if (wanted) return wanted as Extract<OwnerSays, { kind: K }>
      if (found) throw new Error(`expected ${kind}, but ${JSON.stringify(found)}`)
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`owner ended before ${kind}`)
      await Promise.race([once(child, 'message', patience), once(child, 'exit', patience)])
    }
  }
  return {
    child,
    lines,
    started: () => hear('started'),
    refused: () => hear('refused'),
    stop: async () => {
      child.send('stop')
      await hear('stopped')
      child.disconnect()
      await once(child, 'exit')
    },
    kill: async () => {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

/** One connection, one statement. */
export async function ask(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

/** The one value of a one-row, one-column answer. */
export async function askOne(url: string, text: string, values: unknown[] = []): Promise<unknown> {
  return Object.values((await ask(url, text, values))[0] ?? {})[0]
}

/** Repeats until it succeeds; the last failure after 30 s. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + 30_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export const serversIn = (dataDir: string) => serversOf(clusterOf(dataDir))

export const urlFileOf = (dataDir: string) => readFile(join(dataDir, 'database.url'), 'utf8')
