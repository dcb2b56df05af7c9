import type { JobState } from '@souk/contract/catalog'
import { type Db, type Query, sql } from '@souk/platform'
import type { Columns } from '../domain/csv/columns.ts'
import type { RowNote } from '../domain/csv/parse.ts'

export type JobRow = {
  id: string
  state: JobState
  file: string
  columns: Columns
  byte_offset: number
  next_row: number
  rows: number
  done: number
  failed: number
  created_at: Date
  finished_at: Date | null
}

/** Errors and warnings that are kept of each job, of each kind. */
const mostNotes = 1000

export const insertJob = async (
  { schema }: Db,
  tx: Query,
  job: Pick<JobRow, 'id' | 'file' | 'columns' | 'byte_offset' | 'next_row'>,
): Promise<void> =>
  void (await tx.run(sql`
    insert into ${schema}.import_job (id, state, file, columns, byte_offset, next_row)
    values (${job.id}, 'QUEUED', ${job.file}, ${JSON.stringify(job.columns)}::jsonb, ${job.byte_offset}, ${job.next_row})`))

export const findJob = ({ schema }: Db, query: Query, id: string): Promise<JobRow | undefined> =>
  query.one(sql`select * from ${schema}.import_job where id = ${id}::uuid`)

/** What was wrong in a job's file, in the order of its rows. */
export const findNotes = ({ schema }: Db, query: Query, id: string, kind: 'error' | 'warning'): Promise<RowNote[]> =>
  query.all(sql`
    select row, field, message from ${schema}.import_problem where job_id = ${id}::uuid and kind = ${kind}
    order by row, id limit ${mostNotes}`)

/** Keeps notes of a job, the first thousand of each kind. */
export const addNotes = async (
  { schema }: Db,
  tx: Query,
  job: string,
  kind: 'error' | 'warning',
  notes: readonly RowNote[],
): Promise<void> => {
  if (notes.length === 0) return
  await tx.run(sql`
    insert into ${schema}.import_problem (job_id, kind, row, field, message)
    select ${job}::uuid, ${kind}, t.row, t.field, t.message
    from unnest(${notes.map((n) => n.row)}::int[], ${notes.map((n) => n.field)}::text[], ${notes.map((n) => n.message.slice(0, 500))}::text[])
      with ordinality t(row, field, message, place)
    order by t.place
    limit greatest(0, ${mostNotes} - (select count(*) from ${schema}.import_problem where job_id = ${job}::uuid and kind = ${kind}))`)
}

export type Progress = { byteOffset: number; nextRow: number; rows: number; done: number; failed: number }

/** Moves a job on from `from`; false when somebody else has moved it already. */
export const advanceJob = async (
  { schema }: Db,
  tx: Query,
  { id, byte_offset }: Pick<JobRow, 'id' | 'byte_offset'>,
  to: Progress & { state: JobState },
): Promise<boolean> =>
  (await tx.run(sql`
    update ${schema}.import_job set state = ${to.state}, byte_offset = ${to.byteOffset}, next_row = ${to.nextRow},
      rows = rows + ${to.rows}, done = done + ${to.done}, failed = failed + ${to.failed},
      finished_at = case when ${to.state} in ('DONE', 'FAILED') then now() end
    where id = ${id}::uuid and byte_offset = ${byte_offset} and state in ('QUEUED', 'RUNNING')`)) === 1

/** Remembers which row of which import wrote products last. */
export const markImported = async (
  { schema }: Db,
  tx: Query,
  job: string,
  marks: readonly { id: string; row: number }[],
): Promise<void> => {
  if (marks.length === 0) return
  await tx.run(sql`
    update ${schema}.product p set import_job = ${job}::uuid, import_row = t.row
    from unnest(${marks.map((m) => m.id)}::uuid[], ${marks.map((m) => m.row)}::int[]) t(id, row) where p.id = t.id`)
}
