import { createHash } from 'node:crypto'

/** Ids under which a root process runs the database server. */
export type Account = { uid: number; gid: number }

const preferred = ['souk', 'postgres', '_postgres', 'nobody']
// The registry of id ranges leaves these to nobody: below the dynamic users, above people and home services.
const privateGids = { first: 60_706, count: 478 }

/**
 * Picks who runs the server when we are root, because PostgreSQL refuses to be root: an account made for Souk, else the
 * one made for PostgreSQL (macOS spells it with a line before), else `nobody`. initdb insists on a name in the passwd file, so a bare number will not do.
 *
 * All but the first are shared with other programs, so the uid alone must not open the database. The group is therefore
 * never the account's own but a number that belongs to this data folder alone: the folders around cluster and socket
 * are root's and passable only for that group (and a differing group also bars other processes of the same uid from
 * tracing the server). What a stranger with the same uid can still do is stop the server, which is then restarted.
 */
export function chooseAccount(passwd: string, group: string, dataDir: string): Account | undefined {
  const uids = numbersByName(passwd)
  const uid = preferred.map((name) => uids.get(name)).find((found) => found !== undefined && found > 0)
  return uid === undefined ? undefined : { uid, gid: privateGid(new Set(numbersByName(group).values()), dataDir) }
}

/** A short, stable name for a path; used where a path itself would be too long or too telling. */
export function nameOfPath(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16)
}

function privateGid(taken: Set<number>, dataDir: string): number {
  const start = Number.parseInt(nameOfPath(dataDir).slice(0, 8), 16)
  for (let step = 0; step < privateGids.count; step += 1) {
    const gid = privateGids.first + ((start + step) % privateGids.count)
    if (!taken.has(gid)) return gid
  }
  return privateGids.first
}

/** name → id of lines such as `postgres:x:101:104:…`; the same column in the passwd and group files. */
function numbersByName(text: string): Map<string, number> {
  const rows = text.split('\n').map((line) => line.split(':'))
  return new Map(rows.filter((row) => /^\d+$/.test(row[2] ?? '')).map((row) => [row[0] ?? '', Number(row[2])]))
}
