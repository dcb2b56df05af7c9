import { committedOrders, oneStatement, type Rule } from './rule.ts'

const s = 'souk_order'

/** I11, I13, I6, I22: orders, their history and their end. */
export const orderRules: Rule[] = [
  {
    id: 'I11',
    about: 'the total is the sum of its parts, and the discount that of its lines',
    when: 'always',
    find: oneStatement(
      'order',
      `select o.id as subject, format('lines %s, discounts %s, total %s', l.price, l.discount, o.total) as detail
       from ${s}.orders o cross join lateral (
         select sum((line->>'unitPrice')::bigint * (line->>'quantity')::bigint) as price, sum((line->>'discount')::bigint) as discount
         from jsonb_array_elements(o.lines) line) l
       where o.subtotal is distinct from l.price or o.discount is distinct from l.discount
         or o.total is distinct from l.price - l.discount + o.freight + o.tax`,
    ),
  },
  {
    id: 'I13',
    about: "an order's versions are 1..n, each starts where the last ended, and the last is its status",
    when: 'always',
    find: oneStatement(
      'order',
      `select o.id as subject, format('version %s, %s entries, status %s, last entry %s', o.version, t.entries, o.status, t.last) as detail
       from ${s}.orders o left join (
         select order_id, count(*) as entries, min(version) as first, max(version) as newest,
           (array_agg(status order by version desc))[1] as last, bool_and(coalesce(was, '') = coalesce(before, '')) as linked
         from (select *, lag(status) over (partition by order_id order by version) as before from ${s}.timeline) x group by 1) t on t.order_id = o.id
       where t.order_id is null or t.entries <> o.version or t.first <> 1 or t.newest <> o.version or t.last <> o.status or not t.linked`,
    ),
  },
  {
    id: 'I22',
    about: 'no unpaid order outlives its deadline without a timer',
    when: 'at rest',
    find: oneStatement(
      'order',
      `select id as subject, format('to be paid before %s', pay_before) as detail from ${s}.orders o
       where status = 'AWAITING_PAYMENT' and not on_delivery and pay_before < $1
         and not exists (select from ${s}.timer t where t.aggregate_id = o.id::text)`,
    ),
  },
  {
    id: 'I22',
    about: 'no order waits in PAID or CANCELLING for ever',
    when: 'at rest',
    find: oneStatement(
      'order',
      `select o.id as subject, format('%s since %s', o.status, t.at) as detail from ${s}.orders o
       join ${s}.timeline t on t.order_id = o.id and t.version = o.version
       where o.status in ('PAID', 'CANCELLING') and t.at < $1`,
    ),
  },
  {
    id: 'I6',
    about: 'stock is committed only for orders that are paid or accepted',
    when: 'at rest',
    find: async (books) => {
      const committed = await books.rows<{ order_id: string }>('inventory', committedOrders)
      const paid = new Set(
        (
          await books.rows<{ id: string }>(
            'order',
            `select id from ${s}.orders where (paid or on_delivery) and id = any($1::uuid[])`,
            [committed.map((row) => row.order_id)],
          )
        ).map((row) => row.id),
      )
      return committed.flatMap(({ order_id }) =>
        paid.has(order_id) ? [] : [{ subject: order_id, detail: 'committed, but neither paid nor accepted' }],
      )
    },
  },
]
