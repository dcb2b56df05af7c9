import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { must } from '../api.ts'
import { withDatabase } from '../database.ts'
import { refusedWith } from '../problem.ts'
import { type System, startSystem } from '../system.ts'
import { sayHowToReplay } from './campaign.ts'
import {
  assertPaidOrBack,
  bookOf,
  callBack,
  hmac,
  openPayment,
  type Payment,
  placeOne,
  play,
  signature,
} from './money.ts'
import type { Patient } from './patient.ts'
import { closeShop } from './run.ts'
import { openShop, price, registerPatiently, type Shop } from './shop.ts'

sayHowToReplay()

type Given = { body: string; t: number; secret: string; good: string }
type Forgery = [says: string, forge: (given: Given) => { body?: string; header?: string }]

const now = () => Math.floor(Date.now() / 1000)
const at = (t: number, body: string, secret: string) => `t=${t},v1=${signature(body, secret, t)}`

/** Bodies and headers that are not the channel's; nothing of them may be kept. */
const forgeries: Forgery[] = [
  ['no signature', () => ({ header: undefined })],
  ['an empty signature', () => ({ header: '' })],
  ['another secret', ({ body, t }) => ({ header: at(t, body, 'guessed') })],
  ['an empty secret', ({ body, t }) => ({ header: at(t, body, '') })],
  ['one byte changed', ({ body }) => ({ body: body.replace(String(price), String(price + 1)) })],
  ['the same JSON written anew', ({ body }) => ({ body: JSON.stringify(JSON.parse(body), null, 1) })],
  ['a byte appended', ({ body }) => ({ body: `${body} ` })],
  ['301 seconds old', ({ body, t, secret }) => ({ header: at(t - 301, body, secret) })],
  ['signed for another time', ({ body, t, secret }) => ({ header: `t=${t},v1=${signature(body, secret, t - 1)}` })],
  ['far ahead of time', ({ body, t, secret }) => ({ header: at(t + 330, body, secret) })],
  ['two times', ({ body, t, secret }) => ({ header: `t=${t - 900},${at(t, body, secret)}` })],
  ['no time', ({ good }) => ({ header: `v1=${good}` })],
  ['no signature in the header', ({ t }) => ({ header: `t=${t}` })],
  ['a signature cut short', ({ t, good }) => ({ header: `t=${t},v1=${good.slice(0, 63)}` })],
  ['another scheme', ({ t, good }) => ({ header: `t=${t},v0=${good}` })],
  ['nine signatures', ({ t, good }) => ({ header: `t=${t}${`,v1=${good}`.repeat(9)}` })],
  ['the time left out of what is signed', ({ body, t, secret }) => ({ header: `t=${t},v1=${hmac(body, secret)}` })],
]

describe('callbacks that are not the channel’s', () => {
  let system: System
  let shop: Shop
  let buyer: Patient
  let order: { id: string; total: { amount: number } }
  let payment: Payment

  before(async () => {
    system = await startSystem('start')
    shop = await openShop(system)
    buyer = await registerPatiently(shop)
    order = await placeOne(buyer, shop.skuIds[0]!)
    payment = await openPayment(buyer, order.id)
    await play(system, payment, 'PENDING')
  })
  after(() => (shop ? closeShop(shop) : system?.remove()))

  const event = (more: object = {}): string =>
    JSON.stringify({
      eventId: `evt_${randomUUID()}`,
      type: 'payment.succeeded',
      paymentId: payment.id,
      channelReference: 'sbx_1',
      amount: { currency: 'CNY', amount: price },
      occurredAt: new Date().toISOString(),
      ...more,
    })

  const paths = () => [`/v1/payments/${payment.id}/callbacks`, '/v1/payments/callbacks/sandbox']
  const kept = () =>
    withDatabase(system, async (client) => {
      const { rows } = await client.query<{ n: number }>('select count(*)::int as n from souk_payment.callback_event')
      return rows[0]!.n
    })
  const unmoved = async () => {
    const { status, captured } = must(await buyer.get(`/v1/payments/${payment.id}`), 200)
    assert.deepEqual([status, captured.amount], ['PROCESSING', 0])
    assert.deepEqual(await bookOf(system, payment.id), [])
  }
  const signed = (body: string, t = now()) => at(t, body, system.sandboxSecret)

  for (const [says, forge] of forgeries)
    test(`${says}: refused, nothing kept`, async () => {
      const before = await kept()
      for (const path of paths()) {
        const [body, t, secret] = [event(), now(), system.sandboxSecret]
        const good = signature(body, secret, t)
        const sent = { body, header: `t=${t},v1=${good}`, ...forge({ body, t, secret, good }) }
        refusedWith(await callBack(system, path, sent.body, sent.header), 'SIGNATURE_REFUSED', `${says} to ${path}`)
      }
      assert.equal(await kept(), before)
      await unmoved()
    })

  test('signed, but not what an event looks like: refused, nothing kept', async () => {
    const before = await kept()
    for (const body of [
      '',
      '{',
      '[]',
      '"x"',
      event({ eventId: '' }),
      event({ amount: { currency: 'CNY', amount: -1 } }),
      event({ occurredAt: 'now' }),
    ])
      refusedWith(await callBack(system, paths()[1]!, body, signed(body)), 'VALIDATION_FAILED', body)
    const other = event({ paymentId: randomUUID() })
    refusedWith(await callBack(system, paths()[0]!, other, signed(other)), 'VALIDATION_FAILED', 'another payment')
    const body = event()
    refusedWith(
      await callBack(system, '/v1/payments/callbacks/stripe', body, signed(body)),
      'NOT_FOUND',
      'no such channel',
    )
    assert.equal(await kept(), before)
    await unmoved()
  })

  test('signed, but not true: acknowledged, and the channel’s own word counts', async () => {
    const lies = [
      {},
      { amount: { currency: 'CNY', amount: price * 100 } },
      { amount: { currency: 'USD', amount: price } },
      { type: 'payment.failed' },
      { type: 'refund.succeeded' },
      { type: 'payment.chargeback', occurredAt: '2020-01-01T00:00:00Z' },
    ]
    for (const lie of lies) {
      const body = event(lie)
      must(await callBack(system, paths()[0]!, body, signed(body)), 200)
    }
    await unmoved()
  })

  test('the window, both sides: 290 s is still good', async () => {
    for (const t of [now() - 290, now() + 290]) {
      const body = event()
      must(await callBack(system, paths()[0]!, body, signed(body, t)), 200)
    }
  })

  test('one good signature among others is enough, for secrets that change', async () => {
    const [body, t] = [event(), now()]
    const [bad, good] = [signature(body, 'old secret', t), signature(body, system.sandboxSecret, t)]
    must(await callBack(system, paths()[0]!, body, `t=${t},v1=${bad},v1=${good}`), 200)
  })

  test('an event that comes again, changed or not, is acknowledged and kept once', async () => {
    const before = await kept()
    const eventId = `evt_${randomUUID()}`
    for (const body of [event({ eventId }), event({ eventId }), event({ eventId, type: 'payment.failed' })])
      must(await callBack(system, paths()[0]!, body, signed(body)), 200)
    assert.equal(await kept(), before + 1)
    await unmoved()
  })

  test('of a payment that nobody knows (yet): kept, acknowledged, no effect', async () => {
    const before = await kept()
    const body = event({ paymentId: randomUUID() })
    must(await callBack(system, paths()[1]!, body, signed(body)), 200)
    assert.equal(await kept(), before + 1)
  })

  test('after all that the payment can still be paid, once', async () => {
    await play(system, payment, 'SUCCESS')
    assert.equal(await assertPaidOrBack(buyer, order), 'ALLOCATED')
    assert.deepEqual(await bookOf(system, payment.id), [`charge CNY ${price}`])
  })
})
