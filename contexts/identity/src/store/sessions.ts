import { isId } from '@souk/kernel'
import { empty, type Query, type Sql, sql, type Tx } from '@souk/platform'
import type { Account } from '../domain/account.ts'
import type { PresentedToken } from '../domain/refresh.ts'
import { type AccountRow, accountColumns, accountFromRow } from './accounts.ts'

export type NewSession = {
  id: string
  userId: string
  device: string
  address: string
  tokenHash: Buffer
  rotationKey: Buffer
  idleMs: number
  stepUpMs: number
}

export type SessionRow = { id: string; device: string; address: string; created_at: Date; last_seen_at: Date }

export type LockedToken = { presented: NonNullable<PresentedToken>; sessionId: string; rotationKey: Buffer; now: Date }

type LockedRow = {
  id: string
  rotation_key: Buffer
  rotated_at: Date | null
  revoked_at: Date | null
  expires_at: Date
  now: Date
}

export type Sessions = ReturnType<typeof createSessions>

const after = (ms: number): Sql => sql`now() + make_interval(secs => ${ms / 1000}::float8)`
const ago = (ms: number): Sql => sql`now() - make_interval(secs => ${ms / 1000}::float8)`

/** Sessions removed at once: each may take thousands of tokens along. */
const sweep = 20

export const createSessions = (schema: Sql) => {
  const table = sql`${schema}.session`
  const tokens = sql`${schema}.refresh_token`
  const accounts = sql`${schema}.account`
  const isLive = sql`revoked_at is null and expires_at > now()`

  return {
    /** Signs in: undefined when the account is not active any more. The roles answered are those at this moment. */
    open: async (tx: Tx, s: NewSession): Promise<Account | undefined> => {
      const row = await tx.one<AccountRow>(sql`
        with owner as (select ${accountColumns} from ${accounts} where id = ${s.userId} and status = 'ACTIVE' for share),
        opened as (
          insert into ${table} (id, user_id, device, address, rotation_key, expires_at, stepped_up_until)
          select ${s.id}::uuid, id, ${s.device}, ${s.address}, ${s.rotationKey}::bytea, ${after(s.idleMs)}, ${after(s.stepUpMs)} from owner returning id),
        first as (insert into ${tokens} (hash, session_id) select ${s.tokenHash}::bytea, id from opened)
        select ${accountColumns} from owner`)
      return row && accountFromRow(row)
    },

    /** Whose token this is, without a lock. */
    ownerOf: (q: Query, tokenHash: Buffer) =>
      q.one<{ session_id: string; user_id: string }>(
        sql`select s.id as session_id, s.user_id from ${tokens} t join ${table} s on s.id = t.session_id where t.hash = ${tokenHash}`,
      ),

    /** The token and its session, held until the transaction ends; times are the database's. */
    lockToken: async (tx: Tx, tokenHash: Buffer, accountActive: boolean): Promise<LockedToken | undefined> => {
      const row = await tx.one<LockedRow>(sql`
        select s.id, s.rotation_key, s.revoked_at, s.expires_at, t.rotated_at, now() as now
        from ${tokens} t join ${table} s on s.id = t.session_id where t.hash = ${tokenHash} for update of s, t`)
      return (
        row && {
          sessionId: row.id,
          rotationKey: row.rotation_key,
          now: row.now,
          presented: {
            rotatedAt: row.rotated_at ?? undefined,
            revokedAt: row.revoked_at ?? undefined,
            expiresAt: row.expires_at,
            accountActive,
          },
        }
      )
    },

    rotate: async (
      tx: Tx,
      change: { sessionId: string; hash: Buffer; successor: Buffer; address: string; idleMs: number },
    ) => {
      await tx.run(sql`
        with spent as (update ${tokens} set rotated_at = now() where hash = ${change.hash}),
        fresh as (insert into ${tokens} (hash, session_id) values (${change.successor}, ${change.sessionId}::uuid))
        update ${table} set last_seen_at = now(), expires_at = ${after(change.idleMs)}, address = ${change.address}
        where id = ${change.sessionId}`)
    },

    /** Ends live sessions of a user, all or the given ones; answers which. */
    revoke: async (tx: Tx, userId: string, only?: readonly string[]): Promise<string[]> => {
      const rows = await tx.all<{ id: string }>(sql`
        update ${table} set revoked_at = now() where user_id = ${userId} and ${isLive}
        ${only ? sql`and id = any(${only.filter(isId)}::uuid[])` : empty} returning id`)
      return rows.map(({ id }) => id)
    },

    list: (q: Query, userId: string, size: number, before: string | undefined) =>
      q.all<SessionRow>(sql`
        select id, device, address, created_at, last_seen_at from ${table}
        where user_id = ${userId} and ${isLive} ${before ? sql`and id < ${before}::uuid` : empty}
        order by id desc limit ${size + 1}`),

    /** Undefined when the session ended; `steppedUpUntil` only while it lasts. */
    check: async (q: Query, id: string): Promise<{ steppedUpUntil: Date | undefined } | undefined> => {
      if (!isId(id)) return undefined
      const row = await q.one<{ until: Date | null }>(sql`
        select case when s.stepped_up_until > now() then s.stepped_up_until end as until
        from ${table} s join ${accounts} a on a.id = s.user_id
        where s.id = ${id} and s.revoked_at is null and s.expires_at > now() and a.status = 'ACTIVE'`)
      return row && { steppedUpUntil: row.until ?? undefined }
    },

    /** Until when the session is stepped up now; undefined when it ended. */
    stepUp: async (tx: Tx, id: string, userId: string, ms: number): Promise<Date | undefined> => {
      if (!isId(id)) return undefined
      const row = await tx.one<{ until: Date }>(sql`
        update ${table} set stepped_up_until = ${after(ms)}, last_seen_at = now()
        where id = ${id} and user_id = ${userId} and ${isLive} returning stepped_up_until as until`)
      return row?.until
    },

    /** Sessions revoked within the last `ms`, newest first. */
    revokedSince: async (q: Query, ms: number, most: number): Promise<string[]> => {
      const rows = await q.all<{ id: string }>(
        sql`select id from ${table} where revoked_at > ${ago(ms)} order by revoked_at desc limit ${most}`,
      )
      return rows.map(({ id }) => id)
    },

    /** Forgets some sessions that ended `ms` ago or longer, with their tokens; answers how many. */
    forget: (q: Query, ms: number): Promise<number> =>
      q.run(sql`
        delete from ${table} where id in (
          (select id from ${table} where expires_at < ${ago(ms)} limit ${sweep})
          union all (select id from ${table} where revoked_at < ${ago(ms)} limit ${sweep}))`),
  }
}
