import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { type Endpoint, listenSettings } from './endpoint.ts'
import { DataFolderUnusable } from './errors.ts'
import type { Place } from './home.ts'
import { lastWords, openLog, sizeOf } from './log-file.ts'
import { type PidFile, readPidFile } from './pid-file.ts'
import { endServersOf, isAlive, isServerOf, signal, stillRuns, until } from './processes.ts'
import { serverEnvironment, serverSettings } from './settings.ts'
import { startWindows, stopWindows } from './windows.ts'

/** All that one server is started from; the same values start it again after a crash, at the same address. */
export type Server = {
  place: Place
  binaries: Binaries
  endpoint: Endpoint
  maxConnections: number
  log: (line: string) => void
}

const orphanPatienceMs = 10_000
const survivorPatienceMs = 600_000

/** The server that survived its parent, once it is ready; undefined when there is none, or when it was just ending. */
export async function findSurvivor(cluster: string): Promise<PidFile | undefined> {
  let found: PidFile | undefined
  await until(async () => {
    const file = await readPidFile(cluster)
    found = file && (await isServerOf(file.pid, cluster)) ? file : undefined
    return !found || found.ready
  }, survivorPatienceMs)
  return found
}

/** Starts the server and returns its pid when it takes connections, however long it replays its log after a crash. */
export async function startServer(server: Server): Promise<number> {
  const { cluster, dataDir } = server.place
  const end = performance.now() + orphanPatienceMs
  for (;;) {
    const outcome = await tryStart(server)
    if ('pid' in outcome) return outcome.pid
    // Sessions of a killed server that have not noticed its end yet; PostgreSQL itself sees them by their memory.
    const orphans = outcome.reason.includes('still in use')
    if (!orphans || performance.now() > end) {
      throw new DataFolderUnusable(dataDir, `PostgreSQL does not start in ${cluster}: ${outcome.reason}`)
    }
    await sleep(200)
  }
}

/** Fast shutdown: open transactions are rolled back, a checkpoint is written. What does not obey is stopped harder. */
export async function stopServer(pid: number, server: Server, patienceMs = 60_000): Promise<void> {
  const { cluster } = server.place
  if (process.platform === 'win32') return stopWindows(server.binaries.pgCtl, cluster, server.log)
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', patienceMs],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 10_000],
  ]
  for (const [name, patience] of steps) {
    if (stillRuns(pid, cluster)) signal(pid, name)
    if (await until(() => !stillRuns(pid, cluster), patience)) break
    server.log(`PostgreSQL (pid ${pid}) did not end within ${patience / 1000} s of ${name}`)
  }
  await endServersOf(cluster)
}

/** Clears what a killed server leaves: sessions that outlive it, and a pid file whose number may by now be another's. */
export async function clearRemains(cluster: string): Promise<void> {
  await endServersOf(cluster)
  await rm(join(cluster, 'postmaster.pid'), { force: true })
}

async function tryStart(server: Server): Promise<{ pid: number } | { reason: string }> {
  const logFile = join(server.place.dataDir, 'postgres.log')
  const handle = await openLog(logFile)
  const from = await sizeOf(logFile)
  try {
    const failure =
      process.platform === 'win32'
        ? await startWindows(server.binaries.pgCtl, logFile, argumentsOf(server))
        : await spawnServer(server, handle.fd)
    const file = await readPidFile(server.place.cluster)
    if (failure === undefined && file) return { pid: file.pid }
    return { reason: (await lastWords(logFile, from)) || failure || 'it ended at once' }
  } finally {
    await handle.close()
  }
}

/**
 * Starts it in a session of its own: Ctrl-C goes to the whole process group and must not reach the database before our
 * drain does. Resolves with undefined when ready, else with why it ended.
 */
async function spawnServer(server: Server, logFd: number): Promise<string | undefined> {
  const { cluster, account } = server.place
  const child = spawn(server.binaries.postgres, argumentsOf(server), {
    detached: true,
    stdio: ['ignore', logFd, logFd],
    cwd: '/',
    env: serverEnvironment(),
    ...account,
  })
  let ended: string | undefined
  child.once('error', (error) => {
    ended = error.message
  })
  child.once('exit', (code, signalName) => {
    ended = `it ended with ${signalName ?? `code ${code}`}`
  })
  child.unref()
  let nextWord = performance.now() + 10_000
  for (;;) {
    const file = await readPidFile(cluster)
    if (ended !== undefined) return ended
    if (file?.ready && file.pid === child.pid && isAlive(file.pid)) return undefined
    if (performance.now() > nextWord) {
      server.log('PostgreSQL is still starting: it replays its log after a crash')
      nextWord += 10_000
    }
    await sleep(10)
  }
}

function argumentsOf({ place, endpoint, maxConnections }: Server): string[] {
  const settings = { ...serverSettings(maxConnections), ...listenSettings(endpoint) }
  return ['-D', place.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}
