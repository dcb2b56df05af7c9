import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Endpoint } from './endpoint.ts'
import { exists, readText, replaceFile } from './files.ts'
import type { Place } from './home.ts'
import { readPidFile } from './pid-file.ts'
import { serverEnvironment } from './settings.ts'

/** A loopback port of the system's choice, or the one on which a survivor listens. */
export async function openLoopback(place: Place, port?: number): Promise<Endpoint> {
  const password = (await readText(await passwordFile(place))) ?? ''
  return { kind: 'loopback', port: port ?? (await freePort()), password }
}

/**
 * Any local user can reach a loopback port, so there is a password (scram). It lives in the home, which belongs to the
 * user who starts Souk; initdb reads it from there.
 */
export async function passwordFile(place: Place): Promise<string> {
  const path = join(place.home, 'password')
  if (!(await exists(path))) await replaceFile(path, randomBytes(24).toString('hex'))
  return path
}

/** pg_ctl gives up the rights of an administrator, with which the server itself would refuse to run. */
export async function startWindows(pgCtl: string, logFile: string, args: string[]): Promise<string | undefined> {
  const [, cluster = '', ...options] = args
  const quoted = options.map((word) => (/[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word))
  const code = await pgControl(pgCtl, [
    'start',
    '-w',
    '-t',
    '600',
    '-D',
    cluster,
    '-l',
    logFile,
    '-o',
    quoted.join(' '),
  ])
  return code === 0 ? undefined : `pg_ctl start ended with code ${code}`
}

export async function stopWindows(pgCtl: string, cluster: string, log: (line: string) => void): Promise<void> {
  if ((await readPidFile(cluster)) === undefined) return
  for (const mode of ['fast', 'immediate']) {
    const code = await pgControl(pgCtl, ['stop', '-w', '-t', '60', '-m', mode, '-D', cluster])
    if (code === 0) return
    log(`pg_ctl stop -m ${mode} ended with code ${code}`)
  }
}

/** Without pipes: the server would inherit and keep them. Detached and hidden, so that Ctrl-C does not reach it. */
async function pgControl(pgCtl: string, args: string[]): Promise<number | null> {
  const child = spawn(pgCtl, args, { env: serverEnvironment(), stdio: 'ignore', detached: true, windowsHide: true })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no loopback port')
  return address.port
}
