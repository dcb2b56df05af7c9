import { type ChildProcess, spawn } from 'node:child_process'
import { main } from './system.ts'

export type Ended = { code: number | null; stdout: string; stderr: string }

/** Resolves when the process has ended and said everything. */
export const finished = (child: ChildProcess): Promise<Ended> => {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** `souk <args>` to its end, as somebody would type it. */
export const souk = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  finished(spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }))
