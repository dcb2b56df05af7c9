import assert from 'node:assert/strict'
import { checkInvariants } from '@souk/server'
import { must } from '../api.ts'
import { withDatabase } from '../database.ts'
import { inParallel } from '../parallel.ts'
import type { System } from '../system.ts'
import type { Acked, Diary } from './patient.ts'
import type { Shop } from './shop.ts'

export const assertInvariants = async (system: System): Promise<void> => {
  const url = await system.databaseUrl()
  assert.deepEqual(await checkInvariants(() => url, { atRest: true }), [])
}

const madeOrders = ({ acked }: Diary) =>
  acked.flatMap(({ path, patient, answer }) => {
    if (path === '/v1/orders') return [{ patient, order: answer.body }]
    return path === '/v1/checkout' ? [{ patient, order: answer.body.order }] : []
  })

/** Every order that a client was told of is there, and no other. */
const assertOrders = async (system: System, diary: Diary): Promise<void> => {
  const made = madeOrders(diary)
  await inParallel(made, 8, async ({ patient, order }) => {
    const found = must(await patient.get(`/v1/orders/${order.id}`), 200)
    assert.deepEqual([found.number, found.total], [order.number, order.total])
  })
  const ids = await withDatabase(system, async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from souk_order.orders order by id')
    return rows.map((row) => row.id)
  })
  assert.deepEqual(ids, [...new Set(made.map(({ order }) => order.id as string))].sort())
}

/** Every payment and refund that a client was told of is there. */
const assertMoney = ({ acked }: Diary, admin: Shop['admin']): Promise<unknown> =>
  inParallel(acked, 8, async ({ path, patient, answer }) => {
    if (path === '/v1/payments') {
      const found = must(await patient.get(`/v1/payments/${answer.body.id}`), 200)
      assert.deepEqual([found.orderId, found.amount], [answer.body.orderId, answer.body.amount])
    }
    const refunded = /^\/v1\/payments\/(.+)\/refund$/.exec(path)
    if (!refunded) return
    const { payments } = must(await admin.get(`/v1/admin/payments?pageSize=100`), 200)
    const payment = payments.find(({ id }: { id: string }) => id === refunded[1])
    if (!payment) return
    assert.ok(
      payment.refunds.some(({ id }: { id: string }) => id === answer.body.id),
      `refund ${answer.body.id}`,
    )
  })

const keepsItsAnswer =
  /^\/v1\/(orders(\/.+\/cancel)?|payments(\/.+\/refund)?|admin\/(inventory\/adjustments|orders\/.+\/record-payment))$/

/** A key that was answered once is answered so for ever. */
const assertReplays = ({ acked }: Diary): Promise<unknown> =>
  inParallel(
    acked.filter(({ path }) => keepsItsAnswer.test(path)),
    8,
    async ({ patient, path, body, key, answer }: Acked) => {
      const headers = { 'idempotency-key': key }
      const first = await patient.api.post(path, body, headers)
      // Nothing else is asked again: an answer that was kept is not late.
      const lapsed = first.body?.code === 'STEP_UP_REQUIRED'
      const again = lapsed ? await patient.send('POST', path, body, headers) : first
      assert.deepEqual([again.status, again.text], [answer.status, answer.text], `${path} with the key ${key}`)
    },
  )

/** At rest after whatever happened: nothing acknowledged is lost, nothing happened twice, every invariant holds. */
export const assertKept = async ({ system, diary, admin }: Shop): Promise<void> => {
  assert.deepEqual(diary.defects, [])
  await assertOrders(system, diary)
  await assertMoney(diary, admin)
  await assertReplays(diary)
  await assertInvariants(system)
}
