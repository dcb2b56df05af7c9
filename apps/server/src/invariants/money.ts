import { type Books, committedOrders, oneStatement, type Rule } from './rule.ts'

const s = 'souk_payment'

type Entry = { kind: string; subject: string; currency: string; amount: number }
const keyOf = ({ kind, subject, currency }: Entry) => `${kind} ${subject} ${currency}`

/** Money as the channel's own book has it: captures and refunds, one line each. */
const bookOf = (books: Books): Promise<Entry[]> =>
  books.rows<Entry>(
    'sandbox',
    `select kind, coalesce(refund_id, payment_id) as subject, currency, amount::float8 as amount from souk_sandbox.book where at < $1`,
    [books.restedSince],
  )

/** The same as our ledger has it: movements of the channel's clearing account. */
const ledgerOf = (books: Books): Promise<Entry[]> =>
  books.rows<Entry>(
    'payment',
    `select case when p.amount > 0 then 'charge' else 'refund' end as kind, e.source_id::text as subject, p.currency, abs(sum(p.amount))::float8 as amount
     from ${s}.posting p join ${s}.journal_entry e on e.id = p.entry_id
     where p.account = 'psp_clearing' and e.at < $1 group by p.amount > 0, e.source_id, p.currency`,
    [books.restedSince],
  )

/** I7–I10: ledger, refunds, and the channel's book against ours. */
export const moneyRules: Rule[] = [
  {
    id: 'I7',
    about: 'every journal entry balances per currency',
    when: 'always',
    find: oneStatement(
      'payment',
      `select entry_id as subject, format('%s %s', sum(amount), currency) as detail from ${s}.posting group by entry_id, currency having sum(amount) <> 0`,
    ),
  },
  {
    id: 'I7',
    about: 'every journal entry moves something from one account to another',
    when: 'always',
    find: oneStatement(
      'payment',
      `select e.id as subject, format('%s of %s %s has %s postings', e.kind, e.source_type, e.source_id, count(p.entry_id)) as detail
       from ${s}.journal_entry e left join ${s}.posting p on p.entry_id = e.id group by e.id having count(p.entry_id) < 2`,
    ),
  },
  {
    id: 'I8',
    about: "our ledger's clearing account equals the channel's book line by line",
    when: 'at rest',
    find: async (books) => {
      const [book, ledger] = await Promise.all([bookOf(books), ledgerOf(books)])
      const ours = new Map(ledger.map((entry) => [keyOf(entry), entry.amount]))
      const theirs = new Map(book.map((entry) => [keyOf(entry), entry.amount]))
      return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
        const [a, b] = [ours.get(key) ?? 0, theirs.get(key) ?? 0]
        return a === b ? [] : [{ subject: key, detail: `ledger ${a}, channel ${b}` }]
      })
    },
  },
  {
    id: 'I9',
    about: 'refunded and pending refunds never exceed what was captured, and are the sums of their rows',
    when: 'always',
    find: oneStatement(
      'payment',
      `select p.id as subject, format('captured %s, refunded %s, pending %s, rows %s and %s', p.captured, p.refunded, p.refund_pending, coalesce(r.done, 0), coalesce(r.open, 0)) as detail
       from ${s}.payment p left join (
         select payment_id, sum(amount) filter (where status = 'SUCCEEDED') as done, sum(amount) filter (where status in ('REQUESTED', 'APPROVED', 'SENT', 'UNKNOWN')) as open
         from ${s}.refund where purpose = 'refund' group by 1) r on r.payment_id = p.id
       where p.refunded + p.refund_pending > p.captured or p.refunded <> coalesce(r.done, 0) or p.refund_pending < coalesce(r.open, 0)`,
    ),
  },
  {
    id: 'I10',
    about: 'an order keeps the money of at most one attempt',
    when: 'at rest',
    find: oneStatement(
      'payment',
      `select order_id as subject, count(*) || ' attempts keep money' as detail from ${s}.payment
       where captured > refunded and changed_at < $1 group by order_id having count(*) > 1`,
    ),
  },
  {
    id: 'I5',
    about: 'a cancelled order keeps no money',
    when: 'at rest',
    find: async (books) => {
      const kept = await books.rows<{ order_id: string; net: number }>(
        'payment',
        `select order_id, sum(captured - refunded)::float8 as net from ${s}.payment where changed_at < $1 group by 1 having sum(captured - refunded) > 0`,
        [books.restedSince],
      )
      const cancelled = new Set(
        (
          await books.rows<{ id: string }>(
            'order',
            `select id from souk_order.orders where status = 'CANCELLED' and id = any($1::uuid[])`,
            [kept.map((row) => row.order_id)],
          )
        ).map((row) => row.id),
      )
      return kept.flatMap(({ order_id, net }) =>
        cancelled.has(order_id) ? [{ subject: order_id, detail: `${net} kept for a cancelled order` }] : [],
      )
    },
  },
  {
    id: 'I6',
    about: 'stock is committed only after money was captured, or against payment on delivery',
    when: 'at rest',
    find: async (books) => {
      const committed = await books.rows<{ order_id: string }>('inventory', committedOrders)
      const paid = new Set(
        (
          await books.rows<{ order_id: string }>(
            'payment',
            `select order_id from ${s}.payment where order_id = any($2::uuid[]) and (changed_at >= $1 or status = 'CAPTURED'
               or (method = 'pay_on_delivery' and status in ('INITIATED', 'PROCESSING', 'AUTHORISED')))`,
            [books.restedSince, committed.map((row) => row.order_id)],
          )
        ).map((row) => row.order_id),
      )
      return committed.flatMap(({ order_id }) =>
        paid.has(order_id) ? [] : [{ subject: order_id, detail: 'committed, but no payment stands behind it' }],
      )
    },
  },
  {
    id: 'I5',
    about: 'a paid order shows the money of its payments',
    when: 'at rest',
    find: async (books) => {
      const payments = await books.rows<{ order_id: string; captured: number; refunded: number }>(
        'payment',
        `select order_id, sum(captured)::float8 as captured, sum(refunded)::float8 as refunded
         from ${s}.payment group by 1 having max(changed_at) < $1`,
        [books.restedSince],
      )
      const held = new Map(payments.map((row) => [row.order_id, row.captured - row.refunded]))
      const orders = await books.rows<{ id: string; net: number }>(
        'order',
        `select id, (captured - refunded)::float8 as net from souk_order.orders where id = any($1::uuid[]) or (paid and created_at < $2)`,
        [[...held.keys()], books.restedSince],
      )
      return orders.flatMap(({ id, net }) =>
        net === (held.get(id) ?? 0)
          ? []
          : [{ subject: id, detail: `the order shows ${net}, its payments keep ${held.get(id) ?? 0}` }],
      )
    },
  },
  {
    id: 'I5',
    about: 'money that is kept has its stock committed or shipped',
    when: 'at rest',
    find: async (books) => {
      const kept = await books.rows<{ order_id: string }>(
        'payment',
        `select order_id from ${s}.payment where changed_at < $1 group by 1 having sum(captured - refunded) > 0`,
        [books.restedSince],
      )
      const holds = new Set(
        (
          await books.rows<{ order_id: string }>(
            'inventory',
            `select distinct order_id from souk_inventory.hold where state in ('COMMITTED', 'SHIPPED') and order_id = any($1::uuid[])`,
            [kept.map((row) => row.order_id)],
          )
        ).map((row) => row.order_id),
      )
      return kept.flatMap(({ order_id }) =>
        holds.has(order_id) ? [] : [{ subject: order_id, detail: 'money is kept, but no stock is committed' }],
      )
    },
  },
]
