import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'

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
