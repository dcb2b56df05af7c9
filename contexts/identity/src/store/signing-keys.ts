import type { Query, Sql } from '@souk/platform'
import { sql } from '@souk/platform'
import type { KeySchedule } from '../domain/signing-keys.ts'

/** A key as JSON (RFC 7517). */
export type Jwk = { kty?: string; [member: string]: unknown }

export type SigningKey = KeySchedule & { publicJwk: Jwk; privateJwk: Jwk }

type Row = { kid: string; generation: number; signs_from: Date; public_jwk: Jwk; private_jwk: Jwk }

export type SigningKeys = ReturnType<typeof createSigningKeys>

export const createSigningKeys = (schema: Sql) => {
  const table = sql`${schema}.signing_key`
  return {
    all: async (q: Query): Promise<SigningKey[]> => {
      const rows = await q.all<Row>(
        sql`select kid, generation, signs_from, public_jwk, private_jwk from ${table} order by generation`,
      )
      return rows.map((row) => ({
        kid: row.kid,
        generation: row.generation,
        signsFrom: row.signs_from,
        publicJwk: row.public_jwk,
        privateJwk: row.private_jwk,
      }))
    },

    /** Nothing when another process was first with this generation. */
    insert: (q: Query, key: SigningKey): Promise<number> =>
      q.run(sql`
        insert into ${table} (kid, generation, signs_from, public_jwk, private_jwk)
        values (${key.kid}, ${key.generation}, ${key.signsFrom}, ${JSON.stringify(key.publicJwk)}, ${JSON.stringify(key.privateJwk)})
        on conflict do nothing`),

    remove: (q: Query, kids: readonly string[]): Promise<number> =>
      q.run(sql`delete from ${table} where kid = any(${[...kids]}::text[])`),
  }
}
