import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { refused, startPayment } from './fixture.ts'

let kit: Awaited<ReturnType<typeof startPayment>>
before(async () => {
  kit = await startPayment({ SOUK_PUBLIC_URL: 'https://shop.example/', SOUK_CALLBACK_URL: 'http://inside:8889' })
})
after(() => kit.app.close())
beforeEach(() => {
  Object.assign(kit.channel.state, { down: false, loseReplies: 0, voidable: true })
})

const attemptsOf = (orderId: string) =>
  kit.app.db.all<{ id: string; status: string; method: string }>(
    sql`select id, status, method from ${kit.app.db.schema}.payment where order_id = ${orderId}::uuid order by id`,
  )
const pathOf = async (id: string) =>
  (
    await kit.app.db.all<{ to_status: string }>(
      sql`select to_status from ${kit.app.db.schema}.move where subject_id = ${id}::uuid order by id`,
    )
  )
    .map((row) => row.to_status)
    .join('>')

test('methods are listed in the language of the caller', async () => {
  const chinese = await kit.service().listMethods({}, kit.app.as({ locale: 'zh-CN' }))
  deepEqual(
    chinese.methods.map(({ id, name, available }) => `${id} ${name} ${available}`),
    ['sandbox 沙箱支付（测试） true', 'pay_on_delivery 货到付款 true'],
  )
  const english = await kit.service().listMethods({}, kit.app.as())
  equal(english.methods[1]!.name, 'Pay on delivery')
})

test('a payment is opened at the channel and can be read by its buyer only', async () => {
  const order = kit.orders.place()
  const made = await kit.create(order)
  deepEqual(
    { ...made, id: '', createdAt: '' },
    {
      id: '',
      orderId: order.orderId,
      status: 'PROCESSING',
      amount: { currency: 'CNY', amount: 19900 },
      captured: { currency: 'CNY', amount: 0 },
      refunded: { currency: 'CNY', amount: 0 },
      refunds: [],
      method: 'sandbox',
      redirectUrl: `https://pay.example/${made.id}`,
      createdAt: '',
      failure: '',
    },
  )
  deepEqual(await kit.get(order, made.id), made)
  const list = await kit.service().listPayments({ orderId: order.orderId }, kit.buyer(order.buyerId))
  deepEqual(list.payments, [made])
  await rejects(kit.get({ buyerId: newId() }, made.id), refused('NOT_FOUND'))
  await rejects(kit.get(order, 'x'), refused('NOT_FOUND'))
  await rejects(kit.service().listPayments({ orderId: order.orderId }, kit.buyer(newId())), refused('NOT_FOUND'))
  await rejects(kit.service().getPayment({ id: made.id }, kit.app.as()), refused('UNAUTHENTICATED'))
  equal(await pathOf(made.id), 'PROCESSING')
})

test('an order nobody has begun to pay has an empty list; a stranger’s is not found', async () => {
  const order = kit.orders.place()
  deepEqual((await kit.service().listPayments({ orderId: order.orderId }, kit.buyer(order.buyerId))).payments, [])
  await rejects(kit.service().listPayments({ orderId: order.orderId }, kit.buyer(newId())), refused('NOT_FOUND'))
  await rejects(kit.service().listPayments({ orderId: newId() }, kit.buyer(newId())), refused('NOT_FOUND'))
})

test('what cannot be paid is refused', async () => {
  const order = kit.orders.place()
  await rejects(kit.create({ ...order, buyerId: newId() }), refused('NOT_FOUND'))
  await rejects(kit.create({ ...order, orderId: 'x' }), refused('NOT_FOUND'))
  await rejects(kit.create(order, 'gift_card'), refused('METHOD_UNAVAILABLE'))
  kit.orders.orders.get(order.orderId)!.payable = false
  await rejects(kit.create(order), refused('ILLEGAL_TRANSITION'))
  deepEqual(await attemptsOf(order.orderId), [])
})

test('the same key gives the same answer; another key with the same method gets the open attempt', async () => {
  const order = kit.orders.place()
  const key = newId()
  const first = await kit.create(order, 'sandbox', key)
  kit.channel.pay(first.id)
  await kit.send(kit.event(first.id))
  deepEqual(await kit.create(order, 'sandbox', key), first)
  const other = kit.orders.place()
  const made = await kit.create(other)
  deepEqual(await kit.create(other), made)
  equal((await attemptsOf(other.orderId)).length, 1)
})

test('twenty clicks at once, each with its own key, open one attempt', async () => {
  const order = kit.orders.place()
  const answers = await Promise.all(Array.from({ length: 20 }, () => kit.create(order)))
  equal(new Set(answers.map(({ id }) => id)).size, 1)
  equal((await attemptsOf(order.orderId)).length, 1)
})

test('another method voids the open attempt first', async () => {
  const order = kit.orders.place()
  const first = await kit.create(order)
  const second = await kit.create(order, 'pay_on_delivery')
  equal(second.status, 'PROCESSING')
  equal(second.redirectUrl, '')
  equal((await kit.get(order, first.id)).status, 'VOIDED')
  equal((await kit.get(order, first.id)).redirectUrl, '')
  equal(kit.channel.charges.get(first.id)!.status, 'VOIDED')
  deepEqual(await kit.saidOf(first.id), ['payment.PaymentFailed 1'])
  deepEqual(await kit.saidOf(second.id), ['payment.DeliveryPaymentChosen 1'])
})

test('another method finds the open attempt captured: that one wins', async () => {
  const order = kit.orders.place()
  const first = await kit.create(order)
  kit.channel.pay(first.id)
  const answer = await kit.create(order, 'pay_on_delivery')
  equal(answer.id, first.id)
  equal(answer.status, 'CAPTURED')
  deepEqual(answer.captured, { currency: 'CNY', amount: 19900 })
  equal((await attemptsOf(order.orderId)).length, 1)
})

test('while nobody knows what became of the open attempt, no other is opened', async () => {
  const order = kit.orders.place()
  const first = await kit.create(order)
  kit.channel.state.down = true
  await rejects(kit.create(order, 'pay_on_delivery'), refused('PAYMENT_UNRESOLVED'))
  kit.channel.state.down = false
  kit.channel.state.voidable = false
  await rejects(kit.create(order, 'pay_on_delivery'), refused('PAYMENT_UNRESOLVED'))
  equal((await kit.get(order, first.id)).status, 'PROCESSING')
  equal((await attemptsOf(order.orderId)).length, 1)
})

test('an order that refuses another payment leaves the open attempt alone', async () => {
  const order = kit.orders.place()
  const first = await kit.create(order, 'pay_on_delivery')
  kit.orders.orders.get(order.orderId)!.payable = false
  await rejects(kit.create(order, 'sandbox'), refused('ILLEGAL_TRANSITION'))
  equal((await kit.get(order, first.id)).status, 'PROCESSING')
})

test('a paid order is not paid again, also before the order itself has heard of it', async () => {
  const order = await kit.paid()
  await rejects(kit.create(order), refused('ILLEGAL_TRANSITION'))
  equal((await attemptsOf(order.orderId)).length, 1)
})

test('a lost reply is UNKNOWN, never failed; the next question finds the page', async () => {
  const order = kit.orders.place()
  kit.channel.state.loseReplies = 1
  const made = await kit.create(order)
  equal(made.status, 'UNKNOWN')
  equal(made.redirectUrl, '')
  equal(await pathOf(made.id), 'PROCESSING>UNKNOWN')
  await kit.app.runTimers({ all: true })
  const found = await kit.get(order, made.id)
  equal(found.status, 'PROCESSING')
  equal(found.redirectUrl, `https://pay.example/${made.id}`)
})

test('a channel that is down: the attempt waits, and is made known when the channel is back', async () => {
  const order = kit.orders.place()
  kit.channel.state.down = true
  const made = await kit.create(order)
  equal(made.status, 'UNKNOWN')
  for (let n = 0; n < 3; n++) await kit.app.runTimers({ all: true })
  equal((await kit.get(order, made.id)).status, 'UNKNOWN')
  kit.channel.state.down = false
  const again = await kit.create(order)
  equal(again.id, made.id)
  equal(again.status, 'PROCESSING')
  equal(again.redirectUrl, `https://pay.example/${made.id}`)
})

test('a channel that never heard of the attempt is told by the timer, however often it was down', async () => {
  const order = kit.orders.place()
  kit.channel.state.down = true
  const { id } = await kit.create(order)
  for (let n = 0; n < 3; n++) await kit.app.runTimers({ all: true })
  kit.channel.state.down = false
  await kit.app.runTimers({ all: true })
  const found = await kit.get(order, id)
  equal(found.status, 'PROCESSING')
  equal(found.redirectUrl, `https://pay.example/${id}`)
})

test('a charge that succeeded without any report is found by asking', async () => {
  const order = kit.orders.place()
  const made = await kit.create(order)
  kit.channel.pay(made.id)
  await kit.app.runTimers({ all: true })
  equal((await kit.get(order, made.id)).status, 'CAPTURED')
})

test('a decline ends the attempt, and the buyer may try again', async () => {
  const order = kit.orders.place()
  const made = await kit.create(order)
  kit.channel.say(made.id, 'FAILED')
  await kit.send(kit.event(made.id, 'payment.failed'))
  const failed = await kit.get(order, made.id)
  equal(failed.status, 'FAILED')
  equal(failed.failure, 'DECLINED')
  deepEqual(await kit.saidOf(made.id), ['payment.PaymentFailed 1'])
  const second = await kit.create(order)
  notEqual(second.id, made.id)
  equal(second.status, 'PROCESSING')
})

for (const point of ['payment.create.beforeCommit', 'payment.create.afterCommit', 'payment.create.afterChannel'])
  test(`a crash at ${point}: the same key goes on under the same id`, async () => {
    const order = kit.orders.place()
    const key = newId()
    kit.crashAt(point)
    await rejects(kit.create(order, 'sandbox', key))
    const made = await kit.create(order, 'sandbox', key)
    equal(made.status, 'PROCESSING')
    const list = await attemptsOf(order.orderId)
    deepEqual(
      list.map(({ id }) => id),
      [made.id],
    )
    equal(
      kit.orders.begun.filter((begun) => begun.startsWith(order.orderId)).every((begun) => begun.endsWith(made.id)),
      true,
    )
  })

for (const point of ['payment.create.afterCommit', 'payment.create.afterChannel'])
  test(`a crash at ${point} and no retry: the timer brings the attempt to its channel`, async () => {
    const order = kit.orders.place()
    kit.crashAt(point)
    await rejects(kit.create(order))
    await kit.app.runTimers({ all: true })
    const [attempt] = await attemptsOf(order.orderId)
    equal(attempt!.status, 'PROCESSING')
  })

test('pay on delivery: chosen, then the exact money is recorded by staff, audited', async () => {
  const order = kit.orders.place()
  const made = await kit.create(order, 'pay_on_delivery')
  const record = (amount: number, call = kit.finance()) =>
    kit.admin().recordDeliveryPayment({ id: order.orderId, amount: { currency: 'CNY', amount } }, call)
  await rejects(record(19899), refused('AMOUNT_MISMATCH'))
  await rejects(
    kit.admin().recordDeliveryPayment({ id: order.orderId, amount: { currency: 'USD', amount: 19900 } }, kit.finance()),
    refused('AMOUNT_MISMATCH'),
  )
  await rejects(
    record(19900, kit.app.as({ user: newId(), roles: ['finance'], key: newId() })),
    refused('STEP_UP_REQUIRED'),
  )
  await rejects(
    record(19900, kit.app.as({ user: newId(), roles: ['warehouse'], steppedUp: true, key: newId() })),
    refused('FORBIDDEN'),
  )
  const key = newId()
  const call = kit.finance(key)
  const captured = await record(19900, call)
  equal(captured.status, 'CAPTURED')
  deepEqual(await record(19900, call), captured)
  await rejects(record(19900), refused('ILLEGAL_TRANSITION'))
  deepEqual(await kit.saidOf(made.id), ['payment.DeliveryPaymentChosen 1', 'payment.PaymentSucceeded 2'])
  const audits = await kit.app.db.all<{ action: string }>(
    sql`select action from ${kit.app.db.schema}.audit where target = ${made.id}`,
  )
  deepEqual(audits, [{ action: 'payment.record_delivery' }])
  const postings = (await kit.entries()).filter(({ source_id }) => source_id === made.id)
  deepEqual(
    postings.map(({ account, amount }) => `${account} ${amount}`),
    ['courier_clearing 19900', 'customer -19900'],
  )
  const online = kit.orders.place()
  await kit.create(online)
  await rejects(
    kit
      .admin()
      .recordDeliveryPayment({ id: online.orderId, amount: { currency: 'CNY', amount: 19900 } }, kit.finance()),
    refused('NOT_FOUND'),
  )
})

test('a zero total is captured once, without postings, by fact and by request', async () => {
  const order = kit.orders.place(0)
  const payload = { ...order, amount: { currency: 'CNY', amount: 0 } }
  await kit.app.hear({ type: 'order.CaptureRequested', aggregateId: order.orderId, aggregateVersion: 1, payload })
  await kit.app.hear({ type: 'order.CaptureRequested', aggregateId: order.orderId, aggregateVersion: 2, payload })
  const made = await kit.create(order)
  equal(made.status, 'CAPTURED')
  equal(made.method, 'none')
  equal((await attemptsOf(order.orderId)).length, 1)
  deepEqual(await kit.saidOf(made.id), ['payment.PaymentSucceeded 1'])
  equal(
    (await kit.entries()).some(({ source_id }) => source_id === made.id),
    false,
  )
  await rejects(kit.refund(made.id), refused('REFUND_EXCEEDS_CAPTURED'))
})

test('a method that is switched off is listed with its reason and refused', async () => {
  const other = await startPayment({ SOUK_PAYMENT_METHODS: 'pay_on_delivery' })
  try {
    const { methods } = await other.service().listMethods({}, other.app.as())
    deepEqual(
      methods.map(({ id, available, reason }) => `${id} ${available} ${reason}`),
      ['sandbox false Not available at the moment.', 'pay_on_delivery true '],
    )
    await rejects(other.create(other.orders.place()), refused('METHOD_UNAVAILABLE'))
  } finally {
    await other.app.close()
  }
})

test('without a secret, or with an unknown method, it does not start', async () => {
  await rejects(startPayment({ SOUK_SANDBOX_SECRET: ' , ' }), /at least one secret/)
  await rejects(startPayment({ SOUK_PAYMENT_METHODS: 'barter' }), /no method barter/)
})
