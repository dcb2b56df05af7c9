import assert from 'node:assert/strict'
import { contexts } from '@souk/server'
import pg from 'pg'
import type { System } from '../system.ts'
import { pause } from './random.ts'

/** What is still on its way, per place; empty at rest. Each statement answers rows (what, count). */
const onItsWay = (schemas: readonly string[]): string =>
  [
    ...schemas.flatMap((schema) => [
      `select 'facts of ${schema}' as what, count(*)::int as n from ${schema}.outbox_todo`,
      `select 'timers of ${schema}: ' || string_agg(distinct kind, ' '), count(*)::int from ${schema}.timer where due_at <= now()`,
    ]),
    `select 'imports', count(*)::int from souk_catalog.import_job where state in ('QUEUED', 'RUNNING')`,
    `select 'orders in ' || status, count(*)::int from souk_order.orders where status in ('PAID', 'CANCELLING') group by status`,
    `select 'unpaid orders past their time', count(*)::int from souk_order.orders
       where status = 'AWAITING_PAYMENT' and not on_delivery and pay_before < now()`,
    `select 'payments that the channel has decided', count(*)::int from souk_payment.payment p
       join souk_sandbox.charge c on c.payment_id = p.id::text
       where p.status in ('INITIATED', 'PROCESSING', 'UNKNOWN', 'AUTHORISED') and c.status in ('SUCCEEDED', 'FAILED', 'VOIDED')`,
    `select 'refunds', count(*)::int from souk_payment.refund where status not in ('SUCCEEDED', 'REJECTED')
       and (status <> 'FAILED' or automatic)`,
    `select 'callbacks of the channel', count(*)::int from souk_sandbox.callback where delivered_at is null and given_up_at is null`,
    `select 'callbacks not applied', count(*)::int from souk_payment.callback_event e where processed_at is null
       and exists (select from souk_payment.payment p where p.id::text = e.payment_id)`,
    `select 'holds past their time', count(*)::int from souk_inventory.hold where state = 'HELD' and not attached and expires_at < now()`,
  ].join(' union all ')

/** Every way in which the system is at rest may take this long after the last fault. */
const restsWithinMs = 240_000

/** Waits until nothing is on its way any more; fails naming what still is. */
export const settled = async (system: System): Promise<void> => {
  const text = onItsWay(contexts.map(({ name }) => `souk_${name}`))
  const until = Date.now() + restsWithinMs
  for (;;) {
    const client = new pg.Client({ connectionString: await system.databaseUrl() })
    await client.connect()
    const { rows } = await client.query<{ what: string; n: number }>(`select * from (${text}) x where n > 0`)
    await client.end()
    if (rows.length === 0) return
    if (Date.now() > until) assert.fail(`still on its way: ${rows.map(({ what, n }) => `${n} ${what}`).join(', ')}`)
    await pause(500)
  }
}
