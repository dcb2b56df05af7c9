import { chown, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Account, nameOfPath } from './account.ts'
import { codeOf } from './errors.ts'
import { exists } from './files.ts'
import { makePrivate, type Place } from './home.ts'

/** How clients reach the server: a socket in a folder closed to others, or on Windows a loopback port with a password. */
export type Endpoint = { kind: 'socket'; folder: string } | { kind: 'loopback'; port: number; password: string }

const socketPort = 5432
// What fits into a socket address, its closing NUL not counted: 104 bytes on BSD and macOS, 108 on Linux.
const longestSocketPath = process.platform === 'linux' ? 107 : 103

/** The address in the form that `pg` and libpq take. The port is spelled out, else `PGPORT` would decide it. */
export function urlOf(endpoint: Endpoint, database: string): string {
  if (endpoint.kind === 'socket') {
    return `postgresql://souk@localhost:${socketPort}/${database}?host=${encodeURIComponent(endpoint.folder)}`
  }
  return `postgresql://souk:${endpoint.password}@127.0.0.1:${endpoint.port}/${database}`
}

/** The server settings that make it listen there and nowhere else. */
export function listenSettings(endpoint: Endpoint): Record<string, string> {
  if (endpoint.kind === 'loopback') return { listen_addresses: '127.0.0.1', port: String(endpoint.port) }
  return {
    listen_addresses: '',
    // A list: without quotes a comma in the path would end the name.
    unix_socket_directories: `"${endpoint.folder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    port: String(socketPort),
  }
}

/**
 * Makes the folder for the socket: in the home, or where that path is too long for a socket address, in a short folder
 * below /tmp. It is the server account's with mode 0700, inside a folder that only we and the server can pass.
 */
export async function openSocketFolder({ home, account }: Place): Promise<Endpoint> {
  const inside = join(home, 'socket')
  const fits = Buffer.byteLength(socketIn(inside)) <= longestSocketPath
  const endpoint: Endpoint = { kind: 'socket', folder: fits ? inside : join(await openShortFolder(home, account), 's') }
  await renewSocketFolder(endpoint, account)
  return endpoint
}

/** No server runs when this is called, so whatever lies in the folder is what a killed one left, locks included. */
export async function renewSocketFolder(endpoint: Endpoint, account: Account | undefined): Promise<void> {
  if (endpoint.kind !== 'socket') return
  await rm(endpoint.folder, { recursive: true, force: true })
  // Cleaners of /tmp may have taken the outer folder as well.
  if (!(await exists(dirname(endpoint.folder)))) await makePrivate(dirname(endpoint.folder), account)
  await mkdir(endpoint.folder, { mode: 0o700 })
  if (account) await chown(endpoint.folder, account.uid, account.gid)
}

/** Removes what `openSocketFolder` made. */
export async function closeSocketFolder(endpoint: Endpoint, { home }: Place): Promise<void> {
  if (endpoint.kind !== 'socket') return
  const outer = dirname(endpoint.folder)
  await rm(outer === home ? endpoint.folder : outer, { recursive: true, force: true })
}

/**
 * True for a folder that `openSocketFolder` can have made. A survivor's folder is read from a file that the server's
 * account can write, and root removes and makes such folders: no other path may pass.
 */
export function isSocketFolder(folder: string, { home }: Place): boolean {
  return folder === join(home, 'socket') || /^\/tmp\/souk-\w+\/s$/.test(folder)
}

const socketIn = (folder: string) => join(folder, `.s.PGSQL.${socketPort}`)

/** The name is predictable, so that a crash leaves one folder and not many; a stranger's folder of that name is not used. */
async function openShortFolder(home: string, account: Account | undefined): Promise<string> {
  const usual = `/tmp/souk-${nameOfPath(home)}`
  const folder = (await isOurs(usual)) ? usual : await mkdtemp('/tmp/souk-')
  await makePrivate(folder, account)
  return folder
}

async function isOurs(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    const found = await lstat(folder)
    return found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 0o067) === 0
  }
}
