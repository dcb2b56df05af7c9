import { type Query, type Sql, sql, type Tx } from '@souk/platform'

/** What is counted: an (account, address) pair and the address alone, as opaque words. */
export type Subjects = { pair: string; address: string }

export type LoginFailures = ReturnType<typeof createLoginFailures>

/** Rows removed at once. */
const sweep = 1000

const list = ({ pair, address }: Subjects) => [pair, address]

export const createLoginFailures = (schema: Sql) => {
  const table = sql`${schema}.login_failure`
  const seconds = sql`ceil(extract(epoch from max(blocked_until) - now()))::int as seconds`
  const blocked = (subjects: Subjects): Sql =>
    sql`select ${seconds} from ${table} where subject = any(${list(subjects)}::text[]) and blocked_until > now()`

  return {
    /** Seconds to wait before the next try; 0 = none. */
    wait: async (q: Query, subjects: Subjects): Promise<number> =>
      (await q.one<{ seconds: number | null }>(blocked(subjects)))?.seconds ?? 0,

    /**
     * Counts one failure for each subject that is not waiting already, in one order. Answers the new numbers of
     * failures in a row; a subject that must wait is left out.
     */
    count: (tx: Tx, subjects: Subjects, forgottenAfterMs: number) =>
      tx.all<{ subject: string; failures: number }>(sql`
        insert into ${table} as f (subject, failures, last_failed_at)
        select subject, 1, now() from unnest(${list(subjects)}::text[]) subject order by subject
        on conflict (subject) do update set last_failed_at = now(),
          failures = case when f.last_failed_at < now() - make_interval(secs => ${forgottenAfterMs / 1000}::float8) then 1 else f.failures + 1 end
        where f.blocked_until is null or f.blocked_until <= now()
        returning subject, failures`),

    block: async (tx: Tx, delays: readonly { subject: string; ms: number }[]): Promise<void> =>
      void (await tx.run(sql`
        update ${table} f set blocked_until = now() + make_interval(secs => t.ms / 1000)
        from unnest(${delays.map((d) => d.subject)}::text[], ${delays.map((d) => d.ms)}::float8[]) t(subject, ms)
        where f.subject = t.subject`)),

    /** Forgets the pair's failures unless a wait began meanwhile, whose seconds are answered. */
    settle: async (tx: Tx, subjects: Subjects): Promise<number> => {
      const row = await tx.one<{ seconds: number | null }>(sql`
        with wait as (${blocked(subjects)}),
        settled as (delete from ${table} where subject = ${subjects.pair} and not exists (select from wait where seconds > 0))
        select seconds from wait`)
      return row?.seconds ?? 0
    },

    /** Forgets some failures that are `ms` old or older; answers how many. */
    forget: (q: Query, ms: number): Promise<number> =>
      q.run(sql`
        delete from ${table} where subject in (
          select subject from ${table} where last_failed_at < now() - make_interval(secs => ${ms / 1000}::float8) limit ${sweep})
        and coalesce(blocked_until, '-infinity') < now()`),
  }
}
