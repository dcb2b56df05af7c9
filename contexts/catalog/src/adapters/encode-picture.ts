import { createHash } from 'node:crypto'
import { Fault } from '@souk/kernel'
import type { PictureFormat } from '../domain/pictures.ts'
import { pictureRefused, tooBusy } from '../faults.ts'

export type EncodedPicture = {
  bytes: Buffer
  /** Content hash, 32 hex digits. */
  hash: string
  width: number
  height: number
  /** Some of it is really transparent. */
  cutout: boolean
}

/** Makes pictures, one at a time; refuses with OVERLOADED when too many wait. */
export type Encoder = {
  /** What an upload becomes. `load` is asked for the bytes when their turn comes. @throws PICTURE_REFUSED */
  original(load: () => Promise<Buffer>): Promise<EncodedPicture>
  /** A smaller copy of one of our own originals. */
  variant(original: Buffer, width: number, format: PictureFormat): Promise<Buffer>
}

const mostBytes = 15 * 1024 * 1024
const mostPixels = 50_000_000
const longestSide = 2400
const mostWaiting = 64
const secondsPerPicture = 15

const starts: Record<string, readonly [offset: number, bytes: readonly number[]][]> = {
  jpeg: [[0, [0xff, 0xd8, 0xff]]],
  png: [[0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]]],
  gif: [[0, [0x47, 0x49, 0x46, 0x38]]],
  webp: [
    [0, [0x52, 0x49, 0x46, 0x46]],
    [8, [0x57, 0x45, 0x42, 0x50]],
  ],
  heif: [[4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69]]],
}

/** What the first bytes say a file is; undefined for all but our five formats. */
export const sniffPicture = (bytes: Buffer): string | undefined =>
  Object.keys(starts).find((format) =>
    starts[format]!.every(([offset, word]) => word.every((byte, place) => bytes[offset + place] === byte)),
  )

type Sharp = typeof import('sharp')['default']

const mustBePicture = async (sharp: Sharp, bytes: Buffer): Promise<void> => {
  if (bytes.length > mostBytes) throw pictureRefused('more than 15 MB')
  const format = sniffPicture(bytes)
  if (!format) throw pictureRefused('not a JPEG, PNG, WebP, AVIF or GIF picture')
  const found = await sharp(bytes, { limitInputPixels: mostPixels }).metadata()
  if (found.format !== format) throw pictureRefused('the content is not what it says it is')
  if (!found.width || !found.height || found.width * found.height > mostPixels)
    throw pictureRefused('more than 50 megapixels')
}

/** Alpha below this counts as seen through. */
const opaque = 250

const isCutout = async (sharp: Sharp, webp: Buffer): Promise<boolean> => {
  const { hasAlpha } = await sharp(webp).metadata()
  if (!hasAlpha) return false
  const small = sharp(webp).resize(128, 128, { fit: 'inside', withoutEnlargement: true })
  const alpha = await small.extractChannel('alpha').raw().toBuffer()
  return alpha.some((value) => value < opaque)
}

/** Decoded and written anew: metadata, trailing bytes and whatever else was inside are gone. */
const encodeOriginal = async (sharp: Sharp, bytes: Buffer): Promise<EncodedPicture> => {
  await mustBePicture(sharp, bytes)
  const { data, info } = await sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error' })
    .timeout({ seconds: secondsPerPicture })
    .rotate()
    .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 84, alphaQuality: 90, effort: 1 })
    .toBuffer({ resolveWithObject: true })
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 32)
  return { bytes: data, hash, width: info.width, height: info.height, cutout: await isCutout(sharp, data) }
}

const encodeVariant = (sharp: Sharp, original: Buffer, width: number, format: PictureFormat): Promise<Buffer> => {
  const resized = sharp(original, { limitInputPixels: mostPixels })
    .timeout({ seconds: secondsPerPicture })
    .resize(width, undefined, { withoutEnlargement: true })
  return (
    format === 'avif' ? resized.avif({ quality: 55, effort: 1 }) : resized.webp({ quality: 80, effort: 2 })
  ).toBuffer()
}

/** An encoder; the picture library is loaded at its first use and works on one thread. */
export const createEncoder = (): Encoder => {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  let library: Promise<Sharp> | undefined
  const load = () => {
    library ??= import('sharp').then(({ default: sharp }) => {
      sharp.concurrency(1)
      sharp.cache(false)
      return sharp
    })
    return library
  }
  const inTurn = <T>(work: (sharp: Sharp) => Promise<T>): Promise<T> => {
    if (waiting >= mostWaiting) return Promise.reject(tooBusy('pictures'))
    waiting++
    const turn = last.then(async () => work(await load())).finally(() => waiting--)
    last = turn.catch(() => {})
    return turn
  }
  return {
    original: (bytes) =>
      inTurn(async (sharp) => {
        const found = await bytes()
        return encodeOriginal(sharp, found).catch((error: unknown) => {
          throw error instanceof Fault ? error : pictureRefused('cannot be read as a picture', error)
        })
      }),
    variant: (original, width, format) => inTurn((sharp) => encodeVariant(sharp, original, width, format)),
  }
}
