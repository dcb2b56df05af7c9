import { isId } from '@souk/kernel'
import { type Batcher, createBatcher, type Db, sql, type Tx } from '@souk/platform'
import type { Draft } from '../domain/order.ts'

export type StoredPreparation = { id: string; buyerId: string; holdExpiresAt: Date; draft: Draft }

export type PreparationStore = ReturnType<typeof createPreparationStore>

export const createPreparationStore = (db: Db) => {
  const preparation = sql`${db.schema}.preparation`

  const ofBuyers: Batcher<string, string | undefined> = createBatcher({
    name: 'order.preparations',
    max: 200,
    run: async (buyerIds) => {
      const rows = await db.all<{ id: string; buyer_id: string }>(
        sql`select id, buyer_id from ${preparation} where buyer_id = any(${buyerIds}::uuid[])`,
      )
      const byBuyer = new Map(rows.map((row) => [row.buyer_id, row.id]))
      return buyerIds.map((buyerId) => byBuyer.get(buyerId))
    },
  })

  return {
    /** The id of the buyer's preparation, also of one that is claimed; many buyers are asked about at once. */
    idOf: (buyerId: string, deadline: number): Promise<string | undefined> => ofBuyers.add(buyerId, deadline),

    /** A buyer's own preparation that can still be placed, by the database's clock. */
    find: async (id: string, buyerId: string): Promise<StoredPreparation | undefined> => {
      const row = await db.one<{ hold_expires_at: Date; draft: Draft }>(sql`
        select hold_expires_at, draft from ${preparation}
        where id = ${id}::uuid and buyer_id = ${buyerId}::uuid and replaced_by is null and hold_expires_at > clock_timestamp()`)
      return row && { id, buyerId, holdExpiresAt: row.hold_expires_at, draft: row.draft }
    },

    /** Whether the id is a preparation or an order of somebody else. */
    belongsToOther: async (id: string, buyerId: string): Promise<boolean> => {
      const row = await db.one<{ found: boolean }>(sql`
        select exists (select from ${preparation} where id = ${id}::uuid and buyer_id <> ${buyerId}::uuid)
          or exists (select from ${db.schema}.orders where id = ${id}::uuid and buyer_id <> ${buyerId}::uuid) as found`)
      return row?.found === true
    },

    /** From here nobody can place it, so its hold may be freed for `by`. False: it is already gone. */
    claim: async (id: string, by: string): Promise<boolean> =>
      (await db.run(sql`update ${preparation} set replaced_by = ${by}::uuid
        where id = ${id}::uuid and coalesce(replaced_by, ${by}::uuid) = ${by}::uuid`)) > 0,

    /** Makes a claimed preparation live again: nothing was freed. */
    unclaim: async (id: string, by: string): Promise<void> =>
      void (await db.run(
        sql`update ${preparation} set replaced_by = null where id = ${id}::uuid and replaced_by = ${by}::uuid`,
      )),

    /** Becomes the buyer's only preparation; answers the id of the one it displaced. */
    replace: async ({ id, buyerId, holdExpiresAt, draft }: StoredPreparation): Promise<string | undefined> => {
      const row = await db.one<{ former: string | null }>(sql`
        insert into ${preparation} (id, buyer_id, hold_expires_at, draft)
        values (${id}::uuid, ${buyerId}::uuid, ${holdExpiresAt.toISOString()}::timestamptz, ${JSON.stringify(draft)}::json)
        on conflict (buyer_id) do update set id = excluded.id, hold_expires_at = excluded.hold_expires_at, draft = excluded.draft, replaced_by = null
        returning old.id as former`)
      return row?.former ?? undefined
    },

    /** Their holds have ended. */
    forget: async (tx: Tx, ids: readonly string[]): Promise<void> =>
      void (await tx.run(sql`delete from ${preparation} where id = any(${ids.filter(isId)}::uuid[])`)),
  }
}
