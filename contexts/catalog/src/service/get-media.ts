import type { GetMediaRequest } from '@souk/contract/catalog'
import type { RawAnswer } from '@souk/contract/common'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { originalName, type PictureFormat, parseMediaName } from '../domain/pictures.ts'
import { notFound } from '../faults.ts'

const forever = 'public, max-age=31536000, immutable'
/** What is served instead of a copy that is still being made. */
const shortly = 'public, max-age=5'
const patienceMs = 1200

const answer = (body: Uint8Array, format: PictureFormat, cacheControl: string): RawAnswer => ({
  contentType: `image/${format}`,
  body,
  headers: {
    'cache-control': cacheControl,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
  },
  status: 0,
})

const inTime = async <T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/**
 * A picture or one of its smaller copies, made when first asked for. While a copy is being made for too long, the
 * original is served in its place, to be asked for again soon.
 */
export const getMedia = ({ encoder, pictures, clock }: Pick<Deps, 'encoder' | 'pictures' | 'clock'>) => {
  const making = new Map<string, Promise<Buffer | undefined>>()
  const make = (name: string, original: Buffer, width: number, format: PictureFormat): Promise<Buffer | undefined> => {
    const known = making.get(name)
    if (known) return known
    const made = encoder
      .variant(original, width, format)
      .then(async (bytes) => {
        await pictures.write(name, bytes)
        return bytes
      })
      // The original is served instead, and the next asker tries again.
      .catch(() => undefined)
      .finally(() => making.delete(name))
    making.set(name, made)
    return made
  }
  return async ({ name }: GetMediaRequest, call: Call): Promise<RawAnswer> => {
    const asked = parseMediaName(name)
    if (!asked) throw notFound()
    const ready = await pictures.read(name)
    if (ready) return answer(ready, asked.format, forever)
    const original = asked.width ? await pictures.read(originalName(asked.hash)) : undefined
    if (!asked.width || !original) throw notFound()
    const patience = Math.min(patienceMs, (call.deadline - clock.now().getTime()) / 2)
    const made = await inTime(make(name, original, asked.width, asked.format), patience)
    return made ? answer(made, asked.format, forever) : answer(original, 'webp', shortly)
  }
}
