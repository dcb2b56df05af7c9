import { type Db, type Query, sql } from '@souk/platform'

export type WantedPicture = {
  productId: string
  url: string
  row: number
  place: number
  alt: string
  gallery: boolean
  skuIds: string[]
}

export type ImportPicture = WantedPicture & { hash: string | null }

/** Notes pictures to fetch; one that was fetched before keeps what it became. */
export const wantPictures = async (
  { schema }: Db,
  tx: Query,
  job: string,
  wanted: readonly WantedPicture[],
): Promise<void> => {
  if (wanted.length === 0) return
  await tx.run(sql`
    insert into ${schema}.import_picture as i (product_id, url, job_id, row, place, alt, gallery, sku_ids, state)
    select "productId", url, ${job}::uuid, row, place, alt, gallery, "skuIds", 'WAITING'
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
      as t("productId" uuid, url text, row integer, place integer, alt text, gallery boolean, "skuIds" uuid[])
    on conflict (product_id, url) do update set job_id = excluded.job_id, row = excluded.row, place = excluded.place,
      alt = excluded.alt, gallery = excluded.gallery, sku_ids = excluded.sku_ids, state = 'WAITING'`)
}

const columns = sql`product_id as "productId", url, row, place, alt, gallery, sku_ids as "skuIds", hash`

/** Some pictures of a job that still have to be fetched. */
export const waitingPictures = ({ schema }: Db, query: Query, job: string, limit: number): Promise<ImportPicture[]> =>
  query.all(sql`
    select ${columns} from ${schema}.import_picture where job_id = ${job}::uuid and state = 'WAITING'
    order by row, place limit ${limit}`)

/** What of a product's pictures has arrived. */
export const arrivedPictures = (
  { schema }: Db,
  query: Query,
  productId: string,
): Promise<(WantedPicture & { hash: string })[]> =>
  query.all(
    sql`select ${columns} from ${schema}.import_picture where product_id = ${productId}::uuid and state = 'DONE'`,
  )

/** A picture has arrived as `hash`, or will not come. */
export const settlePicture = async (
  { schema }: Db,
  tx: Query,
  { productId, url }: Pick<WantedPicture, 'productId' | 'url'>,
  hash: string | undefined,
): Promise<void> =>
  void (await tx.run(sql`
    update ${schema}.import_picture set state = ${hash ? 'DONE' : 'FAILED'}, hash = ${hash ?? null}
    where product_id = ${productId}::uuid and url = ${url}`))
