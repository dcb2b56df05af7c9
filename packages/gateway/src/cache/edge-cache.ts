import type { Locale } from '@souk/platform'
import type { HeardFact } from '../options.ts'
import { createDrops } from './drops.ts'
import { laidOut, type Made, type Ready, type Slot } from './ready.ts'
import { createShelf } from './shelf.ts'
import { createTagDrops, type TagDropOptions } from './tag-drops.ts'
import { collectionTags, factTags } from './tags.ts'

export type EdgeCache = {
  get(key: string): Ready | undefined
  /** By raw address and language: no parsing, for addresses seen before. */
  getByUrl(locale: Locale, url: string): Ready | undefined
  /** The answer that `make` reads; callers that come meanwhile share that read. */
  fill(slot: Slot, make: () => Promise<Made>): Promise<Ready>
  /** Lets this raw address find the answer next time. */
  remember(ready: Ready, url: string): void
  hear(fact: HeardFact): void
  close(): void
}

export type EdgeCacheOptions = {
  maxBytes: number
  now?: () => number
  later?: TagDropOptions['later']
}

/** Shortest time between two drops of a collection. */
const everyMs = 1_000

const timer: TagDropOptions['later'] = (work, ms) => {
  const handle = setTimeout(work, ms).unref()
  return () => clearTimeout(handle)
}

/**
 * Ready bytes of public GETs. Facts drop what they touch; a read that began before a drop is answered but not kept, so it
 * cannot overwrite what came after; a short time to live is the net under lost facts.
 */
export const createEdgeCache = ({ maxBytes, now = Date.now, later = timer }: EdgeCacheOptions): EdgeCache => {
  const shelf = createShelf(maxBytes)
  const drops = createDrops()
  const flights = new Map<string, Promise<Ready>>()
  const tagDrops = createTagDrops({
    isCollection: (tag) => collectionTags.has(tag),
    drop: (tag) => {
      drops.drop(tag)
      shelf.removeTagged(tag)
    },
    now,
    everyMs,
    later,
  })

  const read = async (slot: Slot, make: () => Promise<Made>): Promise<Ready> => {
    const generation = drops.begin()
    try {
      const made = await make()
      // Spread over a tenth, so that what was read together does not run out together.
      const ready = laidOut(slot, made, now() + slot.ttlMs * (0.9 + Math.random() / 10))
      if (made.status === 200 && made.tags && !drops.since(generation, made.tags)) shelf.put(ready)
      return ready
    } finally {
      drops.end()
      flights.delete(slot.key)
    }
  }

  const fresh = (ready: Ready | undefined): Ready | undefined => {
    if (!ready || ready.expiresAt > now()) return ready
    shelf.remove(ready)
    return undefined
  }

  return {
    get: (key) => fresh(shelf.get(key)),
    getByUrl: (locale, url) => fresh(shelf.getByUrl(locale, url)),
    fill: (slot, make) => {
      const flight = flights.get(slot.key) ?? read(slot, make)
      flights.set(slot.key, flight)
      return flight
    },
    remember: shelf.remember,
    hear: (fact) => factTags(fact).forEach(tagDrops.drop),
    close: tagDrops.close,
  }
}
