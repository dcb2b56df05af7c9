import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Where pictures are kept, by file name. Names are made by us and hold no path. */
export type MediaStore = {
  /** Undefined when there is none. */
  read(name: string): Promise<Buffer | undefined>
  /** The whole file or nothing appears under the name. */
  write(name: string, bytes: Uint8Array): Promise<void>
}

const missing = (error: unknown): undefined => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

/** Pictures as files of one folder, in subfolders by the first two characters. */
export const diskMedia = (folder: string): MediaStore => {
  const shelf = (name: string) => join(folder, name.slice(0, 2))
  return {
    read: (name) => readFile(join(shelf(name), name)).catch(missing),
    write: async (name, bytes) => {
      await mkdir(shelf(name), { recursive: true })
      const draft = join(shelf(name), `.${name}.${randomBytes(6).toString('hex')}`)
      try {
        const file = await open(draft, 'wx')
        try {
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(draft, join(shelf(name), name))
      } finally {
        await rm(draft, { force: true })
      }
    },
  }
}
