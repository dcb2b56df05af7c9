/** Who holds a data folder; `since` is RFC 3339. */
export type LockOwner = { pid: number; host: string; since: string }

/** Another process holds the data folder. `ownerPid` is undefined only where the owner could not be read. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse'
  readonly dataDir: string
  readonly ownerPid: number | undefined
  readonly ownerHost: string | undefined
  readonly ownerSince: string | undefined

  constructor(dataDir: string, owner: LockOwner | undefined) {
    const who = owner ? `process ${owner.pid} on ${owner.host} since ${owner.since}` : 'another process'
    super(`The data folder ${dataDir} is in use by ${who}. Stop that process or choose another data folder.`)
    this.dataDir = dataDir
    this.ownerPid = owner?.pid
    this.ownerHost = owner?.host
    this.ownerSince = owner?.since
  }
}

/** The database cannot live in this data folder; the message says why and what to do. */
export class DataFolderUnusable extends Error {
  override readonly name = 'DataFolderUnusable'
  readonly dataDir: string

  constructor(dataDir: string, reason: string, cause?: unknown) {
    super(`The data folder ${dataDir} cannot hold the database: ${reason}`, { cause })
    this.dataDir = dataDir
  }
}

/** There is no PostgreSQL for this machine in `node_modules`; `DATABASE_URL` still works. */
export class BinariesMissing extends Error {
  override readonly name = 'BinariesMissing'
}

/** The `code` of a Node, SQLite or PostgreSQL error; undefined for everything else. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

const folderCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST', 'ELOOP', 'EINVAL'])

/** Turns what the file system refused into a sentence about the folder; other errors pass unchanged. */
export function asFolderError(dataDir: string, error: unknown): unknown {
  if (error instanceof DataFolderUnusable || !folderCodes.has(codeOf(error) ?? '')) return error
  return new DataFolderUnusable(dataDir, `${(error as Error).message}.`, error)
}
