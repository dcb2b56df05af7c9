import type { Availability } from '@souk/contract/catalog'
import { type Db, sql } from '@souk/platform'

export type QuotedSku = {
  id: string
  product_id: string
  code: string
  slug: string
  name: string
  names: Record<string, string>
  options: Record<string, string>
  labels: Record<string, Record<string, string>>
  image: string
  currency: string
  price: number
  list_price: number | null
  availability: Availability
  merchant_id: string
  weight: number
  buyable: boolean
  hue: number | null
}

/** What an order freezes of SKUs, known ones only, in one statement. */
export const quoteSkus = ({ schema, all }: Db, ids: readonly string[]): Promise<QuotedSku[]> =>
  all(sql`
    select s.id, s.product_id, s.code, p.slug, p.name, p.names, s.options, s.labels, p.currency, s.price, s.list_price,
      coalesce(nullif(s.image, ''), p.pictures -> 0 ->> 'url', '') as image, coalesce(k.band, 'OUT_OF_STOCK') as availability,
      p.merchant_id, s.weight, p.state = 'PUBLISHED' and not s.retired as buyable,
      (select c.hue from ${schema}.category c where c.id = p.category_ids[1]) as hue
    from ${schema}.sku s join ${schema}.product p on p.id = s.product_id left join ${schema}.sku_stock k on k.sku_id = s.id
    where s.id = any(${ids}::uuid[])`)
