import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportProductsAnswer, ImportProductsRequest } from '@souk/contract/catalog'
import { newId } from '@souk/kernel'
import { audited, type Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { type Columns, readHeader } from '../domain/csv/columns.ts'
import { importUnreadable } from '../faults.ts'
import { insertJob } from '../store/jobs.ts'

/** Kind of the timer that works on an import, a slice at a time. */
export const importTimer = 'import-products'

type Needs = Pick<Deps, 'db' | 'clock' | 'config' | 'csv'>

/** Where the file of a job is kept until the job has ended. */
export const importFile = ({ dataDir }: Deps['config'], file: string): string => join(dataDir, 'imports', file)

const mustBeUtf8 = async (path: string): Promise<void> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    const start = buffer.subarray(0, bytesRead).toString('hex')
    if (start === 'fffe' || start === 'feff') throw importUnreadable('the file is UTF-16; save it as UTF-8')
  } finally {
    await file.close()
  }
}

const readColumns = async ({ csv }: Needs, path: string): Promise<{ columns: Columns; end: number }> => {
  await mustBeUtf8(path)
  for await (const record of csv(path, 0)) {
    if ('unreadable' in record) throw importUnreadable(record.unreadable)
    const columns = readHeader(record.cells)
    if (typeof columns === 'string') throw importUnreadable(columns)
    return { columns, end: record.end }
  }
  throw importUnreadable('the file is empty')
}

/** Moves the upload below the data folder, also from another file system. */
const keep = async (from: string, to: string): Promise<void> => {
  await rename(from, to).catch(async () => {
    await copyFile(from, to)
    await rm(from, { force: true })
  })
}

/** Takes a product file and answers the job that imports it; the job survives whatever ends this process. */
export const importProducts =
  (deps: Needs) =>
  async ({ upload }: ImportProductsRequest, call: Call): Promise<ImportProductsAnswer> => {
    if (!upload?.path) throw importUnreadable('no file')
    const { db, clock, config } = deps
    const id = newId()
    const file = `${id}.csv`
    try {
      const { columns, end } = await readColumns(deps, upload.path)
      const { size } = await stat(upload.path)
      await mkdir(importFile(config, ''), { recursive: true })
      await keep(upload.path, importFile(config, file))
      await db.tx(async (tx) => {
        await insertJob(db, tx, { id, file, columns, byte_offset: end, next_row: 2 })
        await tx.schedule({ kind: importTimer, aggregateId: id, dueAt: clock.now() })
        tx.audit(audited(call, 'product.import', `job:${id}`, { after: { filename: upload.filename, bytes: size } }))
      })
    } catch (error) {
      await rm(importFile(config, file), { force: true })
      throw error
    } finally {
      await rm(upload.path, { force: true })
    }
    return { jobId: id }
  }
