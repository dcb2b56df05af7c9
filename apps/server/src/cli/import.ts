import { createReadStream } from 'node:fs'
import { copyFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import type { Job } from '@souk/contract/catalog'
import { newId } from '@souk/kernel'
import { systemCall } from '@souk/platform'
import { withSystem } from './system.ts'

type Progress = { read(id: string): Promise<Job>; start(): Promise<string> }

const line = ({ rows, done, failed, state }: Job, began: number): string => {
  const seconds = Math.max((Date.now() - began) / 1000, 0.001)
  return `${state.toLowerCase()}: ${rows} rows, ${done} products, ${failed} refused, ${Math.round(rows / seconds)} rows/s`
}

/** Follows a job with one line that renews itself (or a line a second when nobody watches). */
const follow = async ({ read, start }: Progress): Promise<boolean> => {
  const began = Date.now()
  const id = await start()
  const watched = process.stderr.isTTY
  for (;;) {
    const job = await read(id)
    const over = job.state !== 'QUEUED' && job.state !== 'RUNNING'
    process.stderr.write(watched ? `\r\x1b[K${line(job, began)}` : `${line(job, began)}\n`)
    if (over) {
      if (watched) process.stderr.write('\n')
      for (const { row, field, message } of job.errors)
        process.stdout.write(`row ${row}${field ? `, ${field}` : ''}: ${message}\n`)
      for (const { row, field, message } of job.warnings)
        process.stdout.write(`warning, row ${row}${field ? `, ${field}` : ''}: ${message}\n`)
      return job.state === 'DONE'
    }
    await new Promise((wake) => setTimeout(wake, watched ? 300 : 1000))
  }
}

const overHttp = (base: string, token: string, file: string): Progress => {
  const headers = { authorization: `Bearer ${token}` }
  const json = async <T>(answer: Response): Promise<T> => {
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
    return answer.json() as Promise<T>
  }
  return {
    start: async () => {
      const body = Readable.toWeb(createReadStream(file)) as ReadableStream
      const answer = await fetch(`${base}/v1/admin/products/import`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/csv' },
        body,
        duplex: 'half',
      } as RequestInit)
      return (await json<{ jobId: string }>(answer)).jobId
    },
    read: async (id) => json<Job>(await fetch(`${base}/v1/admin/jobs/${id}`, { headers })),
  }
}

/** `souk import FILE`: through a running system (`--url`, `--token`), else it opens the data folder itself. */
export const importCommand = async (
  env: NodeJS.ProcessEnv,
  file: string,
  options: { url?: string; token?: string },
): Promise<void> => {
  const { size } = await stat(file)
  const token = options.token ?? env.SOUK_TOKEN
  if (options.url ?? token) {
    if (!token) throw new Error('--token (or SOUK_TOKEN) is needed to talk to a running system')
    const base = options.url ?? env.SOUK_PUBLIC_URL ?? `http://127.0.0.1:${env.SOUK_PORT ?? 8889}`
    if (!(await follow(overHttp(base, token, file)))) process.exitCode = 1
    return
  }
  await withSystem(env, async ({ host }) => {
    const catalog = host.client('catalog.CatalogAdminService', 'import')
    const call = () => systemCall('import', { deadlineMs: 120_000 })
    const done = await follow({
      start: async () => {
        const path = join(tmpdir(), `souk-import-${newId()}.csv`)
        await copyFile(file, path)
        return (
          await catalog.importProducts(
            { upload: { path, size, contentType: 'text/csv', filename: basename(file) } },
            call(),
          )
        ).jobId
      },
      read: (id) => catalog.getJob({ id }, call()),
    })
    await host.settle()
    if (!done) process.exitCode = 1
  })
}
