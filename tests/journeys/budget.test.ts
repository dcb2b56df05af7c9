import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type pg from 'pg'
import { type Api, address, createProduct, must, playSandbox, registerBuyer, signIn, until } from '../api.ts'
import { withDatabase } from '../database.ts'
import { inParallel } from '../parallel.ts'
import { type System, startSystem } from '../system.ts'

/** Cost of one piece of work in the database, everything included that follows from it. */
type Cost = { statements: number; commits: number }

/** What relays, timers, cursors and jobs ask again and again, whether anything happens or not. */
const polls = String.raw`^\s*(with lease as|select \(select array_agg\(distinct consumer)|min\(due_at\)|pg_snapshot|pg_stat|check_at <= now`

/** Statements without the polls; transactions that wrote, without the renewals of leases. Exact at any moment. */
const read = async (client: pg.Client): Promise<Cost> => {
  const { rows } = await client.query<Cost>(
    `select (select coalesce(sum(calls), 0)::float8 from pg_stat_statements where query !~* $1) as statements,
       pg_snapshot_xmax(pg_current_snapshot())::text::float8
         - (select coalesce(sum(calls), 0)::float8 from pg_stat_statements where query ~* '^\\s*with lease as') as commits`,
    [polls],
  )
  return rows[0]!
}

describe('what buying costs in the database', () => {
  let system: System
  let admin: Api
  let skuId: string

  before(async () => {
    system = await startSystem('start')
    admin = await signIn(system.base, system.admin.email, system.admin.password)
    skuId = (await createProduct(admin, { stock: 10_000 })).skuIds[0]!
    await withDatabase(system, (client) => client.query('create extension if not exists pg_stat_statements'))
  })
  after(() => system?.remove())

  /** Nothing is on its way any more. */
  const calm = (client: pg.Client) =>
    until(
      async () => {
        const { rows } = await client.query<{ waiting: number }>(
          `select (select count(*) from souk_order.outbox_todo) + (select count(*) from souk_payment.outbox_todo)
             + (select count(*) from souk_inventory.outbox_todo) + (select count(*) from souk_catalog.outbox_todo)
             + (select count(*) from souk_sandbox.callback where delivered_at is null)
             + (select count(*) from souk_order.orders where status = 'PAID') as waiting`,
        )
        return Number(rows[0]!.waiting)
      },
      (waiting) => waiting === 0,
      60_000,
    )

  /** The cost of one of `count` pieces of work, `width` of them at a time. */
  const costOf = (count: number, width: number, work: (n: number) => Promise<unknown>): Promise<Cost> =>
    withDatabase(system, async (client) => {
      await calm(client)
      const earlier = await read(client)
      await inParallel([...Array(count).keys()], width, work)
      await calm(client)
      const later = await read(client)
      return {
        statements: (later.statements - earlier.statements) / count,
        commits: (later.commits - earlier.commits) / count,
      }
    })

  const buyers = (count: number) => inParallel([...Array(count).keys()], 8, () => registerBuyer(system.base))

  const place = async (buyer: Api): Promise<string> =>
    must(await buyer.post('/v1/orders', { lines: [{ skuId, quantity: 1 }], address }), 201).id

  const pay = async (buyer: Api, orderId: string): Promise<void> => {
    const { redirectUrl } = must(await buyer.post('/v1/payments', { orderId, method: 'sandbox' }), 201)
    must(await playSandbox(system.base, redirectUrl, 'SUCCESS'), 200)
  }

  const within = (cost: Cost, most: Cost) =>
    assert.ok(
      cost.statements <= most.statements && cost.commits <= most.commits,
      `${JSON.stringify(cost)} is more than ${JSON.stringify(most)}`,
    )

  test('placing, paying, callback and all that follows: few statements alone, a fraction of them in company', async () => {
    const people = await buyers(16)
    const buyerOf = (n: number) => people[n % people.length]!
    const orders = { alone: [] as string[], together: [] as string[] }
    const placing = {
      alone: await costOf(20, 1, async (n) => orders.alone.push(await place(buyerOf(n)))),
      together: await costOf(320, 32, async (n) => {
        orders.together[n] = await place(buyerOf(n))
      }),
    }
    const paying = {
      alone: await costOf(20, 1, (n) => pay(buyerOf(n), orders.alone[n]!)),
      together: await costOf(320, 32, (n) => pay(buyerOf(n), orders.together[n]!)),
    }
    within(placing.alone, { statements: 18, commits: 6 })
    within(placing.together, { statements: 6, commits: 2 })
    within(paying.alone, { statements: 58, commits: 19 })
    within(paying.together, { statements: 20, commits: 6 })
    const { rows } = await withDatabase(system, (client) =>
      client.query(`select status, count(*)::int from souk_order.orders group by 1`),
    )
    assert.deepEqual(rows, [{ status: 'ALLOCATED', count: 340 }])
  })
})
