import { readFile, rm, stat } from 'node:fs/promises'
import type { Media, UploadMediaRequest } from '@souk/contract/catalog'
import { audited, type Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { originalName } from '../domain/pictures.ts'
import { pictureRefused } from '../faults.ts'
import { saveMedia } from '../store/media.ts'

type Needs = Pick<Deps, 'db' | 'encoder' | 'pictures'>

/** Decodes a picture, keeps what was written anew, remembers its size. @throws PICTURE_REFUSED */
export const keepPicture =
  ({ db, encoder, pictures }: Needs) =>
  async (load: () => Promise<Buffer>, call: Call | undefined): Promise<Media> => {
    const { bytes, hash, width, height, cutout } = await encoder.original(load)
    await pictures.write(originalName(hash), bytes)
    return db.tx(async (tx) => {
      if (call)
        tx.audit(audited(call, 'media.upload', `media:${hash}`, { after: { width, height, bytes: bytes.length } }))
      return saveMedia(db, tx, { hash, width, height, cutout, bytes: bytes.length })
    })
  }

/** Takes an uploaded file for a picture; the file itself is removed in any case. */
export const uploadMedia =
  (deps: Needs) =>
  async ({ upload }: UploadMediaRequest, call: Call): Promise<Media> => {
    if (!upload?.path) throw pictureRefused('no file')
    const { path } = upload
    try {
      const { size } = await stat(path)
      if (size > 15 * 1024 * 1024) throw pictureRefused('more than 15 MB')
      return await keepPicture(deps)(() => readFile(path), call)
    } finally {
      await rm(path, { force: true })
    }
  }
