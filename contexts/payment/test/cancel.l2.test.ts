import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
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

const cancelling = (orderId: string) => kit.hearCancel(orderId, 'order.OrderCancelling', 5)
const cancelled = (orderId: string) => kit.hearCancel(orderId, 'order.OrderCancelled', 6)
const settledTimes = async (orderId: string) => (await kit.saidOf(orderId)).join()
const opened = async (method = 'sandbox') => {
  const order = kit.orders.place()
  return { ...order, id: (await kit.create(order, method)).id }
}
const net = async (order: { buyerId: string; id: string }) => {
  const payment = await kit.get(order, order.id)
  return `${payment.status} ${payment.captured!.amount} ${payment.refunded!.amount}`
}
/** Enough rounds for whatever follows from whatever. */
const settle = async () => {
  for (let round = 0; round < 4; round++) await kit.app.runTimers({ all: true })
}

test('an order nobody began to pay is settled at once, and only once', async () => {
  const { orderId } = kit.orders.place()
  await cancelling(orderId)
  await settle()
  equal(await settledTimes(orderId), 'payment.PaymentSettled 1')
  await kit.hearCancel(orderId, 'order.OrderCancelling', 7)
  await settle()
  equal(await settledTimes(orderId), 'payment.PaymentSettled 1')
})

for (const method of ['sandbox', 'pay_on_delivery'])
  test(`an open ${method} attempt is voided, then it is settled`, async () => {
    const order = await opened(method)
    await cancelling(order.orderId)
    equal(await settledTimes(order.orderId), '')
    await settle()
    equal(await net(order), 'VOIDED 0 0')
    equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
    await rejects(kit.create(order), refused('ILLEGAL_TRANSITION'))
  })

test('captured money goes back in full, then it is settled', async () => {
  const order = await kit.paid()
  await kit.refund(order.id, { amount: { currency: 'CNY', amount: 900 } })
  await cancelling(order.orderId)
  await settle()
  equal(await net(order), 'CAPTURED 19900 19900')
  equal((await kit.get(order, order.id)).refunds.length, 2)
  equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
})

test('the void finds the money captured: it goes back, once', async () => {
  const order = await opened()
  kit.channel.pay(order.id)
  await cancelling(order.orderId)
  await settle()
  await kit.send(kit.event(order.id))
  await settle()
  equal(await net(order), 'CAPTURED 19900 19900')
  equal((await kit.get(order, order.id)).refunds.length, 1)
  equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
})

test('money on its way cannot be voided: the order waits, the late money goes back, then it is settled', async () => {
  const order = await opened()
  kit.channel.state.voidable = false
  await cancelling(order.orderId)
  await settle()
  equal(await net(order), 'PROCESSING 0 0')
  equal(await settledTimes(order.orderId), '')
  kit.channel.pay(order.id)
  await kit.send(kit.event(order.id))
  await settle()
  equal(await net(order), 'CAPTURED 19900 19900')
  equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
})

test('late money of an order that is already cancelled goes back too, and settles nothing', async () => {
  const order = await opened()
  kit.channel.state.voidable = false
  await cancelled(order.orderId)
  await settle()
  kit.channel.pay(order.id)
  await kit.send(kit.event(order.id))
  equal((await kit.get(order, order.id)).refunds[0]!.amount!.amount, 19900)
  await settle()
  equal(await net(order), 'CAPTURED 19900 19900')
  equal(await settledTimes(order.orderId), '')
})

/** From here on only what is heard counts: nobody comes back to look. */
const stopLooking = () =>
  kit.app.db.run(sql`delete from ${kit.app.db.schema}.timer where kind in ('payment.settle', 'payment.query')`)

test('the decline of an attempt that could not be voided settles the order at once', async () => {
  const order = await opened()
  kit.channel.state.voidable = false
  await cancelling(order.orderId)
  await settle()
  await stopLooking()
  kit.channel.say(order.id, 'FAILED')
  await kit.send(kit.event(order.id, 'payment.failed'))
  equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
})

test('the last refund settles the order at once', async () => {
  const order = await kit.paid()
  kit.channel.state.refundStatus = 'PENDING'
  await cancelling(order.orderId)
  await settle()
  await stopLooking()
  const [refund] = (await kit.get(order, order.id)).refunds
  kit.channel.refunds.get(refund!.id)!.status = 'SUCCEEDED'
  await kit.send(kit.event(order.id, 'refund.succeeded'))
  equal(await net(order), 'CAPTURED 19900 19900')
  equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
})

test('a channel that is down: nothing is guessed, nothing settled, until it answers', async () => {
  const order = await opened()
  kit.channel.state.down = true
  await cancelling(order.orderId)
  await settle()
  equal(await net(order), 'PROCESSING 0 0')
  equal(await settledTimes(order.orderId), '')
  kit.channel.state.down = false
  await settle()
  equal(await net(order), 'VOIDED 0 0')
  equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
})

test('an attempt whose creation was lost is made known, then voided, so it cannot open afterwards', async () => {
  const order = kit.orders.place()
  kit.channel.state.down = true
  const { id } = await kit.create(order)
  await cancelling(order.orderId)
  kit.channel.state.down = false
  await settle()
  equal(kit.channel.charges.get(id)!.status, 'VOIDED')
  equal(await net({ ...order, id }), 'VOIDED 0 0')
})

test('an automatic refund that is declined is tried again under the same id until it succeeds', async () => {
  const order = await kit.paid()
  kit.channel.state.refundStatus = 'FAILED'
  await cancelling(order.orderId)
  await settle()
  equal(await net(order), 'CAPTURED 19900 0')
  equal(await settledTimes(order.orderId), '')
  for (let n = 0; n < 5; n++) await kit.send(kit.event(order.id, 'refund.failed'))
  kit.channel.state.refundStatus = 'SUCCEEDED'
  await settle()
  equal(await net(order), 'CAPTURED 19900 19900')
  equal((await kit.get(order, order.id)).refunds.length, 1)
  equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
})

test('a declined automatic refund whose money staff gave back meanwhile is given up; the rest follows', async () => {
  const order = await kit.paid()
  kit.channel.state.refundStatus = 'FAILED'
  await cancelling(order.orderId)
  await settle()
  kit.channel.state.refundStatus = 'SUCCEEDED'
  await kit.refund(order.id, { amount: { currency: 'CNY', amount: 900 } })
  await settle()
  equal(await net(order), 'CAPTURED 19900 19900')
  deepEqual(
    (await kit.get(order, order.id)).refunds.map(({ amount, status }) => `${amount!.amount} ${status}`),
    ['19900 FAILED', '900 SUCCEEDED', '19000 SUCCEEDED'],
  )
  equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
})

test('cancel and success at the same moment, 100 rounds: either kept by nobody or refunded in full, settled once', async () => {
  for (let round = 0; round < 100; round++) {
    const order = await opened()
    if (round % 2 === 0) kit.channel.pay(order.id)
    await Promise.all([
      cancelling(order.orderId),
      round % 2 === 0 ? kit.send(kit.event(order.id)) : Promise.resolve(),
      kit.app.runTimers({ all: true }),
    ])
    await settle()
    equal(await net(order), round % 2 === 0 ? 'CAPTURED 19900 19900' : 'VOIDED 0 0')
    equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
  }
})

test('cancel and a new attempt at the same moment, 50 rounds: nothing stays open', async () => {
  for (let round = 0; round < 50; round++) {
    const order = kit.orders.place()
    await Promise.allSettled([kit.create(order), cancelling(order.orderId), kit.app.runTimers({ all: true })])
    await settle()
    const open = await kit.app.db.all(sql`select 1 from ${kit.app.db.schema}.payment
      where order_id = ${order.orderId}::uuid and status not in ('VOIDED', 'FAILED')`)
    deepEqual(open, [])
    equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
  }
})

test('two captures of one order: the second goes back in full, once, the first stays', async () => {
  const order = await kit.paid()
  const { schema } = kit.app.db
  const twin = await kit.create(kit.orders.place())
  await kit.app.db.run(
    sql`update ${schema}.payment set order_id = ${order.orderId}::uuid, buyer_id = ${order.buyerId} where id = ${twin.id}::uuid`,
  )
  kit.channel.pay(twin.id)
  await kit.send(kit.event(twin.id))
  await kit.send(kit.event(twin.id))
  await settle()
  equal(await net(order), 'CAPTURED 19900 0')
  equal(await net({ ...order, id: twin.id }), 'CAPTURED 19900 19900')
  equal((await kit.get(order, twin.id)).refunds[0]!.reason, 'ALREADY_PAID')
})

for (const point of ['payment.settle.afterChannel', 'payment.settle.beforeCommit'])
  test(`a crash at ${point} is healed by the timer`, async () => {
    const order = await opened()
    await cancelling(order.orderId)
    kit.crashAt(point)
    await settle()
    equal(await net(order), 'VOIDED 0 0')
    equal(await settledTimes(order.orderId), 'payment.PaymentSettled 1')
  })

test('a zero order that is cancelled first is not captured', async () => {
  const order = kit.orders.place(0)
  await cancelling(order.orderId)
  await kit.app.hear({
    type: 'order.CaptureRequested',
    aggregateId: order.orderId,
    aggregateVersion: 6,
    payload: { ...order, amount: { currency: 'CNY', amount: 0 } },
  })
  await settle()
  deepEqual(await kit.saidOf(order.orderId), ['payment.PaymentSettled 1'])
})
