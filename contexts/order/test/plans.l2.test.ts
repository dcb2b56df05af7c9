import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId, toPageToken } from '@souk/kernel'
import { type Db, type Sql, sql } from '@souk/platform'
import { createOrderLists } from '../src/store/lists.ts'
import { createOrderStore } from '../src/store/orders.ts'
import { type Shop, startShop } from './shop.ts'

describe('plans of the hot reads', () => {
  let shop: Shop
  const plans: string[] = []
  /** Explains instead of answering; what the planner avoids if it can at all is switched off. */
  const explain = (statement: Sql): Promise<never[]> =>
    shop.db.tx(async (tx) => {
      for (const setting of ['enable_seqscan', 'enable_sort', 'enable_bitmapscan'])
        await tx.run(sql`select set_config(${setting}, 'off', true)`)
      const rows = await tx.all<{ 'QUERY PLAN': string }>(sql`explain ${statement}`)
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      return []
    })
  const explaining = () =>
    ({ ...shop.db, all: explain, one: async (statement: Sql) => (await explain(statement))[0] }) as unknown as Db
  before(async () => {
    shop = await startShop()
  })
  after(() => shop.close())

  test('every list walks an index in its own order, every order is found by its key', async () => {
    const lists = createOrderLists(explaining())
    const next = { pageSize: 20, pageToken: toPageToken([Date.now(), newId()]) }
    for (const page of [{ pageSize: 20, pageToken: '' }, next]) {
      await lists.list({ buyerId: newId() }, page)
      await lists.list({}, page)
      await lists.list({ status: 'CANCELLING' }, page)
      await lists.list({ q: '20260709ABCDEFGHJKMN' }, page)
    }
    await createOrderStore(explaining()).findOwn(newId(), newId())
    assert.equal(plans.length, 9)
    for (const plan of plans) assert.doesNotMatch(plan, /Seq Scan/)
    for (const plan of plans.filter((each) => !each.includes('orders_number') && each.includes('Limit')))
      assert.doesNotMatch(plan, /Sort/)
  })
})
