import type { OrderStatus, OrderStatus_Value } from '@souk/contract/order'
import { fromPageToken, invalid, isId, page, pageSize } from '@souk/kernel'
import { type Db, empty, type Sql, sql } from '@souk/platform'
import { typedNumber } from '../domain/number.ts'
import type { GroupStatus, Order } from '../domain/order.ts'
import type { Summary } from '../domain/present.ts'
import { type LineJson, linesFromJson } from './lines.ts'

/** Which orders; undefined means any. */
export type Filter = { buyerId?: string | undefined; status?: OrderStatus | undefined; q?: string | undefined }

type Page = { pageSize: number; pageToken: string }

type Row = {
  id: string
  number: string
  buyer_id: string
  status: Order['status']
  currency: string
  total: number
  quantity: number
  captured: number
  refunded: number
  paid: boolean
  on_delivery: boolean
  pay_before: Date
  created_at: Date
  lines: LineJson[]
  group_statuses: GroupStatus[]
}

const summaryFromRow = (row: Row): Summary => ({
  id: row.id,
  number: row.number,
  buyerId: row.buyer_id,
  status: row.status,
  currency: row.currency,
  total: row.total,
  quantity: row.quantity,
  captured: row.captured,
  refunded: row.refunded,
  paid: row.paid,
  onDelivery: row.on_delivery,
  payBefore: row.pay_before,
  createdAt: row.created_at,
  lines: linesFromJson(row.lines),
  groupStatuses: row.group_statuses,
})

/** The last instant that every side of the database driver can write. */
const endOfTime = 253_402_300_799_999

const before = (pageToken: string): Sql => {
  const position = fromPageToken(pageToken, ['number', 'string'] as const)
  if (!position) return empty
  const [at, id] = position
  if (!Number.isSafeInteger(at) || at < 0 || at > endOfTime || !isId(id))
    throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
  return sql`and (created_at, id) < (${new Date(at).toISOString()}::timestamptz, ${id}::uuid)`
}

/** An order number or an id, in full. */
const named = (q: string): Sql => (isId(q) ? sql`and id = ${q}::uuid` : sql`and number = ${typedNumber(q)}`)

/** An absent status is no filter. */
export const wantedStatus = (status: OrderStatus_Value): OrderStatus | undefined =>
  status === 'UNSPECIFIED' ? undefined : status

export type OrderLists = ReturnType<typeof createOrderLists>

export const createOrderLists = (db: Db) => ({
  /** Newest first; each with its first five lines. */
  list: async ({ buyerId, status, q }: Filter, { pageSize: asked, pageToken }: Page) => {
    const size = pageSize(asked)
    const after = before(pageToken)
    if (buyerId !== undefined && !isId(buyerId)) return { items: [], nextPageToken: '' }
    const rows = await db.all<Row>(sql`
      select id, number, buyer_id, status, currency, total, quantity, captured, refunded, paid, on_delivery, pay_before, created_at,
        jsonb_path_query_array(lines, '$[0 to 4]') as lines, jsonb_path_query_array(groups, '$[*].status') as group_statuses
      from ${db.schema}.orders
      where true ${buyerId === undefined ? empty : sql`and buyer_id = ${buyerId}::uuid`} ${status ? sql`and status = ${status}` : empty}
        ${q ? named(q) : empty} ${after}
      order by created_at desc, id desc limit ${size + 1}`)
    return page(rows.map(summaryFromRow), size, (order) => [order.createdAt.getTime(), order.id])
  },
})
