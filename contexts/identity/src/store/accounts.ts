import { isId } from '@souk/kernel'
import { empty, type Query, type Sql, sql, type Tx } from '@souk/platform'
import type { Account, AccountStatus } from '../domain/account.ts'
import type { Identifier } from '../domain/contact.ts'

export type AccountRow = {
  id: string
  email: string | null
  phone: string | null
  nickname: string
  roles: string[]
  status: AccountStatus
  locale: string
  created_at: Date
}

export const accountFromRow = (row: AccountRow): Account => ({
  id: row.id,
  email: row.email ?? undefined,
  phone: row.phone ?? undefined,
  nickname: row.nickname,
  roles: row.roles,
  status: row.status,
  locale: row.locale,
  createdAt: row.created_at,
})

/** What `accountFromRow` needs. */
export const accountColumns = sql`id, email, phone, nickname, roles, status, locale, created_at`

export type NewAccount = {
  id: string
  identifier: Identifier
  passwordHash: string
  nickname: string
  roles: readonly string[]
  locale: string
}

/** An account together with what proves its owner. */
export type Credentials = { account: Account; passwordHash: string }

export type UserFilter = {
  prefixes: { text: string; phones: string[] } | undefined
  role: string
  status: AccountStatus | undefined
}

export type Accounts = ReturnType<typeof createAccounts>

/** Above every text with the prefix, bytewise. */
const last = (prefix: string) => `${prefix}\u{10ffff}`

export const createAccounts = (schema: Sql) => {
  const table = sql`${schema}.account`

  const beginsWith = (column: Sql, prefix: string): Sql =>
    sql`(${column} ~>=~ ${prefix} and ${column} ~<~ ${last(prefix)})`

  const matching = ({ prefixes, role, status }: UserFilter): Sql => sql`
    ${
      prefixes
        ? sql`and (${beginsWith(sql`email`, prefixes.text)} or ${beginsWith(sql`lower(nickname)`, prefixes.text)}
            ${prefixes.phones.map((phone) => sql`or ${beginsWith(sql`phone`, phone)}`).reduce((all, one) => sql`${all} ${one}`, empty)})`
        : empty
    }
    ${role ? sql`and roles <> '{}' and roles @> array[${role}]` : empty}
    ${status ? sql`and status = ${status}` : empty}`

  const credentials = async (q: Query, condition: Sql): Promise<Credentials | undefined> => {
    const row = await q.one<AccountRow & { password_hash: string }>(
      sql`select ${accountColumns}, password_hash from ${table} where ${condition}`,
    )
    return row && { account: accountFromRow(row), passwordHash: row.password_hash }
  }

  return {
    /** Undefined when e-mail or phone are taken: the unique indexes decide between twins. */
    insert: async (tx: Tx, a: NewAccount): Promise<Account | undefined> => {
      const row = await tx.one<AccountRow>(sql`
        insert into ${table} (id, email, phone, password_hash, nickname, roles, status, locale)
        values (${a.id}, ${a.identifier.kind === 'email' ? a.identifier.value : null}, ${a.identifier.kind === 'phone' ? a.identifier.value : null},
          ${a.passwordHash}, ${a.nickname}, ${[...a.roles]}, 'ACTIVE', ${a.locale})
        on conflict do nothing returning ${accountColumns}`)
      return row && accountFromRow(row)
    },

    credentialsOf: (q: Query, { kind, value }: Identifier) =>
      credentials(q, kind === 'email' ? sql`email = ${value}` : sql`phone = ${value}`),

    credentialsById: async (q: Query, id: string) => (isId(id) ? credentials(q, sql`id = ${id}`) : undefined),

    byId: async (q: Query, id: string): Promise<Account | undefined> => {
      if (!isId(id)) return undefined
      const row = await q.one<AccountRow>(sql`select ${accountColumns} from ${table} where id = ${id}`)
      return row && accountFromRow(row)
    },

    isTaken: async (q: Query, { kind, value }: Identifier): Promise<boolean> =>
      (await q.one(sql`select from ${table} where ${kind === 'email' ? sql`email` : sql`phone`} = ${value}`)) !==
      undefined,

    /** Holds the account against every other change until the transaction ends; false when there is none. */
    lock: async (tx: Tx, id: string): Promise<boolean> =>
      isId(id) && (await tx.one(sql`select from ${table} where id = ${id} for no key update`)) !== undefined,

    /** Holds the account's roles and status as they are, beside others who do the same. */
    hold: async (tx: Tx, id: string): Promise<Account | undefined> => {
      const row = await tx.one<AccountRow>(sql`select ${accountColumns} from ${table} where id = ${id} for share`)
      return row && accountFromRow(row)
    },

    /** Locks an account and every active administrator, in one order, so that two of them cannot depose each other. */
    lockWithAdministrators: async (tx: Tx, id: string) => {
      if (!isId(id)) return undefined
      const rows = await tx.all<AccountRow>(sql`
        select ${accountColumns} from ${table} where id = ${id} or (roles <> '{}' and roles @> '{admin}' and status = 'ACTIVE')
        order by id for no key update`)
      const found = rows.find((row) => row.id === id)
      const administrators = rows
        .filter((row) => row.status === 'ACTIVE' && row.roles.includes('admin'))
        .map((row) => row.id)
      return found && { account: accountFromRow(found), administrators }
    },

    hasAdministrator: async (q: Query): Promise<boolean> =>
      (await q.one(sql`select from ${table} where roles <> '{}' and roles @> '{admin}' limit 1`)) !== undefined,

    /** The next fact's version; under the account's row lock. */
    bump: async (tx: Tx, id: string): Promise<number> => {
      const row = await tx.one<{ version: number }>(
        sql`update ${table} set version = version + 1 where id = ${id} returning version`,
      )
      return row!.version
    },

    setRoles: async (tx: Tx, id: string, roles: readonly string[]): Promise<void> =>
      void (await tx.run(sql`update ${table} set roles = ${[...roles]} where id = ${id}`)),

    setStatus: async (tx: Tx, id: string, status: AccountStatus): Promise<void> =>
      void (await tx.run(sql`update ${table} set status = ${status} where id = ${id}`)),

    update: async (
      q: Query,
      id: string,
      change: { nickname?: string; locale?: string },
    ): Promise<Account | undefined> => {
      if (!isId(id)) return undefined
      const row = await q.one<AccountRow>(sql`
        update ${table} set nickname = coalesce(${change.nickname ?? null}, nickname), locale = coalesce(${change.locale ?? null}, locale)
        where id = ${id} returning ${accountColumns}`)
      return row && accountFromRow(row)
    },

    /** Newest first; `size` + 1 rows, so that the caller sees whether there are more. */
    list: async (q: Query, filter: UserFilter, size: number, before: string | undefined): Promise<Account[]> => {
      const rows = await q.all<AccountRow>(sql`
        select ${accountColumns} from ${table} where true ${before ? sql`and id < ${before}::uuid` : empty} ${matching(filter)}
        order by id desc limit ${size + 1}`)
      return rows.map(accountFromRow)
    },
  }
}
