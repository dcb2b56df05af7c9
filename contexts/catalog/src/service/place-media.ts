import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Media, PlaceMediaRequest } from '@souk/contract/catalog'
import { audited, type Call } from '@souk/platform'
import { sniffPicture } from '../adapters/encode-picture.ts'
import type { Deps } from '../deps.ts'
import { originalName } from '../domain/pictures.ts'
import { pictureRefused } from '../faults.ts'
import { saveMedia } from '../store/media.ts'

/**
 * Takes a picture that our own tools encoded, such as the demo's: it is not decoded and written anew, which is most of
 * the time of a first start. What strangers send goes through `uploadMedia`. @throws PICTURE_REFUSED
 */
export const placeMedia =
  ({ db, pictures }: Pick<Deps, 'db' | 'pictures'>) =>
  async ({ path, width, height, cutout }: PlaceMediaRequest, call: Call): Promise<Media> => {
    const bytes = await readFile(path)
    if (sniffPicture(bytes) !== 'webp') throw pictureRefused('not a WebP picture')
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
    await pictures.write(originalName(hash), bytes)
    return db.tx(async (tx) => {
      tx.audit(audited(call, 'media.place', `media:${hash}`, { after: { width, height, bytes: bytes.length } }))
      return saveMedia(db, tx, { hash, width, height, cutout, bytes: bytes.length })
    })
  }
