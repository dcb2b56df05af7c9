import type pg from 'pg'

/** Something that should not be. `subject` names the row: an order id, a SKU, an event id. */
export type Finding = { invariant: string; subject: string; detail: string }

/** One read-only snapshot per database; contexts may live in different ones. */
export type Books = {
  rows<R extends object>(context: string, sql: string, values?: unknown[]): Promise<R[]>
  /** What happened later than this may still be on its way; Q rules look only at what is older. */
  restedSince: Date
}

/**
 * One invariant of `docs/reliability.md`. `always` rules hold at any moment within one database; `at rest` rules hold
 * when nothing is on its way any more.
 */
export type Rule = {
  id: string
  about: string
  when: 'always' | 'at rest'
  find: (books: Books) => Promise<Omit<Finding, 'invariant'>[]>
}

type Found = { subject: string; detail: string }

/** A rule that one statement of one context answers: a row (subject, detail) per finding, at most 100. */
export const oneStatement =
  (context: string, sql: string) =>
  async (books: Books): Promise<Found[]> =>
    books.rows<Found>(
      context,
      `select subject::text, detail::text from (${sql}) found limit 100`,
      sql.includes('$1') ? [books.restedSince] : [],
    )

/** Orders whose stock is promised or gone; what API keys reserved belongs to no order of ours. */
export const committedOrders = `select order_id from souk_inventory.hold where state in ('COMMITTED', 'SHIPPED') and not external`

export const readOnly = async (client: pg.Client): Promise<void> => {
  await client.query('begin transaction isolation level repeatable read read only')
}
