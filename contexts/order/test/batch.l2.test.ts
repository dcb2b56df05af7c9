import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { OrderStatus } from '@souk/contract/order'
import { newId, systemClock } from '@souk/kernel'
import {
  createMetrics,
  type Fact,
  type FactHandler,
  type FactType,
  newTraceparent,
  silentLog,
  sql,
} from '@souk/platform'
import { transitions } from '../src/domain/transitions.ts'
import { order } from '../src/index.ts'
import { brokenBooks, type Shop, startShop } from './shop.ts'

describe('statements for many orders', () => {
  let shop: Shop
  let facts: { [K in FactType]?: FactHandler<K> }
  before(async () => {
    shop = await startShop()
    shop.stock.set('tea', 100_000)
    const config = { paymentWindowMs: 900_000, preparationWindowMs: 300_000, timeZone: 'UTC' }
    const base = { clock: systemClock, config, log: silentLog, metrics: createMetrics(), failpoint: async () => {} }
    facts = order.build({ ...base, db: shop.db, clients: shop.clients as never }).facts!
  })
  after(() => shop.close())

  const together = <K extends FactType>(type: K, payloads: Fact<K>['payload'][]): Promise<void> => {
    const handler = facts[type] as { batch: (list: Fact<K>[], tx: unknown) => Promise<void> }
    const list = payloads.map((payload) => ({
      eventId: newId(),
      type,
      aggregateId: newId(),
      aggregateVersion: 1,
      payload,
      traceparent: newTraceparent(),
      at: new Date(),
    }))
    return shop.db.tx((tx) => handler.batch(list, tx))
  }
  const capture = (orderId: string) => ({
    paymentId: newId(),
    orderId,
    amount: { currency: 'CNY', amount: 20_000 },
    method: 'sandbox',
  })
  const statusOf = async (ids: string[]) =>
    await shop.db.all<{ status: string; version: number; captured: number }>(
      sql`select status, version, captured from ${shop.db.schema}.orders where id = any(${ids}::uuid[])`,
    )

  test('one transaction moves many orders, and one order twice', async () => {
    const placed = await Promise.all(Array.from({ length: 40 }, () => shop.place(shop.buyer())))
    const ids = placed.map(({ id }) => id)
    await together('payment.PaymentSucceeded', [...ids, ids[0]!].map(capture))
    const rows = await statusOf(ids)
    assert.deepEqual(new Set(rows.map(({ status }) => status)), new Set(['PAID']))
    assert.deepEqual(
      rows.filter(({ version }) => version === 3).map(({ captured }) => captured),
      [40_000],
    )
    await together(
      'inventory.StockCommitted',
      [...ids, newId()].map((orderId) => ({ orderId, lines: [] })),
    )
    assert.deepEqual(new Set((await statusOf(ids)).map(({ status }) => status)), new Set(['ALLOCATED']))
    const said = (await shop.said()).filter(({ aggregateId }) => ids.includes(aggregateId))
    const traces = said.filter(({ type }) => type === 'order.OrderPaid').map(({ traceparent }) => traceparent)
    assert.equal(new Set(traces).size, 40)
    assert.equal(said.filter(({ type }) => type === 'order.OrderPaid').length, 40)
    assert.equal(said.filter(({ type }) => type === 'order.OrderAllocated').length, 40)
    const timers = await shop.db.one<{ n: number }>(
      sql`select count(*) as n from ${shop.db.schema}.timer where aggregate_id = any(${ids})`,
    )
    assert.equal(timers!.n, 0)
  })

  test('one bad fact undoes its whole batch, so that it can be told alone', async () => {
    const ids = (await Promise.all([1, 2].map(() => shop.place(shop.buyer())))).map(({ id }) => id)
    await assert.rejects(together('payment.PaymentSucceeded', [...ids, newId()].map(capture)), /does not exist/)
    assert.deepEqual(
      (await statusOf(ids)).map(({ status }) => status),
      ['AWAITING_PAYMENT', 'AWAITING_PAYMENT'],
    )
  })

  test('overdue holds are answered together, each once', async () => {
    const { id } = await shop.place(shop.buyer())
    const stranger = newId()
    await together(
      'inventory.HoldOverdue',
      [id, stranger, id].map((orderId) => ({ orderId, attempt: 1 })),
    )
    const answers = (await shop.said()).flatMap(({ type, payload }) => (type === 'order.HoldAnswered' ? [payload] : []))
    assert.deepEqual(
      answers.map((answer) => [(answer as { orderId: string }).orderId, (answer as { needed: boolean }).needed]),
      [
        [id, true],
        [stranger, false],
      ],
    )
  })

  test('the database knows the same paths as the table of transitions', async () => {
    const statuses = Object.keys(transitions) as OrderStatus[]
    for (const was of statuses)
      for (const status of statuses) {
        const legal = Object.values(transitions[was]).some((cell) => cell !== 'later' && cell.includes(status))
        const written = await shop.db
          .run(sql`insert into ${shop.db.schema}.timeline (order_id, version, at, event, was, status, actor, detail)
            values (${newId()}::uuid, 2, now(), 'TEST', ${was}, ${status}, 'system', '')`)
          .then(
            () => true,
            ({ constraint }) => assert.equal(constraint, 'timeline_path') ?? false,
          )
        assert.equal(written, legal, `${was} to ${status}`)
      }
    await shop.db.run(sql`delete from ${shop.db.schema}.timeline where event = 'TEST'`)
  })

  test('after all that the books are in order', async () => assert.deepEqual(await brokenBooks(shop), []))
})
