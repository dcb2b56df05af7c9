import type { Media } from '@souk/contract/catalog'
import { type Db, type Query, sql } from '@souk/platform'
import { mediaUrl } from '../domain/pictures.ts'

export type StoredMedia = { hash: string; width: number; height: number; cutout: boolean; bytes: number }

const asMedia = ({ hash, width, height, cutout }: Omit<StoredMedia, 'bytes'>): Media => ({
  url: mediaUrl(hash),
  width,
  height,
  cutout,
  alt: '',
})

/** Remembers a picture; the same content again is the same picture. */
export const saveMedia = async ({ schema }: Db, query: Query, media: StoredMedia): Promise<Media> => {
  await query.run(sql`
    insert into ${schema}.media (hash, width, height, cutout, bytes)
    values (${media.hash}, ${media.width}, ${media.height}, ${media.cutout}, ${media.bytes}) on conflict do nothing`)
  return asMedia(media)
}

/** Uploaded pictures by content hash. */
export const findMedia = async (
  { schema }: Db,
  query: Query,
  hashes: readonly string[],
): Promise<Map<string, Media>> => {
  if (hashes.length === 0) return new Map()
  const rows = await query.all<Omit<StoredMedia, 'bytes'>>(
    sql`select hash, width, height, cutout from ${schema}.media where hash = any(${hashes})`,
  )
  return new Map(rows.map((row) => [row.hash, asMedia(row)]))
}
