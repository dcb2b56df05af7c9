import type { Locale } from '@souk/platform'
import { LRUCache } from 'lru-cache'
import type { Ready } from './ready.ts'

/** Kept answers, found by key, by tag and by raw address; the least used ones leave when the bytes run out. */
export type Shelf = {
  get(key: string): Ready | undefined
  getByUrl(locale: Locale, url: string): Ready | undefined
  put(ready: Ready): void
  remember(ready: Ready, url: string): void
  remove(ready: Ready): void
  removeTagged(tag: string): void
}

const longestUrl = 500
/** Spellings of one address that are remembered; more would let callers fill the memory with nothing. */
const mostUrls = 16
/** Bytes that an entry costs beside its body. */
const overhead = 1_000
/** One answer may take this part of the whole at most. */
const largestShare = 16

export const createShelf = (maxBytes: number): Shelf => {
  const byTag = new Map<string, Set<Ready>>()
  const byUrl: Record<Locale, Map<string, Ready>> = { en: new Map(), 'zh-CN': new Map() }
  const unlink = (ready: Ready): void => {
    const { urls, tags, locale } = ready
    for (const url of urls) byUrl[locale].delete(url)
    for (const tag of tags ?? []) {
      const tagged = byTag.get(tag)
      tagged?.delete(ready)
      if (tagged?.size === 0) byTag.delete(tag)
    }
  }
  const kept = new LRUCache<string, Ready>({
    maxSize: maxBytes,
    maxEntrySize: Math.floor(maxBytes / largestShare),
    sizeCalculation: ({ body, key }) => body.length + key.length * 2 + overhead,
    dispose: unlink,
  })
  const isKept = (ready: Ready): boolean => kept.peek(ready.key) === ready
  return {
    get: (key) => kept.get(key),
    getByUrl: (locale, url) => {
      const ready = byUrl[locale].get(url)
      // Asked by key as well, so that being used counts.
      return ready && kept.get(ready.key)
    },
    put: (ready) => {
      kept.set(ready.key, ready)
      if (!isKept(ready)) return
      for (const tag of ready.tags ?? []) byTag.set(tag, (byTag.get(tag) ?? new Set()).add(ready))
    },
    remember: (ready, url) => {
      if (url.length > longestUrl || ready.urls.length >= mostUrls || ready.urls.includes(url) || !isKept(ready)) return
      byUrl[ready.locale].set(url, ready)
      ready.urls.push(url)
    },
    remove: (ready) => {
      if (isKept(ready)) kept.delete(ready.key)
    },
    removeTagged: (tag) => {
      for (const ready of [...(byTag.get(tag) ?? [])]) kept.delete(ready.key)
    },
  }
}
