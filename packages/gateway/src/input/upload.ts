import { type FileHandle, open, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import type { Upload } from '@souk/contract/common'
import { type Fault, fault, faultOf, newId } from '@souk/kernel'
import type { Locale } from '@souk/platform'
import { discard } from './body.ts'
import { refused, violation } from './violations.ts'

export type UploadRules = {
  tempDir: string
  /** Bytes. */
  limit: number
  /** How long the rest of a refused body is still read, so that its sender can read our answer. */
  patienceMs: number
  locale: Locale
}

/** What names of uploads end with. */
export const uploadSuffix = '.upload'

/** A body as it comes, written to a file of its own that only we can read. */
export const receiveStream = async (request: IncomingMessage, rules: UploadRules): Promise<Upload> => {
  try {
    const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
    const upload = await written(request, { contentType: type, filename: '' }, rules)
    return upload.size > 0 ? upload : await dropped(upload, rules.locale)
  } catch (error) {
    await discard(request, rules.patienceMs)
    throw error
  }
}

/** The one file of a multipart form, likewise. */
export const receiveForm = async (request: IncomingMessage, rules: UploadRules): Promise<Upload> => {
  const files: Promise<Upload>[] = []
  const problem = await parseForm(request, rules, files)
  const settled = await Promise.allSettled(files)
  const uploads = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const [whole] = uploads
  if (whole && !problem && settled.length === 1 && whole.size > 0) return whole
  await Promise.all(uploads.map(({ path }) => rm(path, { force: true })))
  await discard(request, rules.patienceMs)
  throw settled.find((one) => one.status === 'rejected')?.reason ?? problem ?? noFile(rules.locale)
}

/** Deletes what a failed call left behind; after a successful one the file belongs to the callee. */
export const dropUpload = (upload: Upload): Promise<void> => rm(upload.path, { force: true })

const noFile = (locale: Locale): Fault => refused(violation(locale, '', 'file'))

const dropped = async (upload: Upload, locale: Locale): Promise<never> => {
  await dropUpload(upload)
  throw noFile(locale)
}

/** Resolves to what is wrong with the form, if anything; `files` fills up meanwhile. */
const parseForm = (
  request: IncomingMessage,
  rules: UploadRules,
  files: Promise<Upload>[],
): Promise<Fault | undefined> =>
  new Promise((resolve) => {
    const open: BusboyFileStream[] = []
    const form = formParser(request, rules)
    const malformed = (): void => {
      if (form) request.unpipe(form)
      for (const stream of open) stream.destroy(noFile(rules.locale))
      resolve(noFile(rules.locale))
    }
    if (!form) return malformed()
    form.on('file', (_field, stream, filename, _encoding, type) => {
      open.push(stream)
      // The parser reports a cut-off part by an event alone, perhaps before anybody reads the stream.
      stream.on('error', () => stream.destroy(noFile(rules.locale)))
      files.push(written(stream, { contentType: type, filename: plainName(filename ?? '') }, rules))
    })
    for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit', 'error']) form.on(event, malformed)
    form.on('finish', () => resolve(undefined))
    request.once('close', () => request.complete || malformed())
    request.pipe(form)
  })

const formParser = (request: IncomingMessage, { limit }: UploadRules) => {
  const limits = { files: 1, fields: 0, parts: 1, fileSize: limit, headerPairs: 20, headerSize: 8 * 1024 }
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      limits,
    })
  } catch {
    return undefined
  }
}

const written = async (
  source: Readable & { truncated?: boolean },
  about: { contentType: string; filename: string },
  rules: UploadRules,
): Promise<Upload> => {
  const path = join(rules.tempDir, `${newId()}${uploadSuffix}`)
  const file = await open(path, 'wx', 0o600)
  try {
    const size = await copy(source, file, rules.limit)
    if (source.truncated) throw fault('TOO_LARGE')
    return { path, size, ...about }
  } catch (error) {
    await rm(path, { force: true })
    // Whoever feeds the source must not wait for a reader that has gone.
    source.resume()
    throw asFault(error, rules.locale)
  } finally {
    await file.close()
  }
}

/** Without destroying the source: its socket still has to carry our answer. */
const copy = async (source: Readable, file: FileHandle, limit: number): Promise<number> => {
  let size = 0
  for await (const chunk of source.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length
    if (size > limit) throw fault('TOO_LARGE')
    await file.appendFile(chunk as Buffer)
  }
  return size
}

const asFault = (error: unknown, locale: Locale): Fault => {
  const full = (error as NodeJS.ErrnoException).code === 'ENOSPC'
  return full ? fault('UNAVAILABLE', {}, error) : (faultOf(error) ?? noFile(locale))
}

/** The last part of a name, without anything that a terminal, a header or a file system could take for more. */
const plainName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? '').replace(/[\p{Cc}\p{Cf}"]/gu, '').slice(0, 200)
