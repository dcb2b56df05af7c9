import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { System } from '../system.ts'

const run = promisify(execFile)

export type Member = { name: string; pid: number }

/** The processes below the supervisor of `start-services`, by what they host. */
export const processesOf = async ({ child }: System): Promise<Member[]> => {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,args='])
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s.* serve (\w+)$/.exec(line) ?? []
    return name && Number(parent) === child.pid ? [{ name, pid: Number(pid) }] : []
  })
}

/** How processes of `start-services` ended, in the supervisor's words, in order. */
export const endsOf = (system: System): string[] =>
  [...system.output().matchAll(/\(pid \d+\) ended with (\w+); starting it again/g)].map(([, how]) => how!)
