import { deepEqual, equal } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { startPayment } from './fixture.ts'

let kit: Awaited<ReturnType<typeof startPayment>>
before(async () => {
  kit = await startPayment()
})
after(() => kit.app.close())

const many = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

const opened = (count: number) =>
  many(count, async () => {
    const order = kit.orders.place()
    return { ...order, id: (await kit.create(order)).id }
  })

const statuses = async (payments: { id: string; buyerId: string }[]) => {
  const found = await Promise.all(payments.map((payment) => kit.get(payment, payment.id)))
  return found.map(({ status }) => status)
}

/** Lets the database refuse the capture of one payment until it is taken away again. */
const withHostile = async (id: string, work: () => Promise<void>): Promise<void> => {
  const owner = new pg.Client({ connectionString: kit.app.url, ssl: false })
  await owner.connect()
  try {
    await owner.query(`alter table souk_payment.payment add constraint hostile
      check (id <> '${id}' or status <> 'CAPTURED') not valid`)
    await work()
  } finally {
    await owner.query('alter table souk_payment.payment drop constraint if exists hostile')
    await owner.end()
  }
}

test('fifty callbacks at once, among them one that the database refuses: the others are captured and booked once', async () => {
  const payments = await opened(50)
  const hostile = payments[17]!
  for (const { id } of payments) kit.channel.pay(id)
  await withHostile(hostile.id, async () => {
    const answers = await Promise.all(payments.map(({ id }) => kit.send(kit.event(id))))
    equal(
      answers.every(({ received }) => received),
      true,
    )
    deepEqual(
      await statuses(payments),
      payments.map((payment) => (payment === hostile ? 'PROCESSING' : 'CAPTURED')),
    )
  })
  await kit.app.runTimers({ all: true })
  equal((await kit.get(hostile, hostile.id)).status, 'CAPTURED')
  const booked = (await kit.entries()).map((row) => `${row.source_id} ${row.account} ${row.amount}`)
  for (const { id } of payments) {
    deepEqual(
      booked.filter((line) => line.startsWith(id)),
      [`${id} psp_clearing 19900`, `${id} customer -19900`],
    )
    deepEqual(await kit.saidOf(id), ['payment.PaymentSucceeded 1'])
  }
})

test('sixty payments opened at once: each its own attempt and page, the kept answer is the given one', async () => {
  const orders = Array.from({ length: 60 }, (_, n) => ({ ...kit.orders.place(100 + n), key: `key ${n}` }))
  const open = () => Promise.all(orders.map((order) => kit.create(order, 'sandbox', order.key)))
  const made = await open()
  made.forEach((payment, n) => {
    equal(payment.status, 'PROCESSING')
    equal(payment.orderId, orders[n]!.orderId)
    equal(payment.amount?.amount, 100 + n)
    equal(payment.redirectUrl, `https://pay.example/${payment.id}`)
  })
  deepEqual(await open(), made)
  deepEqual(await Promise.all(made.map(({ id }, n) => kit.get(orders[n]!, id))), made)
})

test('forty requests for ten orders at once: one attempt each, also among strangers and closed orders', async () => {
  const orders = Array.from({ length: 10 }, () => kit.orders.place())
  const closed = kit.orders.place()
  await kit.hearCancel(closed.orderId, 'order.OrderCancelling', 1)
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 40 }, (_, n) => kit.create(orders[n % 10]!)),
    kit.create(closed),
    kit.create({ ...orders[0]!, buyerId: closed.buyerId }),
  ])
  const ids = outcomes.slice(0, 40).map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.id : 'refused'))
  ids.forEach((id, n) => {
    equal(id, ids[n % 10])
  })
  equal(new Set(ids).size, 10)
  equal(ids.includes('refused'), false)
  deepEqual(
    outcomes.slice(40).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
})

test('good and bad news of twenty payments at once, each told twice: every one ends as its channel says', async () => {
  const payments = await opened(20)
  const wrong = { currency: 'CNY', amount: 1 }
  payments.forEach(({ id }, n) => {
    if (n % 4 === 0) kit.channel.pay(id, wrong)
    else if (n % 4 === 1) kit.channel.say(id, 'FAILED')
    else kit.channel.pay(id)
  })
  await Promise.all([...payments, ...payments].map(({ id }) => kit.send(kit.event(id))))
  deepEqual(
    await statuses(payments),
    payments.map((_, n) => (n % 4 < 2 ? 'FAILED' : 'CAPTURED')),
  )
  for (const [n, { id }] of payments.entries()) {
    const kinds = (await kit.entries()).filter((row) => row.source_id === id).map(({ kind }) => kind)
    deepEqual(kinds, [['suspense', 'suspense'], [], ['capture', 'capture'], ['capture', 'capture']][n % 4])
  }
})
