import type { IncomingMessage } from 'node:http'
import { fault } from '@souk/kernel'

/** How much of a body that is too large is still read and thrown away, so that the sender can read our answer. */
const tolerated = 32 * 1024 * 1024

/**
 * The bytes of a body. Too many: TOO_LARGE, once the sender has finished or has gone far beyond; too slow:
 * REQUEST_TIMEOUT.
 */
export const readBody = (request: IncomingMessage, limit: number, patienceMs: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      request.off('data', take).off('end', end).off('error', broken).off('close', broken)
      finish()
    }
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else chunks.length = 0
      if (size > limit + tolerated) settle(() => reject(fault('TOO_LARGE')))
    }
    const end = (): void =>
      settle(() =>
        size > limit ? reject(fault('TOO_LARGE')) : resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)),
      )
    const broken = (): void => settle(() => reject(fault('VALIDATION_FAILED')))
    const timer = setTimeout(() => settle(() => reject(fault('REQUEST_TIMEOUT'))), patienceMs)
    request.on('data', take).on('end', end).on('error', broken).on('close', broken)
  })

/** Reads and drops what is left of a refused body, within reason. */
export const discard = (request: IncomingMessage, patienceMs: number): Promise<void> =>
  new Promise((resolve) => {
    if (request.readableEnded || request.destroyed) return resolve()
    let size = 0
    const timer = setTimeout(() => done(), patienceMs)
    const done = (): void => {
      clearTimeout(timer)
      request.off('data', count).off('end', done).off('close', done)
      resolve()
    }
    const count = (chunk: Buffer): void => {
      size += chunk.length
      if (size > tolerated) done()
    }
    request.on('data', count).on('end', done).on('close', done).resume()
  })
