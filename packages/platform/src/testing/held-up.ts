import type { Query } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** Whether something in this database came to wait for a lock while `work` was under way; asked until either is so. */
export const heldUp = async (db: Query, work: Promise<unknown>): Promise<boolean> => {
  let over = false
  const end = () => {
    over = true
  }
  work.then(end, end)
  while (!over) {
    const waiting = await db.all(sql`
      select from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()`)
    if (waiting.length > 0) return true
  }
  return false
}
