import { copyFile, open, stat, truncate } from 'node:fs/promises'
import { codeOf } from './errors.ts'
import { readText } from './files.ts'

/** The server log and one older file beside it (`.1`); together they stay near twice this size. */
export const logLimitBytes = 8 * 1024 * 1024

const checkEveryMs = 10_000

export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return 0
      throw error
    },
  )
}

/**
 * Moves a log that has grown too large aside. The server keeps the file open for years and appends, so it is copied
 * and emptied, not renamed; a line written in between is lost, which a log of errors can bear.
 */
export async function trimLog(path: string, limitBytes: number): Promise<void> {
  if ((await sizeOf(path)) <= limitBytes) return
  await copyFile(path, `${path}.1`)
  await truncate(path, 0)
}

/** Keeps the log bounded until the returned function is called. */
export function keepLogBounded(path: string, report: (line: string) => void): () => void {
  const timer = setInterval(() => {
    trimLog(path, logLimitBytes).catch((error: Error) => report(`cannot trim ${path}: ${error.message}`))
  }, checkEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Opens the log for a server that appends to it; the caller closes the handle once the server has its own. */
export async function openLog(path: string) {
  await trimLog(path, logLimitBytes)
  return open(path, 'a', 0o600)
}

/** Why a server that ended says it did, in its own words without their prefixes; `from` is a byte offset. */
export async function lastWords(path: string, from: number): Promise<string> {
  const text = Buffer.from((await readText(path)) ?? '')
    .subarray(from)
    .toString()
  const reasons = text
    .split('\n')
    .filter((line) => /(FATAL|PANIC|HINT):|invalid|could not|unrecognized|error/.test(line))
  return reasons
    .slice(-3)
    .map((line) => line.replace(/^.*?(LOG|FATAL|PANIC|HINT):\s*/, ''))
    .join('; ')
}
