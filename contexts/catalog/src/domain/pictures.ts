import type { Media } from '@souk/contract/catalog'
import type { Problem } from './problem.ts'

/** Widths a picture is offered in, pixels. */
export const variantWidths = [160, 320, 512, 768, 1200] as const
export type PictureFormat = 'webp' | 'avif'

export type MediaName = { hash: string; width: number | undefined; format: PictureFormat }

/** `<hash>.webp` or `<hash>-<width>.<webp|avif>`; undefined for every other name. */
export const parseMediaName = (name: string): MediaName | undefined => {
  const match = /^([0-9a-f]{32})(?:-(\d{1,4}))?\.(webp|avif)$/.exec(name)
  if (!match) return undefined
  const format = match[3] as PictureFormat
  if (match[2] === undefined) return format === 'webp' ? { hash: match[1]!, width: undefined, format } : undefined
  const width = variantWidths.find((one) => String(one) === match[2])
  return width && { hash: match[1]!, width, format }
}

export const originalName = (hash: string): string => `${hash}.webp`
export const mediaUrl = (hash: string): string => `/media/${originalName(hash)}`

/** The content hash in one of our own picture addresses, with or without the shop's public address before it. */
export const hashInUrl = (url: string, publicUrl = ''): string | undefined => {
  const base = publicUrl.replace(/\/+$/, '')
  const path = base !== '' && url.startsWith(`${base}/`) ? url.slice(base.length) : url
  return path.startsWith('/media/') ? parseMediaName(path.slice('/media/'.length))?.hash : undefined
}

const isElsewhere = (url: string): boolean => {
  if (/^\/(?![/\\])[^\s\\]*$/.test(url) && !url.startsWith('/media/')) return true
  try {
    const { protocol, username, password } = new URL(url)
    return protocol === 'https:' && username === '' && password === ''
  } catch {
    return false
  }
}

export type KnownMedia = ReadonlyMap<string, Media>

/** The media behind a picture's address, or what is wrong with it. Pictures kept elsewhere have no known size. */
export const pictureAt = (url: string, known: KnownMedia, old: readonly Media[] = []): Media | string => {
  const kept = old.find((picture) => picture.url === url)
  if (kept) return kept
  const hash = hashInUrl(url)
  const media = hash === undefined ? undefined : known.get(hash)
  if (media) return { ...media, alt: '' }
  if (!isElsewhere(url)) return 'must be the address of an uploaded picture or an https address'
  return { url, width: 0, height: 0, cutout: false, alt: '' }
}

/** Pictures by their addresses, in order, and what is wrong with which. */
export const picturesAt = (
  urls: readonly string[],
  known: KnownMedia,
  old: readonly Media[] = [],
): { pictures: Media[]; problems: Problem[] } => {
  const pictures: Media[] = []
  const problems: Problem[] = []
  urls.forEach((url, place) => {
    const picture = pictureAt(url, known, old)
    if (typeof picture === 'string') problems.push({ field: `images[${place}]`, rule: 'picture', message: picture })
    else pictures.push(picture)
  })
  return { pictures, problems }
}
