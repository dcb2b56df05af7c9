import { execFile } from 'node:child_process'
import { chown, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { DataFolderUnusable } from './errors.ts'
import { exists, syncFolder } from './files.ts'
import type { Place } from './home.ts'
import { serverEnvironment } from './settings.ts'
import { passwordFile } from './windows.ts'

const run = promisify(execFile)
const freshPrefix = 'cluster.new-'

/**
 * Makes the cluster if there is none; true when it did. It is built beside its place and renamed when complete, so a
 * kill in the middle leaves something that the next start throws away, never half a cluster.
 */
export async function ensureCluster(place: Place, binaries: Binaries): Promise<boolean> {
  await removeUnfinished(place.home)
  if (await exists(place.cluster)) {
    await checkMajor(place, binaries)
    return false
  }
  const fresh = await mkdtemp(join(place.home, freshPrefix))
  if (place.account) await chown(fresh, place.account.uid, place.account.gid)
  await runInitdb(fresh, place, binaries)
  await rename(fresh, place.cluster)
  await syncFolder(place.home)
  return true
}

/** An initdb that outlived its parent may still be writing; what it keeps us from removing, a later start removes. */
async function removeUnfinished(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(freshPrefix)) continue
    await rm(join(home, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
  }
}

async function runInitdb(folder: string, place: Place, binaries: Binaries): Promise<void> {
  const args = ['-D', folder, '--username=souk', '--encoding=UTF8', '--no-instructions', ...localeArguments()]
  args.push(...(await authArguments(place)))
  try {
    await run(binaries.initdb, args, { cwd: '/', env: serverEnvironment(), ...place.account })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    const said = (error as { stderr?: string }).stderr?.trim().split('\n') ?? []
    const reason = said.filter((line) => /error|FATAL|could not|DETAIL/.test(line)).join(' ')
    throw new DataFolderUnusable(place.dataDir, `initdb failed: ${reason || (error as Error).message}`, error)
  }
}

/**
 * One order of text on every machine, whatever its C library: PostgreSQL's own C.UTF-8. The C library's character
 * classes are still what pg_trgm asks, and under plain C it would not see Chinese at all; macOS and Windows know them
 * by another name.
 */
function localeArguments(): string[] {
  const classes = process.platform === 'linux' ? 'C.UTF-8' : 'en_US.UTF-8'
  return ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', `--lc-ctype=${classes}`]
}

/**
 * `trust` is right for the socket, because only we and the server's account can pass the folder it lies in. A loopback
 * port is open to every local user and takes the password.
 */
async function authArguments(place: Place): Promise<string[]> {
  if (process.platform !== 'win32') return ['--auth-local=trust', '--auth-host=reject']
  return ['--auth=scram-sha-256', `--pwfile=${await passwordFile(place)}`]
}

async function checkMajor(place: Place, binaries: Binaries): Promise<void> {
  const major = (await readFile(join(place.cluster, 'PG_VERSION'), 'utf8')).trim()
  if (binaries.version.split('.')[0] === major) return
  const reason = `PostgreSQL ${major} wrote it, and this Souk brings ${binaries.version}. Dump it with the old Souk.`
  throw new DataFolderUnusable(place.dataDir, reason)
}
