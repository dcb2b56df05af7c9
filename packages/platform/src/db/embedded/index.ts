import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findBinaries } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { askServer, ensureDatabase } from './database.ts'
import {
  closeSocketFolder,
  type Endpoint,
  isSocketFolder,
  openSocketFolder,
  renewSocketFolder,
  urlOf,
} from './endpoint.ts'
import { asFolderError } from './errors.ts'
import { replaceFile } from './files.ts'
import { openDataFolder, type Place, placeFor, rememberPlace } from './home.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { keepLogBounded } from './log-file.ts'
import type { PidFile } from './pid-file.ts'
import { clearRemains, findSurvivor, type Server, startServer, stopServer } from './postmaster.ts'
import { stillRuns } from './processes.ts'
import { supervise } from './supervise.ts'
import { openLoopback } from './windows.ts'

export { BinariesMissing, DataFolderInUse, DataFolderUnusable } from './errors.ts'

/** `maxConnections` is the server's limit (100 if not given); `log` gets one line per event of note, without a time. */
export type EmbeddedOptions = { dataDir: string; maxConnections?: number; log?: (line: string) => void }

export type EmbeddedServer = {
  /** For `pg` and libpq; the same text is in `<dataDir>/database.url`. It stays valid when the server is restarted. */
  readonly url: string
  /** The server process as it is now: one that crashed is started again under a new pid. */
  readonly pid: number
  /** True when a server that survived an earlier process was taken over. */
  readonly adopted: boolean
  /** True when this start made the cluster. */
  readonly initialised: boolean
  /** Fast shutdown; resolves when the server has ended and the data folder is free. May be called again. */
  stop(): Promise<void>
}

const hungPatienceMs = 3_000

/**
 * Starts the PostgreSQL that lives in a data folder, or takes over the one that is still running there. The folder is
 * this process's own until `stop`. A process that ends without `stop`, by whatever means, leaves the server running and
 * the folder free; the next start adopts it.
 *
 * @throws DataFolderInUse when another process (or this one, earlier) holds the folder
 * @throws DataFolderUnusable when no database can run there; the message says why
 * @throws BinariesMissing when there is no PostgreSQL for this machine
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = await openDataFolder(options.dataDir)
  const locks: FolderLock[] = [await lockFolder(dataDir)]
  const release = async () => {
    for (const lock of locks.toReversed()) await lock.release()
  }
  try {
    const log = options.log ?? (() => undefined)
    const place = await placeFor(dataDir, log)
    // A copied data folder still points to the first one's home.
    if (place.home !== join(dataDir, 'postgres')) locks.push(await lockFolder(place.home))
    return await run(place, options.maxConnections ?? 100, log, release)
  } catch (error) {
    await release()
    throw asFolderError(dataDir, error)
  }
}

async function run(
  place: Place,
  maxConnections: number,
  log: (line: string) => void,
  release: () => Promise<void>,
): Promise<EmbeddedServer> {
  const binaries = await findBinaries(place.home, place.account)
  const initialised = await ensureCluster(place, binaries)
  await rememberPlace(place)
  const wanted = { place, binaries, maxConnections, log }
  const adopted = await adopt(wanted)
  const server = adopted?.server ?? { ...wanted, endpoint: await openEndpoint(place) }
  const pid = adopted?.pid ?? (await startServer(server))
  try {
    await ensureDatabase(server.endpoint)
    await replaceFile(urlFile(place), urlOf(server.endpoint, 'souk'))
  } catch (error) {
    await stopServer(pid, server)
    throw error
  }
  log(`PostgreSQL ${binaries.version} ${adopted ? 'was still running and is taken over' : 'started'} (pid ${pid})`)
  return present(server, pid, { adopted: adopted !== undefined, initialised }, release)
}

/** Takes over a survivor that answers and suits; any other is stopped, because two servers cannot share a cluster. */
async function adopt(wanted: Omit<Server, 'endpoint'>): Promise<{ pid: number; server: Server } | undefined> {
  const { place, binaries, maxConnections, log } = wanted
  const survivor = await findSurvivor(place.cluster)
  if (survivor) {
    const endpoint = await openEndpoint(place, survivor)
    const server = { ...wanted, endpoint }
    const facts = await askServer(endpoint)
    if (facts && facts.version === binaries.version && facts.maxConnections >= maxConnections) {
      return { pid: survivor.pid, server }
    }
    log(`PostgreSQL (pid ${survivor.pid}) was still running but ${facts ? 'has old settings' : 'does not answer'}`)
    await stopServer(survivor.pid, server, facts ? undefined : hungPatienceMs)
    await closeSocketFolder(endpoint, place)
  }
  await clearRemains(place.cluster)
  return undefined
}

function present(
  server: Server,
  firstPid: number,
  start: { adopted: boolean; initialised: boolean },
  release: () => Promise<void>,
): EmbeddedServer {
  const { place, endpoint, log } = server
  const endLogCare = keepLogBounded(join(place.dataDir, 'postgres.log'), log)
  const isRunning = (pid: number) => stillRuns(pid, place.cluster)
  const supervised = supervise(firstPid, isRunning, () => startAgain(server), log)
  let stopped: Promise<void> | undefined

  const stop = async () => {
    try {
      await supervised.release()
      await rm(urlFile(place), { force: true })
      await stopServer(supervised.pid(), server)
      await closeSocketFolder(endpoint, place)
      log('PostgreSQL stopped')
    } finally {
      endLogCare()
      await release()
    }
  }
  return {
    url: urlOf(endpoint, 'souk'),
    get pid() {
      return supervised.pid()
    },
    ...start,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** After a crash: the same cluster at the same address. */
async function startAgain(server: Server): Promise<number> {
  await clearRemains(server.place.cluster)
  await renewSocketFolder(server.endpoint, server.place.account)
  return startServer(server)
}

/** Where a new server is to listen, or where a survivor does. */
async function openEndpoint(place: Place, survivor?: PidFile): Promise<Endpoint> {
  if (process.platform === 'win32') return openLoopback(place, survivor?.port)
  if (survivor && isSocketFolder(survivor.socketFolder, place)) return { kind: 'socket', folder: survivor.socketFolder }
  return openSocketFolder(place)
}

const urlFile = (place: Place) => join(place.dataDir, 'database.url')
