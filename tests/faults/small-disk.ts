import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type SmallDisk = { folder: string; unmount(): Promise<void> }

/** A file system of its own, so small that it can be filled; a reason in words where that is not allowed. */
export const mountSmall = async (megabytes: number): Promise<SmallDisk | string> => {
  if (process.platform !== 'linux') return 'needs Linux'
  if (process.getuid?.() !== 0) return 'needs root, to mount a small file system'
  const folder = await mkdtemp(join(tmpdir(), 'souk-small-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder])
  } catch (error) {
    await rm(folder, { recursive: true })
    return `may not mount: ${error instanceof Error ? error.message.split('\n')[0] : error}`
  }
  return {
    folder,
    unmount: async () => {
      await run('umount', [folder])
      await rm(folder, { recursive: true })
    },
  }
}

/** Takes all the space that is left; the answer gives it back. */
export const fillUp = async (folder: string): Promise<() => Promise<void>> => {
  const path = join(folder, 'ballast')
  const file = await open(path, 'w')
  const isFull = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error
    return { bytesWritten: 0 }
  }
  for (let size = 1 << 20; size >= 512; ) {
    const { bytesWritten } = await file.write(Buffer.alloc(size)).catch(isFull)
    if (bytesWritten === 0) size >>= 1
  }
  await file.close()
  return () => rm(path)
}
