import { isId } from '@souk/kernel'
import { type Query, type Sql, sql, type Tx } from '@souk/platform'
import type { AddressFields, SavedAddress } from '../domain/address.ts'

type Row = Omit<SavedAddress, 'postalCode' | 'isDefault'> & { postal_code: string; is_default: boolean }

const fromRow = ({ postal_code, is_default, ...row }: Row): SavedAddress => ({
  ...row,
  postalCode: postal_code,
  isDefault: is_default,
})

const columns = sql`id, recipient, phone, country, province, city, district, line1, line2, postal_code, is_default`

export type Addresses = ReturnType<typeof createAddresses>

export const createAddresses = (schema: Sql) => {
  const table = sql`${schema}.address`
  return {
    /** The default first, then the newest. */
    list: async (q: Query, userId: string): Promise<SavedAddress[]> => {
      if (!isId(userId)) return []
      const rows = await q.all<Row>(
        sql`select ${columns} from ${table} where user_id = ${userId} order by is_default desc, id desc`,
      )
      return rows.map(fromRow)
    },

    find: async (q: Query, userId: string, id: string): Promise<SavedAddress | undefined> => {
      if (!isId(userId) || !isId(id)) return undefined
      const row = await q.one<Row>(sql`select ${columns} from ${table} where id = ${id} and user_id = ${userId}`)
      return row && fromRow(row)
    },

    count: async (q: Query, userId: string): Promise<number> =>
      (await q.one<{ count: number }>(sql`select count(*) from ${table} where user_id = ${userId}`))!.count,

    insert: async (tx: Tx, userId: string, a: SavedAddress): Promise<void> =>
      void (await tx.run(sql`
        insert into ${table} (user_id, ${columns})
        values (${userId}, ${a.id}, ${a.recipient}, ${a.phone}, ${a.country}, ${a.province}, ${a.city}, ${a.district}, ${a.line1}, ${a.line2},
          ${a.postalCode}, ${a.isDefault})`)),

    update: async (tx: Tx, userId: string, id: string, a: AddressFields): Promise<void> =>
      void (await tx.run(sql`
        update ${table} set recipient = ${a.recipient}, phone = ${a.phone}, country = ${a.country}, province = ${a.province},
          city = ${a.city}, district = ${a.district}, line1 = ${a.line1}, line2 = ${a.line2}, postal_code = ${a.postalCode}
        where id = ${id} and user_id = ${userId}`)),

    /** Whether the removed one was the default; undefined when there was none to remove. */
    remove: async (tx: Tx, userId: string, id: string): Promise<boolean | undefined> => {
      if (!isId(id)) return undefined
      const row = await tx.one<{ is_default: boolean }>(
        sql`delete from ${table} where id = ${id} and user_id = ${userId} returning is_default`,
      )
      return row?.is_default
    },

    /** Takes the default away, so that another may have it. */
    clearDefault: async (tx: Tx, userId: string): Promise<void> =>
      void (await tx.run(sql`update ${table} set is_default = false where user_id = ${userId} and is_default`)),

    makeDefault: async (tx: Tx, userId: string, id: string): Promise<void> =>
      void (await tx.run(sql`update ${table} set is_default = true where user_id = ${userId} and id = ${id}`)),

    newest: async (q: Query, userId: string, except: string): Promise<string | undefined> =>
      (
        await q.one<{ id: string }>(
          sql`select id from ${table} where user_id = ${userId} and id <> ${except} order by id desc limit 1`,
        )
      )?.id,
  }
}
