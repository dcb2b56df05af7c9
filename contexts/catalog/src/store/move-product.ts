import type { PublishState } from '@souk/contract/catalog'
import { type Db, type Query, type Sql, sql } from '@souk/platform'

/** Sets the state of a product that is in `from`; false when it is not (any more). */
export const moveProduct = async (
  { schema }: Db,
  tx: Query,
  id: string,
  { from, to }: { from: PublishState; to: PublishState },
): Promise<boolean> =>
  (await tx.run(sql`
    update ${schema}.product set state = ${to}, publish_requested = false, updated_at = now(),
      published_at = case when ${to} = 'PUBLISHED' then coalesce(published_at, now()) else published_at end
    where id = ${id}::uuid and state = ${from}`)) === 1

/** Publishes those of the products that wait for it and whose SKUs inventory knows; answers which. */
export const publishWaiting = async ({ schema }: Db, tx: Query, ids: readonly string[]): Promise<string[]> => {
  const rows = await tx.all<{ id: string }>(sql`
    update ${schema}.product p set state = 'PUBLISHED', publish_requested = false, updated_at = now(),
      published_at = coalesce(published_at, now())
    where id = any(${ids}::uuid[]) and publish_requested and state in ('DRAFT', 'UNPUBLISHED')
      and not exists (select from ${schema}.sku s where s.product_id = p.id and not s.received)
    returning id`)
  return rows.map(({ id }) => id)
}

/** Whether these products stand in the shop. */
export const publishedAmong = async ({ schema }: Db, query: Query, ids: readonly string[]): Promise<Set<string>> =>
  new Set(
    (
      await query.all<{ id: string }>(
        sql`select id from ${schema}.product where id = any(${ids}::uuid[]) and state = 'PUBLISHED'`,
      )
    ).map(({ id }) => id),
  )

/** Takes `count` fact versions of a product, whose row stays locked; answers the last of them. */
export const takeFactVersions = async (
  { schema }: Db,
  tx: Query,
  counts: ReadonlyMap<string, number>,
): Promise<Map<string, number>> => {
  const rows = await tx.all<{ id: string; fact_version: number }>(sql`
    update ${schema}.product p set fact_version = fact_version + t.count
    from unnest(${[...counts.keys()]}::uuid[], ${[...counts.values()]}::int[]) t(id, count)
    where p.id = t.id returning p.id, p.fact_version`)
  return new Map(rows.map(({ id, fact_version }) => [id, fact_version]))
}

const shelves = (schema: Sql): Sql => sql`
  select 'all' as shelf
  union select 'b:' || lower(p.brand) where p.brand <> ''
  union select 'c:' || step.id from ${schema}.category c cross join lateral unnest(c.path) step(id) where c.id = any(p.category_ids)`

/** Puts published products on the shelves where they belong and takes all others off. */
export const refreshListing = async ({ schema }: Db, tx: Query, productIds: readonly string[]): Promise<void> => {
  if (productIds.length === 0) return
  await tx.run(sql`
    with wanted as (
      select s.shelf, p.id, (extract(epoch from p.published_at) * 1000000)::bigint as newest, p.price, lower(p.name) as sort_name
      from ${schema}.product p cross join lateral (${shelves(schema)}) s
      where p.id = any(${productIds}::uuid[]) and p.state = 'PUBLISHED'),
    gone as (
      delete from ${schema}.listing l where l.product_id = any(${productIds}::uuid[])
        and not exists (select from wanted w where w.id = l.product_id and w.shelf = l.shelf))
    insert into ${schema}.listing as l (shelf, product_id, newest, price, sort_name)
    select shelf, id, newest, price, sort_name from wanted
    on conflict (shelf, product_id) do update set newest = excluded.newest, price = excluded.price, sort_name = excluded.sort_name
    where (l.newest, l.price, l.sort_name) is distinct from (excluded.newest, excluded.price, excluded.sort_name)`)
}
