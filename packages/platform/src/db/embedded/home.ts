import { execFile } from 'node:child_process'
import { access, chmod, chown, constants, cp, lstat, mkdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Account, chooseAccount, nameOfPath } from './account.ts'
import { codeOf, DataFolderUnusable } from './errors.ts'
import { exists, giveTree, readText, replaceFile, syncFolder } from './files.ts'
import { readPidFile } from './pid-file.ts'
import { endServersOf, isServerOf } from './processes.ts'

/** Where a cluster lives: `home` holds cluster, socket and perhaps a copy of the programs; no account: run as we are. */
export type Place = { dataDir: string; home: string; cluster: string; account: Account | undefined }

const run = promisify(execFile)
const elsewhere = '/var/lib/souk'

/** Makes the data folder if need be and returns its real path; refuses one that we cannot write. */
export async function openDataFolder(path: string): Promise<string> {
  const wanted = resolve(path)
  try {
    // Only the folder itself is private: root's server account must pass the ones above it.
    await mkdir(dirname(wanted), { recursive: true })
    await mkdir(wanted, { recursive: true, mode: 0o700 })
    await access(wanted, constants.R_OK | constants.W_OK | constants.X_OK)
    return await realpath(wanted)
  } catch (error) {
    const code = codeOf(error) ?? ''
    if (code === 'EEXIST' || code === 'ENOTDIR') throw new DataFolderUnusable(wanted, 'it is not a folder.', error)
    const who = process.geteuid ? `user ${process.geteuid()}` : 'this user'
    throw new DataFolderUnusable(wanted, `${who} cannot write there (${code}).`, error)
  }
}

/**
 * Finds or prepares the home of the cluster. It is `<data folder>/postgres`, except where root's server account cannot
 * enter the path (below /root, say): then it is a folder under /var/lib/souk, and `database.location` points to it.
 */
export async function placeFor(dataDir: string, log: (line: string) => void): Promise<Place> {
  const inside = join(dataDir, 'postgres')
  const home = (await readPointer(dataDir)) ?? inside
  if (process.geteuid?.() !== 0) {
    if (home === inside) await makePrivate(home, undefined)
    return demandCluster({ dataDir, home, cluster: join(home, 'cluster'), account: undefined })
  }
  const account = await accountFor(dataDir, join(home, 'cluster'))
  const place = { dataDir, home, cluster: join(home, 'cluster'), account }
  // A server that already runs in there has proved that it can, whatever became of the path since.
  const running = await readPidFile(place.cluster)
  if (running && (await isServerOf(running.pid, place.cluster))) return place
  if (home !== inside) return demandCluster(await finishMove(place, inside))
  await letThrough(dataDir, account)
  if (!(await canEnter(dataDir, account))) return moveOut(place, log)
  // A plain user who started here before keeps his folder, so that both of them can start again.
  if (!(await exists(place.cluster)) || (await stat(home)).uid === 0) await makePrivate(home, account)
  return handOver(place)
}

/** Makes `database.location` say where the home is; only once there is a cluster, so that it never points to nothing. */
export async function rememberPlace({ dataDir, home }: Place): Promise<void> {
  if (home !== join(dataDir, 'postgres')) await replaceFile(pointerOf(dataDir), home)
}

/** Root's folder, passable for the server's group only; our own folder, for us only, when we are not root. */
export async function makePrivate(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!account) return
  await chown(folder, 0, account.gid)
  await chmod(folder, 0o710)
}

const pointerOf = (dataDir: string) => join(dataDir, 'database.location')

async function readPointer(dataDir: string): Promise<string | undefined> {
  const home = await readText(pointerOf(dataDir))
  if (home === undefined || dirname(home) === elsewhere) return home
  throw new DataFolderUnusable(dataDir, `${pointerOf(dataDir)} names ${home}, which is not in ${elsewhere}.`)
}

/** Whoever owns an existing cluster keeps it; it needs no name, only a new cluster does. */
async function accountFor(dataDir: string, cluster: string): Promise<Account> {
  const owner = (await exists(cluster)) ? await stat(cluster) : undefined
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const account = chooseAccount((await readText('/etc/passwd')) ?? '', (await readText('/etc/group')) ?? '', dataDir)
  if (account) return account
  const advice = 'Create a user named souk, start Souk as a plain user, or set DATABASE_URL.'
  throw new DataFolderUnusable(dataDir, `PostgreSQL refuses to run as root and there is no plain account. ${advice}`)
}

/** A folder that only root may enter becomes passable (not listable) for the server's group, and for nobody else. */
async function letThrough(dataDir: string, account: Account): Promise<void> {
  const { uid, gid, mode } = await stat(dataDir)
  if (uid !== 0 || gid !== 0 || (mode & 0o001) !== 0) return
  await chown(dataDir, 0, account.gid)
  await chmod(dataDir, (mode & 0o7707) | 0o010)
}

async function canEnter(folder: string, account: Account): Promise<boolean> {
  try {
    // Asked by the account itself, because mode bits know nothing of access lists, mounts and security modules.
    await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { cwd: '/', env: {}, ...account })
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) return false
    const reason = `root may not start programs as user ${account.uid} here (${code}), and PostgreSQL refuses to be root.`
    throw new DataFolderUnusable(folder, `${reason} Start Souk as a plain user or set DATABASE_URL.`, error)
  }
}

async function moveOut(place: Place, log: (line: string) => void): Promise<Place> {
  const home = join(elsewhere, nameOfPath(place.dataDir))
  const account = place.account as Account
  await mkdir(elsewhere, { recursive: true, mode: 0o755 })
  const base = await lstat(elsewhere)
  if (!base.isDirectory() || base.uid !== 0) {
    throw new DataFolderUnusable(place.dataDir, `user ${account.uid} cannot enter it, and ${elsewhere} is not root's.`)
  }
  const moved = { ...place, home, cluster: join(home, 'cluster') }
  if (await exists(moved.cluster)) {
    // No pointer leads here: the data folder of this cluster was deleted. Starting empty is what its owner asked for,
    // but he may not have known that his data is elsewhere, so the last one is kept.
    await endServersOf(moved.cluster)
    await rm(`${home}.left`, { recursive: true, force: true })
    await rename(home, `${home}.left`)
    log(`the database of a deleted ${place.dataDir} was set aside as ${home}.left`)
  }
  await makePrivate(home, account)
  if (!(await canEnter(home, account))) {
    throw new DataFolderUnusable(place.dataDir, `user ${account.uid} can enter neither it nor ${home}.`)
  }
  log(`user ${account.uid} cannot enter ${place.dataDir}, so the database lives in ${home}`)
  if (!(await exists(place.cluster))) return moved
  await rememberPlace(moved)
  return finishMove(moved, place.home)
}

/** Brings a cluster that lies in the data folder to its new home; begun again if a kill came between. */
async function finishMove(place: Place, inside: string): Promise<Place> {
  const source = join(inside, 'cluster')
  if ((await exists(place.cluster)) || !(await exists(source))) return handOver(place)
  await rename(source, place.cluster).catch(async (error: unknown) => {
    if (codeOf(error) !== 'EXDEV') throw error
    const fresh = join(place.home, 'cluster.moved')
    await rm(fresh, { recursive: true, force: true })
    await cp(source, fresh, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    await rename(fresh, place.cluster)
    await syncFolder(place.home)
    await rm(source, { recursive: true })
  })
  return handOver(place)
}

/** A cluster that belongs to root (restored from a backup, or copied by us) is given to the server's account. */
async function handOver(place: Place): Promise<Place> {
  if (place.account && (await exists(place.cluster)) && (await stat(place.cluster)).uid === 0) {
    await giveTree(place.cluster, place.account)
  }
  return place
}

async function demandCluster(place: Place): Promise<Place> {
  if (place.home === join(place.dataDir, 'postgres') || (await exists(place.cluster))) return place
  const reason = `${pointerOf(place.dataDir)} says that the database is in ${place.home}, and it is not there.`
  throw new DataFolderUnusable(place.dataDir, `${reason} Bring it back, or delete that file to start empty.`)
}
