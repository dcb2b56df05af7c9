import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { ListPaymentCasesRequest } from '@souk/contract/payment'
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

const opened = async (amount = 19900) => {
  const order = kit.orders.place(amount)
  return { ...order, id: (await kit.create(order)).id }
}
const entriesOf = async (id: string) =>
  (await kit.entries())
    .filter((row) => row.source_id === id)
    .map((row) => `${row.kind} ${row.account} ${row.currency} ${row.amount}`)
const captured = ['capture psp_clearing CNY 19900', 'capture customer CNY -19900']
const events = async (paymentId: string) =>
  kit.app.db.all<{ event_id: string; outcome: string; raw: Buffer; processed_at: Date | null }>(
    sql`select event_id, outcome, raw, processed_at from ${kit.app.db.schema}.callback_event
      where payment_id = ${paymentId} order by received_at`,
  )
const casesOf = async (subject: string) =>
  (
    await kit.app.db.all<{ kind: string; closed: boolean }>(
      sql`select kind, closed_at is not null as closed from ${kit.app.db.schema}.payment_case where subject = ${subject}`,
    )
  ).map((row) => `${row.kind} ${row.closed ? 'closed' : 'open'}`)

test('a success is stored as it came, asked back, captured, booked and told, in one go', async () => {
  const order = await opened()
  kit.channel.pay(order.id)
  const event = kit.event(order.id, 'payment.succeeded', { riskScore: 7, note: '未知字段' })
  deepEqual(await kit.send(event), { received: true })
  const payment = await kit.get(order, order.id)
  equal(payment.status, 'CAPTURED')
  deepEqual(payment.captured, { currency: 'CNY', amount: 19900 })
  equal(payment.redirectUrl, '')
  deepEqual(await entriesOf(order.id), captured)
  deepEqual(await kit.saidOf(order.id), ['payment.PaymentSucceeded 1'])
  const [kept] = await events(order.id)
  equal(kept!.raw.toString(), JSON.stringify(event))
  equal(kept!.outcome, 'capture')
})

test('fifty equal callbacks at once: one event, one capture, one entry, all acknowledged', async () => {
  const order = await opened()
  kit.channel.pay(order.id)
  const event = kit.event(order.id)
  const answers = await Promise.all(Array.from({ length: 50 }, () => kit.send(event)))
  equal(
    answers.every(({ received }) => received),
    true,
  )
  equal((await events(order.id)).length, 1)
  deepEqual(await entriesOf(order.id), captured)
  deepEqual(await kit.saidOf(order.id), ['payment.PaymentSucceeded 1'])
})

test('fifty different callbacks at once about one success: one capture, one entry', async () => {
  const order = await opened()
  kit.channel.pay(order.id)
  const types = ['payment.succeeded', 'payment.failed', 'refund.failed', 'refund.succeeded', 'payment.held']
  await Promise.all(Array.from({ length: 50 }, (_, n) => kit.send(kit.event(order.id, types[n % types.length]))))
  await kit.app.runTimers({ all: true })
  equal((await events(order.id)).length, 50)
  equal(
    (await events(order.id)).every(({ processed_at }) => processed_at !== null),
    true,
  )
  deepEqual(await entriesOf(order.id), captured)
  deepEqual(await kit.saidOf(order.id), ['payment.PaymentSucceeded 1'])
  equal((await kit.get(order, order.id)).status, 'CAPTURED')
})

test('a forged success moves nothing: the channel is asked, and says the buyer has not paid', async () => {
  const order = await opened()
  await kit.send(kit.event(order.id))
  equal((await kit.get(order, order.id)).status, 'PROCESSING')
  deepEqual(await entriesOf(order.id), [])
})

test('a failure reported after the success undoes nothing', async () => {
  const order = await kit.paid()
  await kit.send(kit.event(order.id, 'payment.failed'))
  equal((await kit.get(order, order.id)).status, 'CAPTURED')
  deepEqual(await kit.saidOf(order.id), ['payment.PaymentSucceeded 1'])
})

test('what is badly signed is refused, counted and not kept', async () => {
  const order = await opened()
  kit.channel.pay(order.id)
  const event = kit.event(order.id)
  const body = JSON.stringify(event)
  const sign = (text: string, t: number, secret = 'new') =>
    `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${text}`).digest('hex')}`
  const t = Math.floor(Date.now() / 1000)
  for (const signature of [
    '',
    'x',
    sign(body, t, 'stolen'),
    sign(`${body} `, t),
    sign(body, t - 400),
    sign(body, t + 400),
  ])
    await rejects(kit.send(event, signature), refused('SIGNATURE_REFUSED'))
  deepEqual(await events(order.id), [])
  equal((await kit.get(order, order.id)).status, 'PROCESSING')
  await kit.send(event, sign(body, t, 'old'))
  equal((await kit.get(order, order.id)).status, 'CAPTURED')
})

test('a well-signed body that is no event, or of another payment, is refused', async () => {
  const order = await opened()
  await rejects(kit.send({ paymentId: order.id }), refused('VALIDATION_FAILED'))
  const rawBody = Buffer.from(JSON.stringify(kit.event(order.id)))
  const t = Math.floor(Date.now() / 1000)
  const signature = `t=${t},v1=${createHmac('sha256', 'new').update(`${t}.`).update(rawBody).digest('hex')}`
  await rejects(
    kit.service().receiveCallback({ id: newId(), rawBody, signature }, kit.app.as()),
    refused('VALIDATION_FAILED'),
  )
  deepEqual(await events(order.id), [])
  deepEqual(await kit.service().receiveChannelCallback({ channel: 'sandbox', rawBody, signature }, kit.app.as()), {
    received: true,
  })
  for (const channel of ['stripe', 'pay_on_delivery'])
    await rejects(
      kit.service().receiveChannelCallback({ channel, rawBody, signature }, kit.app.as()),
      refused('NOT_FOUND'),
    )
})

test('bytes that are not UTF-8 are refused even when signed', async () => {
  const rawBody = Buffer.from([0x7b, 0xff, 0x7d])
  const t = Math.floor(Date.now() / 1000)
  const signature = `t=${t},v1=${createHmac('sha256', 'new').update(`${t}.`).update(rawBody).digest('hex')}`
  await rejects(
    kit.service().receiveCallback({ id: newId(), rawBody, signature }, kit.app.as()),
    refused('VALIDATION_FAILED'),
  )
})

test('a callback about a payment nobody knows is kept and asked again until the payment is there', async () => {
  const order = kit.orders.place()
  const stranger = kit.event(newId())
  await kit.send(stranger)
  await kit.send(kit.event('not-an-id'))
  const id = newId()
  const event = kit.event(id)
  await kit.send(event)
  equal((await events(id))[0]!.processed_at, null)
  await kit.app.db.tx(async (tx) => {
    await tx.run(sql`insert into ${kit.app.db.schema}.order_standing (order_id) values (${order.orderId}::uuid)`)
    await tx.run(sql`insert into ${kit.app.db.schema}.payment (id, order_id, order_number, buyer_id, method, currency, amount)
      values (${id}::uuid, ${order.orderId}::uuid, '', ${order.buyerId}, 'sandbox', 'CNY', 19900)`)
  })
  kit.channel.charges.set(id, {
    amount: { currency: 'CNY', amount: 19900 },
    status: 'SUCCEEDED',
    captured: { currency: 'CNY', amount: 19900 },
    refundStatus: 'SUCCEEDED',
  })
  await kit.app.runTimers({ all: true })
  equal((await kit.get(order, id)).status, 'CAPTURED')
  deepEqual(await entriesOf(id), captured)
  equal((await events(stranger.paymentId))[0]!.processed_at, null)
  await kit.app.db.run(sql`update ${kit.app.db.schema}.callback_event set received_at = now() - interval '73 hours'`)
  await kit.app.runTimers({ all: true })
  equal((await events(stranger.paymentId))[0]!.outcome, 'UNKNOWN_PAYMENT')
  deepEqual(await casesOf(`sandbox/${stranger.eventId}`), ['CALLBACK_UNKNOWN_PAYMENT open'])
})

test('a channel that does not answer the question: acknowledged, applied by the timer', async () => {
  const order = await opened()
  kit.channel.pay(order.id)
  kit.channel.state.down = true
  deepEqual(await kit.send(kit.event(order.id)), { received: true })
  equal((await kit.get(order, order.id)).status, 'PROCESSING')
  await kit.app.runTimers({ all: true })
  kit.channel.state.down = false
  await kit.app.runTimers({ all: true })
  equal((await kit.get(order, order.id)).status, 'CAPTURED')
})

test('no acknowledgement before the event is kept; killed after it, the timer applies it', async () => {
  const order = await opened()
  kit.channel.pay(order.id)
  const event = kit.event(order.id)
  kit.crashAt('payment.callback.beforeCommit')
  await rejects(kit.send(event))
  deepEqual(await events(order.id), [])
  kit.crashAt('payment.callback.afterCommit')
  await rejects(kit.send(event))
  equal((await events(order.id)).length, 1)
  await kit.app.db.run(sql`delete from ${kit.app.db.schema}.timer where kind = 'payment.query'`)
  await kit.app.runTimers({ all: true })
  equal((await kit.get(order, order.id)).status, 'CAPTURED')
  deepEqual(await entriesOf(order.id), captured)
})

for (const point of ['payment.capture.beforeCommit', 'payment.capture.afterCommit'])
  test(`a crash at ${point}: one entry, one fact, in the end`, async () => {
    const order = await opened()
    kit.channel.pay(order.id)
    kit.crashAt(point)
    deepEqual(await kit.send(kit.event(order.id)), { received: true })
    await kit.app.runTimers({ all: true })
    equal((await kit.get(order, order.id)).status, 'CAPTURED')
    deepEqual(await entriesOf(order.id), captured)
    deepEqual(await kit.saidOf(order.id), ['payment.PaymentSucceeded 1'])
  })

test('the browser’s return, the callback and the timer at once, 50 rounds: one capture each', async () => {
  for (let round = 0; round < 50; round++) {
    const order = await opened()
    kit.channel.pay(order.id)
    await Promise.all([
      kit.send(kit.event(order.id)),
      kit.create(order).catch(() => undefined),
      kit.app.runTimers({ all: true }),
      kit.send(kit.event(order.id)),
    ])
    deepEqual(await entriesOf(order.id), captured)
    deepEqual(await kit.saidOf(order.id), ['payment.PaymentSucceeded 1'])
  }
})

for (const [says, received] of [
  ['amount', { currency: 'CNY', amount: 19899 }],
  ['currency', { currency: 'USD', amount: 19900 }],
] as const)
  test(`a wrong ${says}: not captured, into suspense, a finding, sent back once, and the buyer may pay anew`, async () => {
    const order = await opened()
    kit.channel.pay(order.id, received)
    await kit.send(kit.event(order.id, 'payment.succeeded', { amount: received }))
    const failed = await kit.get(order, order.id)
    equal(failed.status, 'FAILED')
    equal(failed.failure, 'AMOUNT_MISMATCH')
    deepEqual(failed.captured, { currency: 'CNY', amount: 0 })
    deepEqual(await entriesOf(order.id), [
      `suspense psp_clearing ${received.currency} ${received.amount}`,
      `suspense suspense ${received.currency} ${-received.amount}`,
    ])
    deepEqual(await casesOf(order.id), ['AMOUNT_MISMATCH open'])
    await kit.send(kit.event(order.id))
    await kit.app.runTimers({ all: true })
    await kit.send(kit.event(order.id))
    await kit.app.runTimers({ all: true })
    const back = [...kit.channel.refunds.entries()].filter(([, refund]) => refund.paymentId === order.id)
    deepEqual(
      back.map(([, { amount, status }]) => ({ amount, status })),
      [{ amount: received, status: 'SUCCEEDED' }],
    )
    deepEqual(await entriesOf(back[0]![0]), [
      `suspense_return suspense ${received.currency} ${received.amount}`,
      `suspense_return psp_clearing ${received.currency} ${-received.amount}`,
    ])
    deepEqual(await casesOf(order.id), ['AMOUNT_MISMATCH closed'])
    deepEqual(await kit.saidOf(order.id), ['payment.PaymentFailed 1'])
    deepEqual((await kit.get(order, order.id)).refunds, [])
    equal((await kit.create(order)).status, 'PROCESSING')
  })

test('a success after the attempt was over is nobody’s money: suspense, finding, sent back once', async () => {
  const order = await opened()
  kit.channel.say(order.id, 'FAILED')
  await kit.send(kit.event(order.id, 'payment.failed'))
  kit.channel.pay(order.id)
  for (let n = 0; n < 3; n++) {
    await kit.send(kit.event(order.id))
    await kit.app.runTimers({ all: true })
  }
  equal((await kit.get(order, order.id)).status, 'FAILED')
  equal([...kit.channel.refunds.values()].filter((refund) => refund.paymentId === order.id).length, 1)
  deepEqual(await casesOf(order.id), ['STRAY_MONEY closed'])
})

test('staff see the cases: open ones, all of them, page by page, and nobody else does', async () => {
  const orders = [await opened(), await opened(), await opened()]
  const received = { currency: 'CNY', amount: 1 }
  for (const order of orders) {
    kit.channel.pay(order.id, received)
    await kit.send(kit.event(order.id, 'payment.succeeded', { amount: received }))
  }
  const support = kit.app.as({ user: newId(), roles: ['support'] })
  const list = (more: Partial<ListPaymentCasesRequest>, call = support) =>
    kit.admin().listPaymentCases(ListPaymentCasesRequest.fromPartial(more), call)
  const first = await list({ pageSize: 2 })
  const { cases } = await list({ pageSize: 2, pageToken: first.nextPageToken })
  deepEqual(
    [...first.cases, cases[0]!].map(({ kind, subject, amount }) => [kind, subject, amount]),
    orders.toReversed().map(({ id }) => ['AMOUNT_MISMATCH', id, received]),
  )
  const one = { orderId: first.cases[0]!.orderId }
  const [found] = (await list(one)).cases
  deepEqual([found?.subject, found?.closedAt, found?.resolution], [orders[2]!.id, undefined, ''])
  await kit.app.runTimers({ all: true })
  deepEqual((await list(one)).cases, [])
  ok((await list({ ...one, closed: true })).cases[0]?.closedAt)
  await rejects(list({}, kit.app.as({ user: newId(), roles: ['catalog'] })), { code: 'FORBIDDEN' })
  await rejects(list({ pageToken: 'nonsense' }), { code: 'VALIDATION_FAILED' })
})

test('an attempt that stays unresolved for 72 h becomes a finding, and closes it when it resolves', async () => {
  const order = await opened()
  await kit.app.db.run(
    sql`update ${kit.app.db.schema}.payment set created_at = now() - interval '73 hours' where id = ${order.id}::uuid`,
  )
  await kit.app.runTimers({ all: true })
  deepEqual(await casesOf(order.id), ['PAYMENT_UNRESOLVED open'])
  kit.channel.pay(order.id)
  await kit.send(kit.event(order.id))
  deepEqual(await casesOf(order.id), ['PAYMENT_UNRESOLVED closed'])
  equal((await kit.get(order, order.id)).status, 'CAPTURED')
})

test('callbacks need no account and no key', async () => {
  const order = await opened()
  kit.channel.pay(order.id)
  const event = kit.event(order.id)
  await kit.send(event)
  deepEqual(await kit.send(event), { received: true })
})
