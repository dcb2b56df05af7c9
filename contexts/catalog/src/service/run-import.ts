import { rm } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import type { JobState } from '@souk/contract/catalog'
import { systemCall, type Timer, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { createGrouper, type Group } from '../domain/csv/groups.ts'
import { type RowNote, slugOfHandle } from '../domain/csv/parse.ts'
import { wantPictures } from '../store/import-pictures.ts'
import { addNotes, advanceJob, findJob, type JobRow } from '../store/jobs.ts'
import { picturesTimer } from './fetch-pictures.ts'
import { finishProducts } from './finish-products.ts'
import { importFile, importTimer } from './import-products.ts'
import { moveInTransaction } from './move-product.ts'
import { type Written, writeGroups } from './write-groups.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'config' | 'cleaner' | 'inventory' | 'log' | 'failpoint' | 'csv'>

/** A timer works for so long, then hands over to its successor: others wait for their turn. */
const sliceMs = 2500
const mostProducts = 100
const mostRows = 1000
const mostBytes = 2 * 1024 * 1024

type Batch = {
  groups: Group[]
  byteOffset: number
  nextRow: number
  /** Nothing comes after it. */
  last: boolean
  unreadable: RowNote | undefined
}

const rowsIn = (groups: readonly Group[]): number =>
  groups.reduce((sum, { rows, surplus }) => sum + rows.length + surplus.length, 0)

/** The file from the checkpoint on, in batches; no handle is twice in one. */
async function* batchesOf({ csv, config }: Needs, job: JobRow): AsyncGenerator<Batch> {
  const grouper = createGrouper(job.columns)
  let at: Omit<Batch, 'last' | 'unreadable'> = { groups: [], byteOffset: job.byte_offset, nextRow: job.next_row }
  let row = job.next_row
  const slugs = new Set<string>()
  const take = () => {
    const batch = { ...at, last: false, unreadable: undefined }
    at = { ...at, groups: [] }
    slugs.clear()
    return batch
  }
  const add = (group: Group) => {
    slugs.add(slugOfHandle(group.handle))
    at = { groups: [...at.groups, group], byteOffset: group.end, nextRow: group.nextRow }
  }
  let from = job.byte_offset
  for await (const record of csv(importFile(config, job.file), job.byte_offset)) {
    if ('unreadable' in record) {
      const rest = grouper.finish()
      if (rest) add(rest)
      const unreadable = { row, field: '', message: `cannot be read from here on: ${record.unreadable}` }
      return yield { ...at, last: true, unreadable }
    }
    const group = grouper.add({ number: row++, cells: record.cells }, record.end)
    if (!group) continue
    if (slugs.has(slugOfHandle(group.handle))) yield take()
    add(group)
    if (at.groups.length < mostProducts && rowsIn(at.groups) < mostRows && at.byteOffset - from < mostBytes) continue
    from = at.byteOffset
    yield take()
  }
  const rest = grouper.finish()
  if (rest && slugs.has(slugOfHandle(rest.handle))) yield take()
  if (rest) add(rest)
  yield { ...at, last: true, unreadable: undefined }
}

const stateAfter = ({ last, unreadable }: Batch): JobState => {
  if (!last) return 'RUNNING'
  return unreadable ? 'FAILED' : 'DONE'
}

/** Writes what a batch came to into the job, in the transaction that brings its products to life. */
const checkpoint = async ({ db, clock }: Needs, tx: Tx, job: JobRow, batch: Batch, written: Written): Promise<void> => {
  const errors = written.parsed.flatMap((one) => one.errors).concat(batch.unreadable ?? [])
  const moved = await advanceJob(db, tx, job, {
    state: stateAfter(batch),
    byteOffset: batch.byteOffset,
    nextRow: batch.nextRow,
    rows: rowsIn(batch.groups),
    done: written.ids.length,
    failed: new Set(errors.map(({ row }) => row)).size,
  })
  if (!moved) throw new Error(`import ${job.id} was moved on by somebody else`)
  await wantPictures(db, tx, job.id, written.pictures)
  await addNotes(db, tx, job.id, 'error', errors)
  await addNotes(
    db,
    tx,
    job.id,
    'warning',
    written.parsed.flatMap((one) => one.warnings),
  )
  if (batch.last) await tx.schedule({ kind: picturesTimer, aggregateId: job.id, dueAt: clock.now() })
}

const runBatch = async (deps: Needs, job: JobRow, batch: Batch): Promise<void> => {
  const written = await writeGroups(deps)(job, batch.groups)
  await deps.failpoint('catalog.runImport.afterWrite')
  const call = systemCall('catalog')
  await finishProducts(deps)(written.ids, call, async (tx) => {
    for (const id of written.unpublish) await moveInTransaction(deps)(tx, id, 'unpublish', call)
    await checkpoint(deps, tx, job, batch, written)
  })
  await deps.failpoint('catalog.runImport.afterCheckpoint')
}

const giveUp = async ({ db }: Needs, job: JobRow): Promise<void> => {
  await db.tx(async (tx) => {
    const { byte_offset: byteOffset, next_row: nextRow } = job
    await advanceJob(db, tx, job, { state: 'FAILED', byteOffset, nextRow, rows: 0, done: 0, failed: 0 })
    await addNotes(db, tx, job.id, 'error', [{ row: nextRow, field: '', message: 'the file is no longer there' }])
  })
}

/**
 * Works on an import for a while, from its last checkpoint on. Products and checkpoint are written in turn, so a crash
 * between them repeats a batch, and a repeated batch finds its products as they should be.
 */
export const runImport =
  (deps: Needs) =>
  async ({ aggregateId }: Timer): Promise<void> => {
    const { db, clock, config } = deps
    let job = await findJob(db, db, aggregateId)
    if (!job) return
    if (job.state !== 'QUEUED' && job.state !== 'RUNNING') return rm(importFile(config, job.file), { force: true })
    const until = performance.now() + sliceMs
    try {
      for await (const batch of batchesOf(deps, job)) {
        await runBatch(deps, job, batch)
        job = { ...job, byte_offset: batch.byteOffset, next_row: batch.nextRow, state: 'RUNNING' }
        if (!batch.last && performance.now() > until)
          return await db.tx((tx) => tx.schedule({ kind: importTimer, aggregateId, dueAt: clock.now() }))
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      return giveUp(deps, job)
    }
    await rm(importFile(config, job.file), { force: true })
  }
