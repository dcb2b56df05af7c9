import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Charge, PlayBuyerRequest } from '@souk/contract/sandbox'
import { faultOf, newId } from '@souk/kernel'
import { patiently, sql } from '@souk/platform'
import { startContext, type TestContext } from '@souk/platform/testing'
import { sandbox } from '../src/index.ts'
import { startMerchant, until } from './merchant.ts'

let app: TestContext
let merchant: Awaited<ReturnType<typeof startMerchant>>
const failpoints = new Map<string, () => Promise<void>>()

before(async () => {
  merchant = await startMerchant('fresh')
  app = await startContext(sandbox, {
    env: { SOUK_SANDBOX_SECRET: 'fresh, stale', SOUK_PUBLIC_URL: 'https://shop.example/' },
    failpoint: async (name) => failpoints.get(name)?.(),
  })
})
after(async () => {
  await app.close()
  await merchant.close()
})
beforeEach(() => {
  merchant.answer = () => 200
})

const channel = () => app.services['sandbox.SandboxChannelService']
const payment = () => app.as({ service: 'payment' })
const refused = (code: string) => (error: unknown) => faultOf(error)?.code === code

const open = (amount = 19900, paymentId = newId()): Promise<Charge> =>
  channel().createCharge(
    {
      paymentId,
      amount: { currency: 'CNY', amount },
      description: '订单 S-1',
      callbackUrl: merchant.url,
      returnUrl: 'https://shop.example/pay/1/return',
    },
    payment(),
  )
const tokenOf = (charge: Charge): string => charge.pageUrl.split('/').at(-1)!
const play = (charge: Charge, outcome: string, more: Partial<PlayBuyerRequest> = {}) =>
  app.services['sandbox.SandboxService'].playBuyer({ token: tokenOf(charge), outcome, ...more }, app.as())
const get = ({ paymentId }: { paymentId: string }) => channel().getCharge({ paymentId }, payment())
const back = (charge: Charge, amount: number, refundId = newId(), currency = 'CNY') =>
  channel().createRefund({ refundId, paymentId: charge.paymentId, amount: { currency, amount } }, payment())
const eventsOf = (charge: Charge) => merchant.got.filter(({ body }) => body.includes(charge.paymentId))
const typesOf = (charge: Charge) => eventsOf(charge).map(({ event }) => event.type)
const callbackRows = (charge: Charge) =>
  app.db.all<{ id: string; attempts: number; delivered_at: Date | null; given_up_at: Date | null }>(
    sql`select id, attempts, delivered_at, given_up_at from ${app.db.schema}.callback where payment_id = ${charge.paymentId}`,
  )
const delivered = (charge: Charge) => async () => (await callbackRows(charge)).every((row) => row.delivered_at !== null)
const bookOf = async (charge: Charge) => {
  const entries: string[] = []
  let pageToken = ''
  do {
    const answer = await channel().listBook({ pageToken }, payment())
    for (const entry of answer.entries)
      if (entry.paymentId === charge.paymentId)
        entries.push(`${entry.kind} ${entry.amount!.currency} ${entry.amount!.amount}`)
    pageToken = answer.nextPageToken
  } while (pageToken)
  return entries
}
/** Sends every message there is, also those that are due later, until none is left. */
const sendAll = async (charge: Charge) => {
  await until(async () => {
    await app.runTimers({ all: true })
    return delivered(charge)()
  })
}

test('a charge is created once per payment id', async () => {
  const paymentId = newId()
  const charges = await Promise.all(Array.from({ length: 20 }, () => open(500, paymentId)))
  equal(new Set(charges.map((charge) => charge.channelReference)).size, 1)
  equal(charges[0]!.status, 'OPEN')
  equal(charges[0]!.pageUrl.startsWith('https://shop.example/sandbox/pay/'), true)
  deepEqual(charges[0]!.captured, { currency: 'CNY', amount: 0 })
  await rejects(open(501, paymentId), refused('VALIDATION_FAILED'))
  await rejects(open(0), refused('VALIDATION_FAILED'))
  await rejects(get({ paymentId: newId() }), refused('NOT_FOUND'))
  await rejects(channel().getCharge({ paymentId }, app.as({ user: newId(), roles: ['admin'] })), refused('FORBIDDEN'))
})

test('success is booked and told over HTTP, signed with the first secret', async () => {
  const charge = await open()
  const answer = await play(charge, 'SUCCESS')
  deepEqual(answer, { status: 'SUCCEEDED', returnUrl: 'https://shop.example/pay/1/return' })
  await until(delivered(charge))
  const [message, ...others] = eventsOf(charge)
  equal(others.length, 0)
  equal(message!.signed, true)
  const body = JSON.parse(message!.body)
  deepEqual(
    { ...body, eventId: '', occurredAt: '' },
    {
      eventId: '',
      type: 'payment.succeeded',
      paymentId: charge.paymentId,
      channelReference: charge.channelReference,
      amount: { currency: 'CNY', amount: 19900 },
      occurredAt: '',
    },
  )
  deepEqual((await get(charge)).captured, { currency: 'CNY', amount: 19900 })
  deepEqual(await bookOf(charge), ['charge CNY 19900'])
})

for (const [outcome, status, types, book] of [
  ['DECLINE', 'FAILED', ['payment.failed'], []],
  ['PENDING', 'PENDING', [], []],
  ['DUPLICATE', 'SUCCEEDED', ['payment.succeeded', 'payment.succeeded', 'payment.succeeded'], ['charge CNY 19900']],
  ['REORDER', 'SUCCEEDED', ['payment.succeeded', 'payment.failed'], ['charge CNY 19900']],
  ['WRONG_AMOUNT', 'SUCCEEDED', ['payment.succeeded'], ['charge CNY 19899']],
  ['WRONG_CURRENCY', 'SUCCEEDED', ['payment.succeeded'], ['charge USD 19900']],
  ['LOST_REPLY', 'SUCCEEDED', [], ['charge CNY 19900']],
  ['DECLINE_AFTER_SUCCESS', 'SUCCEEDED', ['payment.succeeded', 'payment.failed'], ['charge CNY 19900']],
] as const)
  test(`${outcome}: ${status}, tells ${types.length} times, books ${book.length}`, async () => {
    const charge = await open()
    equal((await play(charge, outcome)).status, status)
    await until(
      async () => (await callbackRows(charge)).filter((row) => row.delivered_at).length >= Math.min(types.length, 1),
    )
    await sendAll(charge)
    deepEqual(typesOf(charge), types)
    deepEqual(await bookOf(charge), book)
    equal((await get(charge)).status, status)
    equal(new Set(eventsOf(charge).map(({ event }) => event.eventId)).size, new Set(types).size)
  })

test('DELAY decides later, by a timer, and cannot be voided meanwhile', async () => {
  const charge = await open()
  equal((await play(charge, 'DELAY', { seconds: 3600 })).status, 'PENDING')
  equal((await channel().voidCharge({ paymentId: charge.paymentId }, payment())).status, 'PENDING')
  equal((await play(charge, 'DECLINE')).status, 'PENDING')
  deepEqual(await bookOf(charge), [])
  await app.runTimers({ all: true })
  equal((await get(charge)).status, 'SUCCEEDED')
  await until(delivered(charge))
  deepEqual(await bookOf(charge), ['charge CNY 19900'])
})

test('the first decisive outcome wins, also among fifty at once', async () => {
  const charge = await open()
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => play(charge, n % 2 === 0 ? 'SUCCESS' : 'DECLINE')),
  )
  equal(new Set(answers.map(({ status }) => status)).size, 1)
  equal((await callbackRows(charge)).length, 1)
  equal((await bookOf(charge)).length, answers[0]!.status === 'SUCCEEDED' ? 1 : 0)
})

test('thirty buyers at once, one of them on a page that is not there: each charge is decided and told once', async () => {
  const charges = await Promise.all(Array.from({ length: 30 }, () => open()))
  const outcomes = ['SUCCESS', 'DECLINE', 'PENDING'] as const
  const answers = await Promise.allSettled([
    ...charges.map((charge, n) => play(charge, outcomes[n % 3]!)),
    play({ ...charges[0]!, pageUrl: '/nobody' }, 'SUCCESS'),
  ])
  deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.status : answer.reason.code)),
    [...charges.map((_, n) => ['SUCCEEDED', 'FAILED', 'PENDING'][n % 3]), 'NOT_FOUND'],
  )
  await until(async () => (await Promise.all(charges.map((charge) => delivered(charge)()))).every(Boolean))
  for (const [n, charge] of charges.entries()) {
    deepEqual(typesOf(charge), [['payment.succeeded'], ['payment.failed'], []][n % 3])
    equal((await bookOf(charge)).length, n % 3 === 0 ? 1 : 0)
  }
})

test('what was left pending may be played again or voided; what was voided stays', async () => {
  const first = await open()
  await play(first, 'PENDING')
  equal((await play(first, 'SUCCESS')).status, 'SUCCEEDED')
  equal((await channel().voidCharge({ paymentId: first.paymentId }, payment())).status, 'SUCCEEDED')
  const second = await open()
  await play(second, 'PENDING')
  equal((await channel().voidCharge({ paymentId: second.paymentId }, payment())).status, 'VOIDED')
  equal((await play(second, 'SUCCESS')).status, 'VOIDED')
  deepEqual(await bookOf(second), [])
  await rejects(play({ ...second, pageUrl: '/nobody' }, 'SUCCESS'), refused('NOT_FOUND'))
})

test('a message is sent again until it is taken, each time signed anew', async () => {
  const answers = [500, 503, 404, 301, 200]
  merchant.answer = () => answers.shift() ?? 200
  const charge = await open()
  await play(charge, 'SUCCESS')
  await until(async () => (await callbackRows(charge))[0]!.attempts >= 1)
  await sendAll(charge)
  const messages = eventsOf(charge)
  equal(messages.length, 5)
  equal(new Set(messages.map(({ body }) => body)).size, 1)
  equal(
    messages.every(({ signed }) => signed),
    true,
  )
  await app.runTimers({ all: true })
  equal(eventsOf(charge).length, 5)
})

test('nobody there: the message waits, and arrives when somebody is', async () => {
  const charge = await channel().createCharge(
    {
      paymentId: newId(),
      amount: { currency: 'CNY', amount: 1 },
      description: '',
      callbackUrl: 'http://127.0.0.1:1/nobody',
      returnUrl: '',
    },
    payment(),
  )
  await play(charge, 'SUCCESS')
  await until(async () => (await callbackRows(charge))[0]!.attempts >= 1)
  await app.runTimers({ all: true })
  equal((await callbackRows(charge))[0]!.delivered_at, null)
  await app.db.run(
    sql`update ${app.db.schema}.callback set url = ${merchant.url} where payment_id = ${charge.paymentId}`,
  )
  await sendAll(charge)
  deepEqual(typesOf(charge), ['payment.succeeded'])
})

test('after 72 h a message is given up', async () => {
  merchant.answer = () => 500
  const charge = await open()
  await play(charge, 'SUCCESS')
  await until(async () => (await callbackRows(charge))[0]!.attempts >= 1)
  await app.db.run(sql`update ${app.db.schema}.callback set created_at = now() - interval '73 hours'
    where payment_id = ${charge.paymentId}`)
  await until(async () => {
    await app.runTimers({ all: true })
    return (await callbackRows(charge))[0]!.given_up_at !== null
  })
  const tries = eventsOf(charge).length
  await app.runTimers({ all: true })
  equal(eventsOf(charge).length, tries)
})

test('a kill between the decision and the message, or after sending, loses no message', async () => {
  for (const point of ['sandbox.play.afterCommit', 'sandbox.callback.afterSend']) {
    const charge = await open()
    failpoints.set(point, async () => {
      failpoints.delete(point)
      throw new Error('killed')
    })
    await play(charge, 'SUCCESS').catch(() => {})
    await until(() => !failpoints.has(point))
    await sendAll(charge)
    notEqual(eventsOf(charge).length, 0)
    equal(new Set(eventsOf(charge).map(({ event }) => event.eventId)).size, 1)
    deepEqual(await bookOf(charge), ['charge CNY 19900'])
  }
})

const paid = async (refundOutcome: string, more: Partial<PlayBuyerRequest> = {}) => {
  const charge = await open()
  await play(charge, 'SUCCESS', { refundOutcome, ...more })
  await until(delivered(charge))
  return charge
}

for (const [outcome, status, types, booked] of [
  ['SUCCESS', 'SUCCEEDED', ['refund.succeeded'], 1],
  ['DECLINE', 'FAILED', ['refund.failed'], 0],
  ['PENDING', 'PENDING', [], 0],
  ['DUPLICATE', 'SUCCEEDED', ['refund.succeeded', 'refund.succeeded', 'refund.succeeded'], 1],
  ['REORDER', 'SUCCEEDED', ['refund.succeeded', 'refund.failed'], 1],
  ['WRONG_AMOUNT', 'SUCCEEDED', ['refund.succeeded'], 1],
  ['WRONG_CURRENCY', 'SUCCEEDED', ['refund.succeeded'], 1],
  ['DECLINE_AFTER_SUCCESS', 'SUCCEEDED', ['refund.succeeded', 'refund.failed'], 1],
] as const)
  test(`a refund under ${outcome} is ${status}`, async () => {
    const charge = await paid(outcome)
    const refund = await back(charge, 700)
    equal(refund.status, status)
    await until(
      async () =>
        (await callbackRows(charge)).filter((row) => row.delivered_at).length >= Math.min(types.length, 1) + 1,
    )
    await sendAll(charge)
    deepEqual(typesOf(charge).slice(1), types)
    deepEqual((await bookOf(charge)).slice(1), Array(booked).fill('refund CNY 700'))
    equal((await channel().getRefund({ refundId: refund.refundId }, payment())).status, status)
  })

test('a refund whose reply is lost is booked; asking finds it, asking again does not repeat it', async () => {
  const charge = await paid('LOST_REPLY')
  const refundId = newId()
  await rejects(back(charge, 700, refundId), refused('UNAVAILABLE'))
  equal((await channel().getRefund({ refundId }, payment())).status, 'SUCCEEDED')
  equal((await back(charge, 700, refundId)).status, 'SUCCEEDED')
  deepEqual(await bookOf(charge), ['charge CNY 19900', 'refund CNY 700'])
  await sendAll(charge)
  deepEqual(typesOf(charge), ['payment.succeeded'])
})

test('a delayed refund is decided by its timer', async () => {
  const charge = await paid('DELAY', { seconds: 3600 })
  const refund = await back(charge, 700)
  equal(refund.status, 'PENDING')
  await app.runTimers({ all: true })
  equal((await channel().getRefund({ refundId: refund.refundId }, payment())).status, 'SUCCEEDED')
  await until(delivered(charge))
})

test('a failed refund may be asked for again under the same id', async () => {
  const charge = await paid('DECLINE')
  const refundId = newId()
  equal((await back(charge, 700, refundId)).status, 'FAILED')
  await play(charge, 'SUCCESS', { refundOutcome: 'SUCCESS' })
  equal((await back(charge, 700, refundId)).status, 'SUCCEEDED')
  await rejects(back(charge, 701, refundId), refused('VALIDATION_FAILED'))
})

test('twenty refunds at once never give back more than was taken', async () => {
  const charge = await paid('SUCCESS')
  // Who waits too long for its turn is refused, and asks again for the same refund.
  const refundIds = Array.from({ length: 20 }, newId)
  const answers = await Promise.all(refundIds.map((id) => patiently(() => back(charge, 3000, id))))
  equal(answers.filter(({ status }) => status === 'SUCCEEDED').length, 6)
  equal((await bookOf(charge)).length, 7)
  equal((await back(charge, 1, newId(), 'USD')).status, 'FAILED')
  equal((await back(await open(), 1)).status, 'FAILED')
  await rejects(back(charge, 0), refused('VALIDATION_FAILED'))
})

test('the page is served with a policy of its own', async () => {
  const charge = await open()
  const page = await app.services['sandbox.SandboxService'].showPage(
    { token: tokenOf(charge) },
    app.as({ locale: 'zh-CN' }),
  )
  equal(page.contentType, 'text/html; charset=utf-8')
  equal(Buffer.from(page.body).toString().includes('订单 S-1'), true)
  equal(page.headers['Content-Security-Policy']!.includes("script-src 'sha256-"), true)
  await rejects(app.services['sandbox.SandboxService'].showPage({ token: 'nobody' }, app.as()), refused('NOT_FOUND'))
})

test('the book cannot be rewritten by the service', async () => {
  await paid('SUCCESS')
  await rejects(app.db.run(sql`update ${app.db.schema}.book set amount = 1`), /permission denied/)
  await rejects(app.db.run(sql`delete from ${app.db.schema}.book`), /permission denied/)
})
