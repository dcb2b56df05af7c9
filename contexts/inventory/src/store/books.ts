import type { HoldState, StockBand } from '@souk/contract/inventory'
import { newId } from '@souk/kernel'
import { type OutboxFact, publishCtes, type Query, type Sql, sql } from '@souk/platform'
import type { Books, Hold, Level, Sku } from '../domain/books.ts'

/** What to open: these SKUs, all attempts of these order ids and the SKUs of their lines. */
export type Scope = { skuIds: readonly string[]; orderIds: readonly string[] }

type LevelRow = {
  sku_id: string
  warehouse_id: string
  on_hand: number
  reserved: number
  allocated: number
  safety_stock: number
  band: StockBand
  version: number
}
type HoldRow = {
  order_id: string
  attempt: number
  external: boolean
  state: HoldState
  attached: boolean
  expires_at: Date
  check_at: Date
  version: number
  lines: [skuId: string, warehouseId: string, quantity: number, shipped: number][]
}

/** A hold appeared between locking and reading. Its SQLSTATE makes the database door run the transaction again. */
class HoldsMoved extends Error {
  readonly code = '40001'
}

const toLevel = (row: LevelRow): Level => {
  const was = {
    onHand: row.on_hand,
    reserved: row.reserved,
    allocated: row.allocated,
    safetyStock: row.safety_stock,
  }
  return { skuId: row.sku_id, warehouseId: row.warehouse_id, ...was, was }
}

const toHold = (row: HoldRow): Hold => {
  const lines = row.lines.map(([skuId, warehouseId, quantity, shipped]) => ({ skuId, warehouseId, quantity, shipped }))
  const { state, attached, version } = row
  const checkAt = row.check_at.getTime()
  return {
    orderId: row.order_id,
    attempt: row.attempt,
    external: row.external,
    expiresAt: row.expires_at.getTime(),
    state,
    attached,
    checkAt,
    version,
    lines,
    was: { state, attached, checkAt, version, shipped: lines.map((line) => line.shipped) },
  }
}

const grouped = <T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group) group.push(row)
    else groups.set(key(row), [row])
  }
  return groups
}

/** The statements that open books. */
export const openingStatements = (schema: Sql, { skuIds, orderIds }: Scope) => {
  const concerned = sql`sku_id in (
    select unnest(${skuIds}::text[]) union select sku_id from ${schema}.hold_line where order_id = any(${orderIds}::uuid[]))`
  return {
    /** All rows of the SKUs, in one order for everybody: no two transactions can wait for each other. */
    lock: sql`
      select sku_id from ${schema}.stock where ${concerned} order by sku_id, warehouse_id for update`,
    levels: sql`
      select s.sku_id, s.warehouse_id, s.on_hand, s.reserved, s.allocated, s.safety_stock, k.band, k.version
      from ${schema}.stock s join ${schema}.sku k using (sku_id) join ${schema}.warehouse w on w.id = s.warehouse_id
      where s.${concerned} order by s.sku_id, w.is_default desc, w.created_at, w.id`,
    holds: sql`
      select h.order_id, h.attempt, h.external, h.state, h.attached, h.expires_at, h.check_at, h.version,
        coalesce((select json_agg(json_build_array(l.sku_id, l.warehouse_id, l.quantity, l.shipped) order by l.sku_id, l.warehouse_id)
          from ${schema}.hold_line l where l.order_id = h.order_id and l.attempt = h.attempt), '[]') as lines
      from ${schema}.hold h where h.order_id = any(${orderIds}::uuid[]) order by h.order_id, h.attempt`,
    now: sql`select floor(extract(epoch from now()) * 1000)::int8 as now`,
  }
}

/** SQL that opens and saves books; `schema` is the context's qualified name. */
export const createBooksStore = (schema: Sql) => {
  /**
   * Locks, then reads with a fresh snapshot, so that what was committed while we waited is seen; sent in one round trip.
   */
  const open = async (tx: Query, scope: Scope): Promise<Books> => {
    const statements = openingStatements(schema, scope)
    const [locked, rows, holdRows, time] = await Promise.all([
      tx.all<{ sku_id: string }>(statements.lock),
      tx.all<LevelRow>(statements.levels),
      tx.all<HoldRow>(statements.holds),
      tx.one<{ now: number }>(statements.now),
    ])
    const ours = new Set(locked.map((row) => row.sku_id))
    if (rows.some((row) => !ours.has(row.sku_id))) throw new HoldsMoved('not all stock rows are locked')
    const skus = new Map<string, Sku>()
    for (const row of rows)
      if (!skus.has(row.sku_id))
        skus.set(row.sku_id, { skuId: row.sku_id, band: row.band, version: row.version, was: row.version })
    return {
      now: time?.now ?? 0,
      levels: grouped(rows.map(toLevel), (level) => level.skuId),
      skus,
      holds: grouped(holdRows.map(toHold), (hold) => hold.orderId),
      moves: [],
      facts: [],
    }
  }

  /** Makes sure that a row exists for each SKU in the warehouse; with `known` only where the SKU already exists. */
  const ensure = async (tx: Query, skuIds: readonly string[], warehouseId: string, known: boolean): Promise<void> => {
    if (!known)
      await tx.run(sql`
        insert into ${schema}.sku (sku_id, band, version)
        select t.id, 'OUT_OF_STOCK', 0 from unnest(${skuIds}::text[]) t(id) order by t.id on conflict do nothing`)
    await tx.run(sql`
      insert into ${schema}.stock (sku_id, warehouse_id)
      select sku_id, ${warehouseId}::uuid from ${schema}.sku where sku_id = any(${skuIds}::text[]) order by sku_id on conflict do nothing`)
  }

  /**
   * The statement that writes every difference, counters as deltas, and fails when a locked row is not as it was read;
   * `facts` join it when the caller wakes the relay.
   */
  const saving = (books: Books, facts: readonly OutboxFact[]): Sql => saveStatement(schema, difference(books), facts)

  return { open, ensure, saving }
}

type Difference = ReturnType<typeof difference>

const difference = (books: Books) => {
  // In one order for everybody: two transactions that insert the same ids cannot wait for each other.
  const holds = [...books.holds.values()].sort(([a], [b]) => ((a?.orderId ?? '') < (b?.orderId ?? '') ? -1 : 1)).flat()
  const fresh = holds.filter((hold) => !hold.was)
  const stored = holds.filter((hold) => hold.was)
  return {
    levels: [...books.levels.values()]
      .flat()
      .filter(
        (l) =>
          l.onHand !== l.was.onHand ||
          l.reserved !== l.was.reserved ||
          l.allocated !== l.was.allocated ||
          l.safetyStock !== l.was.safetyStock,
      ),
    skus: [...books.skus.values()].filter((sku) => sku.version !== sku.was),
    fresh,
    freshLines: fresh.flatMap((hold) =>
      hold.lines.map((line) => ({ ...line, orderId: hold.orderId, attempt: hold.attempt })),
    ),
    changed: stored.filter(
      ({ was, ...hold }) =>
        was &&
        (was.state !== hold.state ||
          was.version !== hold.version ||
          was.attached !== hold.attached ||
          was.checkAt !== hold.checkAt),
    ),
    shipped: stored.flatMap((hold) =>
      hold.lines
        .filter((line, place) => line.shipped !== hold.was?.shipped[place])
        .map((line) => ({ ...line, orderId: hold.orderId, attempt: hold.attempt })),
    ),
    moves: books.moves,
  }
}

const at = (ms: number): string => new Date(ms).toISOString()

const stockCtes = (schema: Sql, { levels, skus, moves }: Difference): Sql => sql`
  stock_rows as (
    update ${schema}.stock s set on_hand = s.on_hand + t.on_hand, reserved = s.reserved + t.reserved, allocated = s.allocated + t.allocated,
      safety_stock = s.safety_stock + t.safety_stock
    from unnest(${levels.map((l) => l.skuId)}::text[], ${levels.map((l) => l.warehouseId)}::uuid[], ${levels.map((l) => l.onHand - l.was.onHand)}::int8[],
      ${levels.map((l) => l.reserved - l.was.reserved)}::int8[], ${levels.map((l) => l.allocated - l.was.allocated)}::int8[],
      ${levels.map((l) => l.safetyStock - l.was.safetyStock)}::int8[])
      t(sku_id, warehouse_id, on_hand, reserved, allocated, safety_stock)
    where s.sku_id = t.sku_id and s.warehouse_id = t.warehouse_id returning 1),
  sku_rows as (
    update ${schema}.sku k set band = t.band, version = t.version
    from unnest(${skus.map((k) => k.skuId)}::text[], ${skus.map((k) => k.band)}::text[], ${skus.map((k) => k.version)}::int8[]) t(sku_id, band, version)
    where k.sku_id = t.sku_id),
  movement_rows as (
    insert into ${schema}.movement (id, sku_id, warehouse_id, kind, quantity, reason, actor, reference)
    select * from unnest(${moves.map(() => newId())}::uuid[], ${moves.map((m) => m.skuId)}::text[], ${moves.map((m) => m.warehouseId)}::uuid[],
      ${moves.map((m) => m.kind)}::text[], ${moves.map((m) => m.quantity)}::int8[], ${moves.map((m) => m.reason)}::text[],
      ${moves.map((m) => m.actor)}::text[], ${moves.map((m) => m.reference)}::text[]))`

const holdCtes = (schema: Sql, { fresh, freshLines, changed, shipped }: Difference): Sql => sql`
  new_holds as (
    insert into ${schema}.hold (order_id, attempt, external, state, attached, expires_at, check_at, version)
    select * from unnest(${fresh.map((h) => h.orderId)}::uuid[], ${fresh.map((h) => h.attempt)}::int4[], ${fresh.map((h) => h.external)}::boolean[],
      ${fresh.map((h) => h.state)}::text[], ${fresh.map((h) => h.attached)}::boolean[], ${fresh.map((h) => at(h.expiresAt))}::timestamptz[],
      ${fresh.map((h) => at(h.checkAt))}::timestamptz[], ${fresh.map((h) => h.version)}::int8[])),
  new_lines as (
    insert into ${schema}.hold_line (order_id, attempt, sku_id, warehouse_id, quantity, shipped)
    select * from unnest(${freshLines.map((l) => l.orderId)}::uuid[], ${freshLines.map((l) => l.attempt)}::int4[], ${freshLines.map((l) => l.skuId)}::text[],
      ${freshLines.map((l) => l.warehouseId)}::uuid[], ${freshLines.map((l) => l.quantity)}::int8[], ${freshLines.map((l) => l.shipped)}::int8[])),
  hold_rows as (
    update ${schema}.hold h set state = t.state, attached = t.attached, check_at = t.check_at, version = t.version
    from unnest(${changed.map((h) => h.orderId)}::uuid[], ${changed.map((h) => h.attempt)}::int4[], ${changed.map((h) => h.state)}::text[],
      ${changed.map((h) => h.attached)}::boolean[], ${changed.map((h) => at(h.checkAt))}::timestamptz[], ${changed.map((h) => h.version)}::int8[],
      ${changed.map((h) => h.was?.state)}::text[], ${changed.map((h) => h.was?.version)}::int8[])
      t(order_id, attempt, state, attached, check_at, version, was_state, was_version)
    where h.order_id = t.order_id and h.attempt = t.attempt and h.state = t.was_state and h.version = t.was_version returning 1),
  shipped_rows as (
    update ${schema}.hold_line l set shipped = t.shipped
    from unnest(${shipped.map((l) => l.orderId)}::uuid[], ${shipped.map((l) => l.attempt)}::int4[], ${shipped.map((l) => l.skuId)}::text[],
      ${shipped.map((l) => l.warehouseId)}::uuid[], ${shipped.map((l) => l.shipped)}::int8[]) t(order_id, attempt, sku_id, warehouse_id, shipped)
    where l.order_id = t.order_id and l.attempt = t.attempt and l.sku_id = t.sku_id and l.warehouse_id = t.warehouse_id)`

const saveStatement = (schema: Sql, written: Difference, facts: readonly OutboxFact[]): Sql => sql`
  with ${stockCtes(schema, written)}, ${holdCtes(schema, written)}, ${publishCtes(schema, facts)}
  select ${schema}.require_rows((select count(*) from stock_rows), ${written.levels.length}),
    ${schema}.require_rows((select count(*) from hold_rows), ${written.changed.length})`

export type BooksStore = ReturnType<typeof createBooksStore>
