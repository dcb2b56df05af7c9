import { empty, type Query, type Sql, sql } from '@souk/platform'
import { type Line, mostLines, mostPieces, type Snapshot } from './domain.ts'

export type StoredCart = { version: number; lines: Line[] }

type LineRow = {
  owner: string
  version: number
  sku_id: string | null
  quantity: number
  selected: boolean
  currency: string
  price: number
  product: SnapshotJson
  added_at: Date
}

/** Pairs keep the order of the options, which names in jsonb do not. */
type SnapshotJson = Omit<Snapshot, 'options'> & { options: [name: string, value: string][] }

const toJson = (product: Snapshot): SnapshotJson => ({ ...product, options: Object.entries(product.options) })
const fromJson = (product: SnapshotJson): Snapshot => ({ ...product, options: Object.fromEntries(product.options) })

const toLine = (row: LineRow, skuId: string): Line => ({
  skuId,
  quantity: row.quantity,
  selected: row.selected,
  price: { currency: row.currency, amount: row.price },
  product: fromJson(row.product),
  addedAt: row.added_at.toISOString(),
})

/** One line to put into one cart. */
export type Put = { owner: string; line: Omit<Line, 'addedAt'> }

/** SQL of this context. Every statement names the owner: nobody reads or writes another's cart. */
export const createStore = (schema: Sql) => {
  const read = async (db: Query, owners: readonly string[]): Promise<Map<string, StoredCart>> => {
    const rows = await db.all<LineRow>(sql`
      select c.owner, c.version, l.sku_id, l.quantity, l.selected, l.currency, l.price, l.product, l.added_at
      from ${schema}.cart c left join ${schema}.cart_line l on l.owner = c.owner
      where c.owner = any(${owners}::text[]) order by c.owner, l.added_at, l.sku_id`)
    const carts = new Map<string, StoredCart>()
    for (const row of rows) {
      const cart = carts.get(row.owner) ?? { version: row.version, lines: [] }
      if (row.sku_id !== null) cart.lines.push(toLine(row, row.sku_id))
      carts.set(row.owner, cart)
    }
    return carts
  }

  /** Answers which of the carts exist. In one order for everybody: nobody waits in a circle. */
  const lock = async (tx: Query, owners: readonly string[]): Promise<Set<string>> => {
    const rows = await tx.all<{ owner: string }>(
      sql`select owner from ${schema}.cart where owner = any(${owners}::text[]) order by owner for update`,
    )
    return new Set(rows.map((row) => row.owner))
  }

  const create = (tx: Query, owners: readonly string[]) =>
    tx.run(sql`
      insert into ${schema}.cart (owner) select t.owner from unnest(${owners}::text[]) t(owner) order by t.owner on conflict do nothing`)

  const bump = (changed: Sql): Sql =>
    sql`update ${schema}.cart c set version = c.version + 1, touched_at = now() where c.owner in (${changed}) returning c.owner`

  const rowsOf = (puts: readonly Put[]): Sql => sql`
    unnest(${puts.map((p) => p.owner)}::text[], ${puts.map((p) => p.line.skuId)}::text[], ${puts.map((p) => p.line.quantity)}::int4[],
      ${puts.map((p) => p.line.selected)}::boolean[], ${puts.map((p) => p.line.price.currency)}::text[], ${puts.map((p) => p.line.price.amount)}::int8[],
      ${puts.map((p) => JSON.stringify(toJson(p.line.product)))}::jsonb[]) w(owner, sku_id, quantity, selected, currency, price, product)`

  /**
   * Adds one line to each of several locked carts; answers whose line was taken: a cart has at most 500 lines, a line at
   * most 9,999 pieces.
   */
  const addLines = async (tx: Query, puts: readonly Put[]): Promise<Set<string>> => {
    const rows = await tx.all<{ owner: string }>(sql`
      with put as (
        insert into ${schema}.cart_line as l (owner, sku_id, quantity, selected, currency, price, product)
        select w.* from ${rowsOf(puts)}
        where (select count(*) from ${schema}.cart_line o where o.owner = w.owner and o.sku_id <> w.sku_id) < ${mostLines}
        order by w.owner
        on conflict (owner, sku_id) do update set quantity = l.quantity + excluded.quantity, selected = excluded.selected,
          currency = excluded.currency, price = excluded.price, product = excluded.product
          where l.quantity + excluded.quantity <= ${mostPieces}
        returning l.owner)
      ${bump(sql`select owner from put`)}`)
    return new Set(rows.map((row) => row.owner))
  }

  /** Sets lines of one locked cart. */
  const setLines = (tx: Query, owner: string, lines: readonly Line[]) =>
    tx.run(sql`
      with put as (
        insert into ${schema}.cart_line as l (owner, sku_id, quantity, selected, currency, price, product, added_at)
        select w.*, a.at from ${rowsOf(lines.map((line) => ({ owner, line })))}
          join unnest(${lines.map((l) => l.skuId)}::text[], ${lines.map((l) => l.addedAt)}::timestamptz[]) a(sku_id, at) using (sku_id)
        on conflict (owner, sku_id) do update set quantity = excluded.quantity, selected = excluded.selected)
      ${bump(sql`select ${owner}::text`)}`)

  const removeCart = (tx: Query, owner: string) => tx.run(sql`delete from ${schema}.cart where owner = ${owner}`)

  /** Answers whether the line exists. */
  const change = async (
    tx: Query,
    owner: string,
    skuId: string,
    to: { quantity: number | undefined; selected: boolean | undefined },
  ): Promise<boolean> =>
    (await tx.run(sql`
      with changed as (
        update ${schema}.cart_line set quantity = coalesce(${to.quantity ?? null}::int4, quantity), selected = coalesce(${to.selected ?? null}::boolean, selected)
        where owner = ${owner} and sku_id = ${skuId} returning owner)
      ${bump(sql`select owner from changed`)}`)) > 0

  /** Without a SKU: all lines. */
  const remove = (tx: Query, owner: string, skuId?: string) =>
    tx.run(sql`
      with gone as (
        delete from ${schema}.cart_line where owner = ${owner} ${skuId === undefined ? empty : sql`and sku_id = ${skuId}`} returning owner)
      ${bump(sql`select owner from gone`)}`)

  /** Takes ordered quantities out of locked carts; what was added beyond them stays. */
  const subtract = (tx: Query, ordered: readonly { owner: string; skuId: string; quantity: number }[]) =>
    tx.run(sql`
      with ordered as (
        select owner, sku_id, sum(quantity) as quantity
        from unnest(${ordered.map((o) => o.owner)}::text[], ${ordered.map((o) => o.skuId)}::text[], ${ordered.map((o) => o.quantity)}::int8[]) t(owner, sku_id, quantity)
        group by owner, sku_id),
      gone as (
        delete from ${schema}.cart_line l using ordered o where l.owner = o.owner and l.sku_id = o.sku_id and l.quantity <= o.quantity returning l.owner),
      less as (
        update ${schema}.cart_line l set quantity = l.quantity - o.quantity from ordered o
        where l.owner = o.owner and l.sku_id = o.sku_id and l.quantity > o.quantity returning l.owner)
      ${bump(sql`select owner from gone union select owner from less`)}`)

  const selected = (db: Query, owner: string) =>
    db.all<{ skuId: string; quantity: number }>(sql`
      select sku_id as "skuId", quantity from ${schema}.cart_line where owner = ${owner} and selected order by added_at, sku_id`)

  /** Answers how many were forgotten. */
  const forgetGuests = (db: Query, untouchedMs: number, most: number) =>
    db.run(sql`
      delete from ${schema}.cart where owner in (
        select owner from ${schema}.cart where owner like 'guest:%' and touched_at < now() - make_interval(secs => ${untouchedMs / 1000})
        order by touched_at limit ${most} for update skip locked)`)

  return { read, lock, create, addLines, setLines, removeCart, change, remove, subtract, selected, forgetGuests }
}

export type Store = ReturnType<typeof createStore>
