import type { LedgerEntry } from '@souk/contract/payment'
import { newId } from '@souk/kernel'
import { empty, type Query, type Sql, sql } from '@souk/platform'
import type { Entry } from '../domain/ledger.ts'

type EntryRow = {
  id: string
  kind: string
  source_type: string
  source_id: string
  at: Date
  postings: { account: string; currency: string; amount: number }[]
}

const toEntry = (row: EntryRow): LedgerEntry => ({
  id: row.id,
  kind: row.kind,
  sourceType: row.source_type,
  sourceId: row.source_id,
  at: row.at.toISOString(),
  postings: row.postings.map(({ account, currency, amount }) => ({ account, amount: { currency, amount } })),
})

export const createLedger = (schema: Sql) => ({
  /** Writes an entry; false when this movement is already in the books. */
  post: async (tx: Query, { kind, sourceType, sourceId, postings }: Entry): Promise<boolean> => {
    const made = await tx.one<{ id: string }>(sql`
      insert into ${schema}.journal_entry (id, kind, source_type, source_id)
      values (${newId()}::uuid, ${kind}, ${sourceType}, ${sourceId}::uuid)
      on conflict on constraint journal_entry_once do nothing returning id`)
    if (!made) return false
    await tx.run(sql`
      insert into ${schema}.posting (entry_id, place, account, currency, amount)
      select ${made.id}::uuid, t.place, t.account, t.currency, t.amount
      from unnest(${postings.map((p) => p.account)}::text[], ${postings.map((p) => p.currency)}::text[],
        ${postings.map((p) => p.amount)}::bigint[]) with ordinality t(account, currency, amount, place)`)
    return true
  },

  /** Newest first, one more than asked; `before` is the id of the last entry of the page before. */
  list: async (db: Query, size: number, before: string | undefined): Promise<LedgerEntry[]> => {
    const rows = await db.all<EntryRow>(sql`
      select e.id, e.kind, e.source_type, e.source_id, e.at,
        (select json_agg(json_build_object('account', p.account, 'currency', p.currency, 'amount', p.amount) order by p.place)
         from ${schema}.posting p where p.entry_id = e.id) as postings
      from ${schema}.journal_entry e ${before ? sql`where e.id < ${before}::uuid` : empty}
      order by e.id desc limit ${size + 1}`)
    return rows.map(toEntry)
  },
})

export type Ledger = ReturnType<typeof createLedger>
