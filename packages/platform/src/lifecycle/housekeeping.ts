import type { Db } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

const chunk = 5000

/**
 * Deletes what has served its time, in chunks: idempotency keys after 72 h (SPEC section 2), facts everybody has taken
 * after 7 days, inbox rows after 30 (longer than any fact may come again). Answers how many rows went.
 */
export const keepHouse = async (db: Db): Promise<number> => {
  const { schema } = db
  const purges: Sql[] = [
    sql`delete from ${schema}.idempotency_key where ctid = any(array(
      select ctid from ${schema}.idempotency_key where created_at < now() - interval '72 hours' limit ${chunk}))`,
    sql`delete from ${schema}.outbox where id in (
      select id from ${schema}.outbox o where created_at < now() - interval '7 days'
        and not exists (select from ${schema}.outbox_todo t where t.id = o.id) order by id limit ${chunk})`,
    sql`delete from ${schema}.inbox where ctid = any(array(
      select ctid from ${schema}.inbox where taken_at < now() - interval '30 days' limit ${chunk}))`,
  ]
  let gone = 0
  for (const purge of purges) for (let rows = chunk; rows === chunk; gone += rows) rows = await db.run(purge)
  return gone
}
