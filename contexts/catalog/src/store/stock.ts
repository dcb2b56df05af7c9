import type { Availability } from '@souk/contract/catalog'
import { type Db, type Query, sql } from '@souk/platform'

/** A SKU that inventory has not been told of yet. */
export type Unreceived = { skuId: string; productId: string; quantity: number }

export type Band = { skuId: string; band: Availability; version: number }

/** SKUs of these products that inventory does not know yet. */
export const unreceivedSkus = async (
  { schema }: Db,
  query: Query,
  productIds: readonly string[],
): Promise<Unreceived[]> =>
  query.all(sql`
    select id as "skuId", product_id as "productId", initial_stock as quantity from ${schema}.sku
    where not received and product_id = any(${productIds}::uuid[]) order by product_id, place`)

export const markReceived = async ({ schema }: Db, tx: Query, skuIds: readonly string[]): Promise<void> => {
  if (skuIds.length > 0) await tx.run(sql`update ${schema}.sku set received = true where id = any(${skuIds}::uuid[])`)
}

/** The products of these SKUs. */
export const productsOf = async ({ schema }: Db, query: Query, skuIds: readonly string[]): Promise<string[]> =>
  (
    await query.all<{ id: string }>(
      sql`select distinct product_id as id from ${schema}.sku where id = any(${skuIds}::uuid[])`,
    )
  ).map(({ id }) => id)

/**
 * Takes bands that are newer than the known ones. The products are locked by the caller. Answers the published products
 * of which a shown band became another one.
 */
export const projectStock = async ({ schema }: Db, tx: Query, bands: readonly Band[]): Promise<string[]> => {
  if (bands.length === 0) return []
  const rows = await tx.all<{ id: string }>(sql`
    with news as (
      select distinct on (t.sku_id) t.* from unnest(${bands.map((b) => b.skuId)}::uuid[], ${bands.map((b) => b.band)}::text[],
        ${bands.map((b) => b.version)}::bigint[]) t(sku_id, band, version)
      order by t.sku_id, t.version desc),
    shown as (
      select n.sku_id, s.product_id, s.retired, coalesce(k.band, 'OUT_OF_STOCK') as band
      from news n join ${schema}.sku s on s.id = n.sku_id left join ${schema}.sku_stock k on k.sku_id = n.sku_id),
    written as (
      insert into ${schema}.sku_stock as k (sku_id, band, version)
      select n.sku_id, n.band, n.version from news n join shown using (sku_id)
      on conflict (sku_id) do update set band = excluded.band, version = excluded.version where k.version < excluded.version
      returning sku_id, band)
    select distinct p.id from written w join shown o using (sku_id) join ${schema}.product p on p.id = o.product_id
    where w.band <> o.band and not o.retired and p.state = 'PUBLISHED'`)
  return rows.map(({ id }) => id)
}

/** Brings the shown availability of products in line with the bands of their SKUs on sale. */
export const refreshAvailability = async ({ schema }: Db, tx: Query, productIds: readonly string[]): Promise<void> => {
  await tx.run(sql`
    update ${schema}.product p set availability = best.band
    from (
      select s.product_id, case when bool_or(k.band = 'IN_STOCK') then 'IN_STOCK' when bool_or(k.band = 'LOW') then 'LOW'
        else 'OUT_OF_STOCK' end as band
      from ${schema}.sku s left join ${schema}.sku_stock k on k.sku_id = s.id
      where s.product_id = any(${productIds}::uuid[]) and not s.retired group by s.product_id) best
    where p.id = best.product_id and p.availability <> best.band`)
}
