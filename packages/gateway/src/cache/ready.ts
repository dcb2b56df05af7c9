import { hash } from 'node:crypto'
import type { RateClass } from '@souk/contract/rates'
import type { Locale } from '@souk/platform'

/** A public answer as bytes. */
export type Made = {
  status: number
  body: Buffer
  /** Without those that every answer has. */
  headers: readonly (readonly [string, string])[]
  /** Undefined: nothing could ever drop it, so it must not be kept. */
  tags: readonly string[] | undefined
}

/** Where an answer is kept: method, message and language make the key. */
export type Slot = { key: string; route: string; rateClass: RateClass; ttlMs: number; locale: Locale }

/** A kept answer, its headers laid out for `writeHead`. */
export type Ready = Made &
  Slot & {
    etag: string
    /** Milliseconds since the epoch. */
    expiresAt: number
    /** Raw addresses that were found to mean it. */
    urls: string[]
    head: readonly string[]
    /** A short body as Latin-1 text, byte for byte: text leaves in one write with its headers, bytes take a second one. */
    text: string | undefined
    /** The head of a 304. */
    headOfKnown: readonly string[]
  }

const longestText = 4_096

/** What a 304 repeats beside the tag. */
const lasting = new Set(['cache-control', 'vary'])

/** Strong: equal bytes, equal tag. */
export const etagOf = (body: Uint8Array): string => `"${hash('sha256', body, 'base64url').slice(0, 27)}"`

export const laidOut = (slot: Slot, made: Made, expiresAt: number): Ready => {
  const etag = etagOf(made.body)
  return {
    ...slot,
    ...made,
    etag,
    expiresAt,
    urls: [],
    text: made.body.length <= longestText ? made.body.toString('latin1') : undefined,
    head: ['ETag', etag, 'Content-Length', String(made.body.length), ...made.headers.flat()],
    headOfKnown: ['ETag', etag, ...made.headers.filter(([name]) => lasting.has(name.toLowerCase())).flat()],
  }
}
