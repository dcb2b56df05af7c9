import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Endpoint } from './endpoint.ts'
import { readText, replaceFile } from './files.ts'
import type { Place } from './home.ts'
import { readPidFile } from './pid-file.ts'
import { serverEnvironment } from './settings.ts'

const run = promisify(execFile)

/**
 * A loopback port of the system's choice. Any local user can reach it, so there is a password (scram); it lives in the
 * home, which belongs to the user who starts Souk, and initdb reads it from there.
 */
export async function openLoopback(place: Place, port?: number): Promise<Endpoint> {
  const known = await readText(passwordFile(place))
  const password = known ?? randomBytes(24).toString('hex')
  if (known === undefined) await replaceFile(passwordFile(place), password)
  return { kind: 'loopback', port: port ?? (await freePort()), password }
}

export const passwordFile = (place: Place) => join(place.home, 'password')

/** pg_ctl gives up the rights of an administrator, which the server itself would refuse to run with. */
export async function startWindows(pgCtl: string, logFile: string, args: string[]): Promise<string | undefined> {
  const [, cluster = '', ...options] = args.map((word) =>
    /[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word,
  )
  const words = ['start', '-w', '-t', '600', '-D', cluster, '-l', logFile, '-o', options.join(' ')]
  return run(pgCtl, words, { env: serverEnvironment(), windowsHide: true }).then(
    () => undefined,
    (error: Error) => error.message,
  )
}

export async function stopWindows(pgCtl: string, cluster: string, log: (line: string) => void): Promise<void> {
  if ((await readPidFile(cluster)) === undefined) return
  for (const mode of ['fast', 'immediate']) {
    try {
      await run(pgCtl, ['stop', '-w', '-t', '60', '-m', mode, '-D', cluster], { windowsHide: true })
      return
    } catch (error) {
      log(`pg_ctl stop -m ${mode}: ${(error as Error).message}`)
    }
  }
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
