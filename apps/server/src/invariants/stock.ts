import { oneStatement, type Rule } from './rule.ts'

const s = 'souk_inventory'

/** I1–I4: stock, movements and holds. */
export const stockRules: Rule[] = [
  {
    id: 'I1',
    about: 'reserved and allocated are never negative and never exceed on hand',
    when: 'always',
    find: oneStatement(
      'inventory',
      `select sku_id as subject, format('on hand %s, reserved %s, allocated %s', on_hand, reserved, allocated) as detail
       from ${s}.stock where reserved < 0 or allocated < 0 or reserved + allocated > on_hand`,
    ),
  },
  {
    id: 'I2',
    about: 'on hand is the sum of its movements',
    when: 'always',
    find: oneStatement(
      'inventory',
      `select sku_id as subject, format('on hand %s, movements %s', coalesce(k.on_hand, 0), coalesce(m.sum, 0)) as detail
       from ${s}.stock k full join (select sku_id, warehouse_id, sum(quantity) as sum from ${s}.movement group by 1, 2) m using (sku_id, warehouse_id)
       where coalesce(k.on_hand, 0) <> coalesce(m.sum, 0)`,
    ),
  },
  {
    id: 'I3',
    about: 'reserved and allocated are the sums of held and committed lines',
    when: 'always',
    find: oneStatement(
      'inventory',
      `select sku_id as subject, format('reserved %s, held %s, allocated %s, committed %s', coalesce(k.reserved, 0), coalesce(l.held, 0), coalesce(k.allocated, 0), coalesce(l.committed, 0)) as detail
       from ${s}.stock k full join (
         select sku_id, warehouse_id, sum(quantity) filter (where state = 'HELD') as held, sum(quantity - shipped) filter (where state = 'COMMITTED') as committed
         from ${s}.hold_line join ${s}.hold using (order_id, attempt) where state in ('HELD', 'COMMITTED') group by 1, 2
       ) l using (sku_id, warehouse_id)
       where coalesce(k.reserved, 0) <> coalesce(l.held, 0) or coalesce(k.allocated, 0) <> coalesce(l.committed, 0)`,
    ),
  },
  {
    id: 'I4',
    about: 'no unattached hold outlives its expiry by more than a minute',
    when: 'at rest',
    find: oneStatement(
      'inventory',
      `select order_id as subject, format('expired at %s', expires_at) as detail from ${s}.hold
       where state = 'HELD' and not attached and expires_at + interval '60 seconds' < now()`,
    ),
  },
  {
    id: 'I4',
    about: 'no stock is held for an order that is over or does not exist',
    when: 'at rest',
    find: async (books) => {
      const holds = await books.rows<{ order_id: string; state: string; attached: boolean }>(
        'inventory',
        `select order_id, state, attached from ${s}.hold where state in ('HELD', 'COMMITTED') and not external and created_at < $1`,
        [books.restedSince],
      )
      const statuses = new Map(
        (
          await books.rows<{ id: string; status: string }>(
            'order',
            'select id, status from souk_order.orders where id = any($1::uuid[])',
            [holds.map((hold) => hold.order_id)],
          )
        ).map((row) => [row.id, row.status]),
      )
      return holds.flatMap(({ order_id, state, attached }) => {
        const status = statuses.get(order_id)
        if (status === undefined)
          return attached || state === 'COMMITTED'
            ? [{ subject: order_id, detail: `${state}, but there is no such order` }]
            : []
        return ['CANCELLED', 'COMPLETED'].includes(status)
          ? [{ subject: order_id, detail: `${state} for an order that is ${status}` }]
          : []
      })
    },
  },
]
