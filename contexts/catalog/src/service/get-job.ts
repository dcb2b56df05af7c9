import type { GetJobRequest, Job } from '@souk/contract/catalog'
import { isId } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { notFound } from '../faults.ts'
import { findJob, findNotes } from '../store/jobs.ts'

/** How far an import has come and what was wrong. */
export const getJob =
  ({ db }: Pick<Deps, 'db'>) =>
  async ({ id }: GetJobRequest): Promise<Job> => {
    const row = isId(id) ? await findJob(db, db, id) : undefined
    if (!row) throw notFound()
    const [errors, warnings] = await Promise.all([findNotes(db, db, id, 'error'), findNotes(db, db, id, 'warning')])
    const { state, rows, done, failed } = row
    return {
      id,
      state,
      rows,
      done,
      failed,
      errors,
      warnings,
      createdAt: row.created_at.toISOString(),
      finishedAt: row.finished_at?.toISOString(),
    }
  }
