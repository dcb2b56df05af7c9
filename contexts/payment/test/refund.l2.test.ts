import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { refused, startPayment } from './fixture.ts'

let kit: Awaited<ReturnType<typeof startPayment>>
before(async () => {
  kit = await startPayment()
})
after(() => kit.app.close())
beforeEach(() => {
  Object.assign(kit.channel.state, { down: false, loseReplies: 0, voidable: true, refundStatus: 'SUCCEEDED' })
})

const yuan = (amount: number, currency = 'CNY') => ({ amount: { currency, amount } })
const paidBackTimes = (refundId: string) => kit.channel.paidBack.filter((id) => id === refundId).length
const rowOf = (id: string) =>
  kit.app.db.one<{ captured: number; refunded: number; refund_pending: number }>(
    sql`select captured, refunded, refund_pending from ${kit.app.db.schema}.payment where id = ${id}::uuid`,
  )

test('part, part and the rest: back to the original method, booked and told, never more than captured', async () => {
  const order = await kit.paid()
  const first = await kit.refund(order.id, yuan(900))
  deepEqual(
    { ...first, id: '', createdAt: '' },
    {
      id: '',
      createdAt: '',
      amount: { currency: 'CNY', amount: 900 },
      status: 'SUCCEEDED',
      reason: 'because',
      paymentId: order.id,
    },
  )
  await kit.refund(order.id, yuan(1000))
  await rejects(kit.refund(order.id, yuan(18_001)), refused('REFUND_EXCEEDS_CAPTURED'))
  const rest = await kit.refund(order.id)
  deepEqual(rest.amount, { currency: 'CNY', amount: 18_000 })
  await rejects(kit.refund(order.id), refused('REFUND_EXCEEDS_CAPTURED'))
  await rejects(kit.refund(order.id, yuan(1)), refused('REFUND_EXCEEDS_CAPTURED'))
  const payment = await kit.get(order, order.id)
  deepEqual(payment.refunded, { currency: 'CNY', amount: 19900 })
  deepEqual(
    payment.refunds.map(({ amount, status }) => `${amount!.amount} ${status}`),
    ['900 SUCCEEDED', '1000 SUCCEEDED', '18000 SUCCEEDED'],
  )
  equal(payment.status, 'CAPTURED')
  const said = (await kit.app.said()).filter(
    (fact) => fact.type === 'payment.PaymentRefunded' && fact.aggregateId === order.id,
  )
  deepEqual(
    said.map(({ aggregateVersion, payload }) => [
      aggregateVersion,
      (payload as { capturedTotal: { amount: number } }).capturedTotal.amount,
      (payload as { refundedTotal: { amount: number } }).refundedTotal.amount,
    ]),
    [
      [2, 19900, 900],
      [3, 19900, 1900],
      [4, 19900, 19900],
    ],
  )
  const postings = (await kit.entries()).filter(({ source_id }) => source_id === first.id)
  deepEqual(
    postings.map(({ account, amount }) => `${account} ${amount}`),
    ['customer 900', 'psp_clearing -900'],
  )
  const audits = await kit.app.db.all<{ action: string; reason: string }>(
    sql`select action, reason from ${kit.app.db.schema}.audit where target = ${order.id}`,
  )
  deepEqual(audits, Array(3).fill({ action: 'payment.refund', reason: 'because' }))
})

test('what makes no sense is refused and leaves no trace', async () => {
  const order = await kit.paid(19900, [{ skuId: 'a', quantity: 2, total: 1001 }])
  for (const [more, code] of [
    [yuan(0), 'VALIDATION_FAILED'],
    [yuan(-5), 'VALIDATION_FAILED'],
    [yuan(5, 'USD'), 'VALIDATION_FAILED'],
    [yuan(Number.MAX_SAFE_INTEGER), 'REFUND_EXCEEDS_CAPTURED'],
    [{ ...yuan(5), lines: [{ skuId: 'a', quantity: 1 }] }, 'VALIDATION_FAILED'],
    [{ lines: [{ skuId: 'z', quantity: 1 }] }, 'VALIDATION_FAILED'],
    [{ lines: [{ skuId: 'a', quantity: 3 }] }, 'VALIDATION_FAILED'],
  ] as const)
    await rejects(kit.refund(order.id, more), refused(code))
  await rejects(kit.refund(newId()), refused('NOT_FOUND'))
  await rejects(kit.refund('x'), refused('NOT_FOUND'))
  const open = kit.orders.place()
  await rejects(kit.refund((await kit.create(open)).id), refused('REFUND_EXCEEDS_CAPTURED'))
  deepEqual(await rowOf(order.id), { captured: 19900, refunded: 0, refund_pending: 0 })
})

test('only those who may: permission and step-up', async () => {
  const order = await kit.paid()
  const ask = (as: Parameters<typeof kit.app.as>[0]) =>
    kit
      .admin()
      .refundPayment({ id: order.id, lines: [], reason: 'x', amount: undefined }, kit.app.as({ key: newId(), ...as }))
  await rejects(ask({ user: order.buyerId }), refused('FORBIDDEN'))
  await rejects(ask({ user: newId(), roles: ['warehouse'], steppedUp: true }), refused('FORBIDDEN'))
  await rejects(ask({ user: newId(), roles: ['finance'] }), refused('STEP_UP_REQUIRED'))
  await rejects(ask({}), refused('UNAUTHENTICATED'))
  equal((await ask({ user: newId(), roles: ['support'], steppedUp: true })).status, 'SUCCEEDED')
})

test('by lines: each unit its share, the last takes the remainder, no unit twice', async () => {
  const order = await kit.paid(1500, [
    { skuId: 'a', quantity: 3, total: 1000 },
    { skuId: '乙', quantity: 1, total: 500 },
  ])
  const lines = (skuId: string, quantity: number) => ({ lines: [{ skuId, quantity }] })
  equal((await kit.refund(order.id, lines('a', 2))).amount!.amount, 666)
  await rejects(kit.refund(order.id, lines('a', 2)), refused('VALIDATION_FAILED'))
  equal((await kit.refund(order.id, lines('a', 1))).amount!.amount, 334)
  equal((await kit.refund(order.id, lines('乙', 1))).amount!.amount, 500)
  deepEqual(await rowOf(order.id), { captured: 1500, refunded: 1500, refund_pending: 0 })
})

test('units of a refund that failed may be refunded again', async () => {
  const order = await kit.paid(1000, [{ skuId: 'a', quantity: 1, total: 1000 }])
  kit.channel.state.refundStatus = 'FAILED'
  equal((await kit.refund(order.id, { lines: [{ skuId: 'a', quantity: 1 }] })).status, 'FAILED')
  deepEqual(await rowOf(order.id), { captured: 1000, refunded: 0, refund_pending: 0 })
  kit.channel.state.refundStatus = 'SUCCEEDED'
  equal((await kit.refund(order.id, { lines: [{ skuId: 'a', quantity: 1 }] })).status, 'SUCCEEDED')
})

test('the same key is one refund with one answer; another body is refused', async () => {
  const order = await kit.paid()
  const call = kit.finance('once')
  const ask = (amount: number, requestHash = 'same') =>
    kit
      .admin()
      .refundPayment(
        { id: order.id, lines: [], reason: 'x', amount: { currency: 'CNY', amount } },
        { ...call, requestHash },
      )
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(100)))
  equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
  deepEqual(await ask(100), answers[0])
  await rejects(ask(200, 'other'), refused('IDEMPOTENCY_KEY_REUSED'))
  equal((await rowOf(order.id))!.refunded, 100)
})

test('100 rounds of 20 partial refunds at once: never more than captured, every cent accounted for', async () => {
  for (let round = 0; round < 100; round++) {
    const order = await kit.paid(1000)
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => kit.refund(order.id, yuan(90 + ((n * 7 + round) % 40)))),
    )
    const back = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    for (const answer of answers)
      if (answer.status === 'rejected')
        equal(refused('REFUND_EXCEEDS_CAPTURED')(answer.reason), true, String(answer.reason))
    const total = back.reduce((sum, refund) => sum + refund.amount!.amount, 0)
    const row = await rowOf(order.id)
    equal(total <= 1000 && total > 1000 - 130, true)
    deepEqual(row, { captured: 1000, refunded: total, refund_pending: 0 })
    equal(
      back.every(({ id }) => paidBackTimes(id) === 1),
      true,
    )
  }
})

test('a lost reply is UNKNOWN, still counts, and is found by asking; the money went back once', async () => {
  const order = await kit.paid()
  kit.channel.state.loseReplies = 1
  const refund = await kit.refund(order.id, yuan(15_000))
  equal(refund.status, 'UNKNOWN')
  deepEqual(await rowOf(order.id), { captured: 19900, refunded: 0, refund_pending: 15_000 })
  await rejects(kit.refund(order.id, yuan(5000)), refused('REFUND_EXCEEDS_CAPTURED'))
  await kit.app.runTimers({ all: true })
  deepEqual(await rowOf(order.id), { captured: 19900, refunded: 15_000, refund_pending: 0 })
  equal(paidBackTimes(refund.id), 1)
})

test('a request that never reached the channel is sent again under the same id', async () => {
  const order = await kit.paid()
  kit.channel.state.down = true
  const refund = await kit.refund(order.id, yuan(100))
  equal(refund.status, 'UNKNOWN')
  await kit.app.runTimers({ all: true })
  kit.channel.state.down = false
  await kit.app.runTimers({ all: true })
  equal((await kit.get(order, order.id)).refunds[0]!.status, 'SUCCEEDED')
  equal(paidBackTimes(refund.id), 1)
})

test('a pending refund ends by callback, by asking, or both at once', async () => {
  const order = await kit.paid()
  kit.channel.state.refundStatus = 'PENDING'
  const first = await kit.refund(order.id, yuan(100))
  const second = await kit.refund(order.id, yuan(200))
  deepEqual([first.status, second.status], ['SENT', 'SENT'])
  kit.channel.refunds.get(first.id)!.status = 'SUCCEEDED'
  kit.channel.refunds.get(second.id)!.status = 'FAILED'
  await Promise.all([
    kit.send(kit.event(order.id, 'refund.succeeded')),
    kit.send(kit.event(order.id, 'refund.failed')),
    kit.app.runTimers({ all: true }),
  ])
  deepEqual(
    (await kit.get(order, order.id)).refunds.map(({ status }) => status),
    ['SUCCEEDED', 'FAILED'],
  )
  deepEqual(await rowOf(order.id), { captured: 19900, refunded: 100, refund_pending: 0 })
  equal((await kit.saidOf(order.id)).filter((line) => line.includes('Refunded')).length, 1)
})

test('a callback before our own commit of the reply is not a second refund', async () => {
  const order = await kit.paid()
  kit.crashAt('payment.refund.afterChannel')
  const key = newId()
  const call = kit.finance(key)
  const ask = () => kit.admin().refundPayment({ id: order.id, lines: [], reason: 'x', ...yuan(700) }, call)
  await rejects(ask())
  await kit.send(kit.event(order.id, 'refund.succeeded'))
  const refund = await ask()
  equal(refund.status, 'SUCCEEDED')
  deepEqual(await rowOf(order.id), { captured: 19900, refunded: 700, refund_pending: 0 })
  equal(paidBackTimes(refund.id), 1)
})

for (const point of [
  'payment.refund.beforeCommit',
  'payment.refund.afterCommit',
  'payment.refund.afterChannel',
  'payment.refundResult.beforeCommit',
  'payment.refundResult.afterCommit',
])
  test(`a crash at ${point}: the same key ends in one refund, and so does no key at all`, async () => {
    for (const retried of [true, false]) {
      const order = await kit.paid()
      const call = kit.finance()
      const ask = () => kit.admin().refundPayment({ id: order.id, lines: [], reason: 'x', ...yuan(700) }, call)
      kit.crashAt(point)
      await rejects(ask())
      if (retried) equal((await ask()).status, 'SUCCEEDED')
      await kit.app.runTimers({ all: true })
      const nothing = !retried && point === 'payment.refund.beforeCommit'
      deepEqual(await rowOf(order.id), { captured: 19900, refunded: nothing ? 0 : 700, refund_pending: 0 })
      equal((await kit.get(order, order.id)).refunds.length, nothing ? 0 : 1)
    }
  })

test('a channel that first said no and then pays after all: true, if the money is still there', async () => {
  const order = await kit.paid()
  kit.channel.state.refundStatus = 'FAILED'
  const refund = await kit.refund(order.id, yuan(15_000))
  equal(refund.status, 'FAILED')
  kit.channel.refunds.get(refund.id)!.status = 'SUCCEEDED'
  await kit.send(kit.event(order.id, 'refund.succeeded'))
  deepEqual(await rowOf(order.id), { captured: 19900, refunded: 15_000, refund_pending: 0 })

  const other = await kit.paid()
  const late = await kit.refund(other.id, yuan(15_000))
  kit.channel.state.refundStatus = 'SUCCEEDED'
  await kit.refund(other.id, yuan(10_000))
  kit.channel.refunds.get(late.id)!.status = 'SUCCEEDED'
  await kit.send(kit.event(other.id, 'refund.succeeded'))
  deepEqual(await rowOf(other.id), { captured: 19900, refunded: 10_000, refund_pending: 0 })
  const found = await kit.app.db.one<{ kind: string }>(
    sql`select kind from ${kit.app.db.schema}.payment_case where subject = ${late.id}`,
  )
  equal(found?.kind, 'REFUND_MISMATCH')
})

test('a channel that gave back another amount is a finding, not a success', async () => {
  const order = await kit.paid()
  kit.channel.state.refundStatus = 'PENDING'
  const refund = await kit.refund(order.id, yuan(100))
  Object.assign(kit.channel.refunds.get(refund.id)!, { status: 'SUCCEEDED', amount: { currency: 'CNY', amount: 99 } })
  await kit.app.runTimers({ all: true })
  deepEqual(await rowOf(order.id), { captured: 19900, refunded: 0, refund_pending: 100 })
  const found = await kit.app.db.one<{ kind: string }>(
    sql`select kind from ${kit.app.db.schema}.payment_case where subject = ${refund.id}`,
  )
  equal(found?.kind, 'REFUND_MISMATCH')
})

test('money paid to the courier goes back by hand, at once, from the courier’s account', async () => {
  const order = kit.orders.place(500)
  const made = await kit.create(order, 'pay_on_delivery')
  await kit
    .admin()
    .recordDeliveryPayment({ id: order.orderId, amount: { currency: 'CNY', amount: 500 } }, kit.finance())
  const refund = await kit.refund(made.id, yuan(200))
  equal(refund.status, 'SUCCEEDED')
  const postings = (await kit.entries()).filter(({ source_id }) => source_id === refund.id)
  deepEqual(
    postings.map(({ account, amount }) => `${account} ${amount}`),
    ['customer 200', 'courier_clearing -200'],
  )
})
