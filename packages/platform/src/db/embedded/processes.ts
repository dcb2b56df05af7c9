import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { codeOf } from './errors.ts'

const run = promisify(execFile)
const hasProc = process.platform === 'linux' && existsSync('/proc/self/stat')

/** True while the process exists; a zombie that nobody has reaped yet counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
  return procStatus(pid)?.state !== 'Z'
}

/**
 * True when the pid is the PostgreSQL server of this very cluster. A pid alone proves nothing: after a reboot, and in
 * containers all the time, a number from an old `postmaster.pid` belongs to somebody else.
 */
export async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (hasProc) return isProcServerOf(pid, cluster)
  if (!isAlive(pid)) return false
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])
    return stdout.includes('postgres.exe')
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.includes('postgres') && stdout.includes(cluster)
}

/** The same question about a server known to be ours a moment ago, cheap enough to ask all the time. */
export function stillRuns(pid: number, cluster: string): boolean {
  return hasProc ? isProcServerOf(pid, cluster) : isAlive(pid)
}

/** Every PostgreSQL process that works in this cluster, also one since deleted; empty where the system does not tell. */
export function serversOf(cluster: string): number[] {
  if (!hasProc) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => isProcServerOf(pid, cluster))
}

/** Ends whatever PostgreSQL processes still work in this cluster, without a checkpoint: its log has all they committed. */
export async function endServersOf(cluster: string): Promise<void> {
  for (const name of ['SIGQUIT', 'SIGKILL'] as const) {
    for (const pid of serversOf(cluster)) signal(pid, name)
    if (await until(() => serversOf(cluster).length === 0, 5_000, 20)) return
  }
}

/** Sends a signal; a process that has just gone is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

/** Asks every `everyMs` until the answer is yes; false when `patienceMs` ran out first. */
export async function until(
  question: () => boolean | Promise<boolean>,
  patienceMs: number,
  everyMs = 10,
): Promise<boolean> {
  const end = performance.now() + patienceMs
  while (!(await question())) {
    if (performance.now() > end) return false
    await sleep(everyMs)
  }
  return true
}

function isProcServerOf(pid: number, cluster: string): boolean {
  const status = procStatus(pid)
  if (status?.name !== 'postgres' || status.state === 'Z') return false
  try {
    return [cluster, `${cluster} (deleted)`].includes(readlinkSync(`/proc/${pid}/cwd`))
  } catch {
    // Root in a container usually may not trace, and the working folder counts as tracing. The command line is open.
    return procText(pid, 'cmdline')?.split('\0').includes(cluster) ?? false
  }
}

function procStatus(pid: number): { name: string; state: string } | undefined {
  // "123 (name, which may hold any character) S …"
  const text = procText(pid, 'stat')
  const end = text?.lastIndexOf(')') ?? -1
  if (text === undefined || end < 0) return undefined
  return { name: text.slice(text.indexOf('(') + 1, end), state: text.charAt(end + 2) }
}

function procText(pid: number, file: string): string | undefined {
  if (!hasProc) return undefined
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
