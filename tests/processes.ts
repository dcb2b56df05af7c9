import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { System } from './system.ts'

export type Process = { pid: number; parent: number; command: string }

/** What runs on this machine. */
const all = (): Process[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 16 * 2 ** 20 })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return pid ? [{ pid: Number(pid), parent: Number(parent), command: command! }] : []
    })

export const childrenOf = (pid: number): Process[] => all().filter(({ parent }) => parent === pid)

/** The processes below the supervisor of `start-services`, by what they host. */
export const membersOf = ({ child }: System): { name: string; pid: number }[] =>
  childrenOf(child.pid!).flatMap(({ pid, command }) => {
    const name = / serve (\w+)$/.exec(command)?.[1]
    return name ? [{ name, pid }] : []
  })

/** How members ended, in the supervisor's words, in order. */
export const endsOf = (system: System): string[] =>
  [...system.output().matchAll(/\(pid \d+\) ended with (\w+); starting it again/g)].map(([, how]) => how!)

/** Whether processes can be seen here at all; a small container may lack the tool. */
export const canSeeProcesses = (): boolean => {
  try {
    return all().some(({ pid }) => pid === process.pid)
  } catch {
    return false
  }
}

/** Processes that were started for a data folder: by their command line, or by their environment where it can be read. */
export const processesOf = async (dataDir: string): Promise<Process[]> => {
  const judged = await Promise.all(
    all().map(async (one) => {
      const environment = await readFile(`/proc/${one.pid}/environ`, 'utf8').catch(() => '')
      return { one, its: one.command.includes(dataDir) || environment.includes(`SOUK_DATA_DIR=${dataDir}\0`) }
    }),
  )
  return judged.flatMap(({ one, its }) => (its ? [one] : []))
}
