import { join } from 'node:path'
import { readText } from './files.ts'

/** What a server has written about itself; `socketFolder` is empty for one that has no socket. */
export type PidFile = { pid: number; port: number; socketFolder: string; ready: boolean }

/** The `postmaster.pid` of a server, running or dead; undefined where there is none that names a process. */
export async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const lines = (await readText(join(cluster, 'postmaster.pid')))?.split('\n') ?? []
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3]), socketFolder: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' }
}
