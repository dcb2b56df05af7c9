import { isId } from '@souk/kernel'
import { empty, type Query, type Sql, sql, type Tx } from '@souk/platform'

export type ApiKeyRow = {
  id: string
  name: string
  scopes: string[]
  prefix: string
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
}

export type NewApiKey = {
  id: string
  name: string
  scopes: readonly string[]
  prefix: string
  secretHash: Buffer
  createdBy: string
  expiresAt: Date | undefined
}

const columns = sql`id, name, scopes, prefix, created_at, expires_at, last_used_at`

export type ApiKeys = ReturnType<typeof createApiKeys>

export const createApiKeys = (schema: Sql) => {
  const table = sql`${schema}.api_key`
  return {
    insert: async (tx: Tx, k: NewApiKey): Promise<ApiKeyRow> => {
      const row = await tx.one<ApiKeyRow>(sql`
        insert into ${table} (id, name, scopes, prefix, secret_hash, created_by, expires_at)
        values (${k.id}, ${k.name}, ${[...k.scopes]}, ${k.prefix}, ${k.secretHash}, ${k.createdBy}, ${k.expiresAt ?? null})
        returning ${columns}`)
      return row!
    },

    /** Keys that are not revoked, newest first; `size` + 1 rows. */
    list: (q: Query, size: number, before: string | undefined) =>
      q.all<ApiKeyRow>(sql`
        select ${columns} from ${table} where revoked_at is null ${before ? sql`and id < ${before}::uuid` : empty}
        order by id desc limit ${size + 1}`),

    /** The key of a secret, noting its use at most once a minute. */
    use: (q: Query, secretHash: Buffer) =>
      q.one<Pick<ApiKeyRow, 'id' | 'scopes' | 'expires_at'>>(sql`
        with found as (
          select id, scopes, expires_at from ${table}
          where secret_hash = ${secretHash} and revoked_at is null and (expires_at is null or expires_at > now())),
        noted as (
          update ${table} set last_used_at = now()
          where id = (select id from found) and (last_used_at is null or last_used_at < now() - interval '1 minute'))
        select id, scopes, expires_at from found`),

    revoke: (tx: Tx, id: string) =>
      isId(id)
        ? tx.one<Pick<ApiKeyRow, 'name' | 'scopes'>>(
            sql`update ${table} set revoked_at = now() where id = ${id} and revoked_at is null returning name, scopes`,
          )
        : Promise.resolve(undefined),
  }
}
