import { hash } from 'node:crypto'
import type { RateClass } from '@souk/contract/rates'
import type { Locale } from '@souk/platform'
import { LRUCache } from 'lru-cache'
import type { HeardFact } from '../options.ts'
import { createDrops } from './drops.ts'
import { collectionTags, factTags } from './tags.ts'

/** A public answer as bytes. */
export type Made = {
  status: number
  body: Buffer
  /** Without those that every answer has. */
  headers: readonly (readonly [string, string])[]
  /** Undefined: not to be kept. */
  tags: readonly string[] | undefined
}

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
    /** The head of a 304. */
    headOfKnown: readonly string[]
  }

export type EdgeCache = {
  /** By method, message and language. */
  get(key: string): Ready | undefined
  /** By raw address and language: no parsing, for addresses seen before. */
  getByUrl(locale: Locale, url: string): Ready | undefined
  /** The kept answer, or the one that `make` reads; callers that come meanwhile share that read. */
  fill(slot: Slot, make: () => Promise<Made>): Promise<Ready>
  remember(ready: Ready, url: string): void
  hear(fact: HeardFact): void
  close(): void
}

export type EdgeCacheOptions = {
  maxBytes: number
  now?: () => number
  /** Shortest time between two drops of a collection tag. */
  everyMs?: number
  later?: (work: () => void, ms: number) => () => void
}

const longestUrl = 500
const mostUrls = 16
/** What an entry costs beside its bytes. */
const overhead = 1_000

const timer = (work: () => void, ms: number): (() => void) => {
  const handle = setTimeout(work, ms)
  handle.unref()
  return () => clearTimeout(handle)
}

const validators = new Set(['cache-control', 'vary'])

const laidOut = (slot: Slot, made: Made, expiresAt: number): Ready => {
  const etag = etagOf(made.body)
  const lasting = made.headers.filter(([name]) => validators.has(name.toLowerCase()))
  return {
    ...slot,
    ...made,
    etag,
    expiresAt,
    urls: [],
    head: ['ETag', etag, 'Content-Length', String(made.body.length), ...made.headers.flat()],
    headOfKnown: ['ETag', etag, ...lasting.flat()],
  }
}

/** Strong: equal bytes, equal tag. */
export const etagOf = (body: Uint8Array): string => `"${hash('sha256', body, 'base64url').slice(0, 27)}"`

/**
 * Ready bytes of public GETs. A fact drops what it touches, at once for single objects and at most once a second for
 * collections (but always once more after the last fact); a read that began before a drop is answered but not kept; a
 * short time to live is the net under lost facts.
 */
export const createEdgeCache = (options: EdgeCacheOptions): EdgeCache => {
  const { now = Date.now, everyMs = 1_000, later = timer } = options
  const drops = createDrops()
  const byTag = new Map<string, Set<Ready>>()
  const byUrl: Record<Locale, Map<string, Ready>> = { en: new Map(), 'zh-CN': new Map() }
  const flights = new Map<string, Promise<Ready>>()
  const droppedAt = new Map<string, number>()
  const waiting = new Map<string, () => void>()

  const unlink = (ready: Ready): void => {
    for (const url of ready.urls) byUrl[ready.locale].delete(url)
    for (const tag of ready.tags ?? []) {
      const tagged = byTag.get(tag)
      tagged?.delete(ready)
      if (tagged?.size === 0) byTag.delete(tag)
    }
  }

  const kept = new LRUCache<string, Ready>({
    maxSize: options.maxBytes,
    maxEntrySize: Math.floor(options.maxBytes / 16),
    sizeCalculation: (ready) => ready.body.length + ready.key.length * 2 + overhead,
    dispose: unlink,
  })

  const drop = (tag: string): void => {
    drops.drop(tag)
    for (const ready of [...(byTag.get(tag) ?? [])]) kept.delete(ready.key)
  }

  const dropCollection = (tag: string): void => {
    if (waiting.has(tag)) return
    const wait = (droppedAt.get(tag) ?? Number.NEGATIVE_INFINITY) + everyMs - now()
    const dropNow = (): void => {
      waiting.delete(tag)
      droppedAt.set(tag, now())
      drop(tag)
    }
    if (wait <= 0) dropNow()
    else waiting.set(tag, later(dropNow, wait))
  }

  const keep = (ready: Ready): void => {
    kept.set(ready.key, ready)
    if (kept.peek(ready.key) !== ready) return
    for (const tag of ready.tags ?? []) {
      const tagged = byTag.get(tag)
      if (tagged) tagged.add(ready)
      else byTag.set(tag, new Set([ready]))
    }
  }

  const read = async (slot: Slot, make: () => Promise<Made>): Promise<Ready> => {
    const generation = drops.begin()
    try {
      const made = await make()
      // Spread over a tenth, so that what was read together does not run out together.
      const ready = laidOut(slot, made, now() + slot.ttlMs * (0.9 + Math.random() / 10))
      if (made.status === 200 && made.tags && !drops.since(generation, made.tags)) keep(ready)
      return ready
    } finally {
      drops.end()
      flights.delete(slot.key)
    }
  }

  const fresh = (ready: Ready | undefined): Ready | undefined => {
    if (!ready || ready.expiresAt > now()) return ready
    kept.delete(ready.key)
    return undefined
  }

  return {
    get: (key) => fresh(kept.get(key)),
    getByUrl: (locale, url) => {
      const ready = byUrl[locale].get(url)
      return ready && fresh(kept.get(ready.key))
    },
    fill: (slot, make) => {
      const flight = flights.get(slot.key)
      if (flight) return flight
      const started = read(slot, make)
      flights.set(slot.key, started)
      return started
    },
    remember: (ready, url) => {
      if (url.length > longestUrl || ready.urls.length >= mostUrls || kept.peek(ready.key) !== ready) return
      if (byUrl[ready.locale].get(url) === ready) return
      byUrl[ready.locale].set(url, ready)
      ready.urls.push(url)
    },
    hear: (fact) => {
      for (const tag of factTags(fact)) {
        if (collectionTags.has(tag)) dropCollection(tag)
        else drop(tag)
      }
    },
    close: () => {
      for (const cancel of waiting.values()) cancel()
      waiting.clear()
    },
  }
}
