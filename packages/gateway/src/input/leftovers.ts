import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorText, type Log } from '@souk/platform'
import { uploadSuffix } from './upload.ts'

type Options = {
  folder: string
  /** Longer than any upload is read and worked on, in milliseconds. */
  olderThanMs: number
  log: Log
}

const isOlder = async (path: string, time: number): Promise<boolean> => {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && found.mtimeMs < time
}

/**
 * Deletes uploads that nobody can be working on any more: a process that is killed leaves its own behind. Several
 * processes may share the folder. Never fails: what cannot be deleted now is tried again.
 */
export const dropLeftovers = async ({ folder, olderThanMs, log }: Options): Promise<void> => {
  try {
    for (const name of await readdir(folder)) {
      const path = join(folder, name)
      if (name.endsWith(uploadSuffix) && (await isOlder(path, Date.now() - olderThanMs)))
        await rm(path, { force: true })
    }
  } catch (error) {
    log.warn('uploads that were left behind could not be deleted', { error: errorText(error) })
  }
}
