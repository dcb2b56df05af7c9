import { chmodSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { DataFolderInUse, DataFolderUnusable, type LockOwner } from './errors.ts'
import { readText, replaceFile } from './files.ts'
import { isAlive } from './processes.ts'

export type FolderLock = { release(): Promise<void> }

const SQLITE_BUSY = 5

/**
 * Takes the folder for this process or throws `DataFolderInUse`.
 *
 * Node has no file lock of its own; the SQLite that ships inside it does, and an open exclusive transaction is exactly
 * that lock. The kernel drops it however the process ends, so nothing can be stale and no pid has to be guessed at; it
 * also holds between containers that share a volume, where pids mean nothing. `owner.json` only serves the message.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const ownerFile = join(folder, 'owner.json')
  for (let tries = 0; ; tries += 1) {
    const held = tryLock(folder)
    if (held) {
      const owner: LockOwner = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
      await replaceFile(ownerFile, JSON.stringify(owner)).catch((error: unknown) => {
        held.close()
        throw error
      })
      return releasing(held, ownerFile)
    }
    // A winner that has not signed yet, or one that is just leaving, is worth a second look before we name anyone.
    const owner = parseOwner(await readText(ownerFile))
    if (owner && isPresent(owner)) throw new DataFolderInUse(folder, owner)
    if (tries === 50) throw new DataFolderInUse(folder, undefined)
    await sleep(20)
  }
}

function tryLock(folder: string): DatabaseSync | undefined {
  const path = join(folder, 'lock')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    database.exec('begin exclusive')
    chmodSync(path, 0o600)
    return database
  } catch (error) {
    database?.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw new DataFolderUnusable(folder, `its lock file cannot be locked (${(error as Error).message}).`, error)
  }
}

function releasing(held: DatabaseSync, ownerFile: string): FolderLock {
  let released: Promise<void> | undefined
  return {
    release: () => {
      released ??= rm(ownerFile, { force: true }).finally(() => held.close())
      return released
    },
  }
}

function parseOwner(text: string | undefined): LockOwner | undefined {
  if (text === undefined) return undefined
  const { pid, host, since } = JSON.parse(text) as Partial<LockOwner>
  return typeof pid === 'number' && typeof host === 'string' ? { pid, host, since: String(since) } : undefined
}

/** A pid can only be checked on its own host; elsewhere the kernel's word, that somebody holds the lock, is enough. */
function isPresent(owner: LockOwner): boolean {
  return owner.host !== hostname() || isAlive(owner.pid)
}
