import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { cny, must } from '../api.ts'
import { inParallel } from '../parallel.ts'
import { type System, startSystem } from '../system.ts'
import { campaign, sayHowToReplay } from './campaign.ts'
import { assertPaidOrBack, bookOf, openPayment, type Payment, placeOne, play } from './money.ts'
import type { Patient } from './patient.ts'
import { closeShop } from './run.ts'
import { openShop, price, registerPatiently, type Shop } from './shop.ts'

sayHowToReplay()

const rounds = campaign ? 100 : 2
const atOnce = 20
const part = 1500

describe('refunds never exceed what was captured', { concurrency: 4 }, () => {
  let system: System
  let shop: Shop

  before(async () => {
    system = await startSystem('start')
    shop = await openShop(system)
  })
  after(() => (shop ? closeShop(shop) : system?.remove()))

  /** A captured payment whose refunds go as chosen. */
  const captured = async (refundOutcome: string): Promise<{ buyer: Patient; payment: Payment }> => {
    const buyer = await registerPatiently(shop)
    const order = await placeOne(buyer, shop.skuIds[0]!)
    const payment = await openPayment(buyer, order.id)
    await play(system, payment, 'SUCCESS', { refundOutcome, seconds: 1 })
    assert.equal(await assertPaidOrBack(buyer, order), 'ALLOCATED')
    return { buyer, payment }
  }

  const refund = (admin: Patient, id: string, amount?: number) =>
    admin.post(`/v1/payments/${id}/refund`, {
      ...(amount === undefined ? {} : { amount: cny(amount) }),
      reason: 'test',
    })

  const fits = Math.floor(price / part)

  for (const outcome of [
    'SUCCESS',
    'DELAY',
    'DUPLICATE',
    'REORDER',
    'WRONG_AMOUNT',
    'LOST_REPLY',
    'DECLINE_AFTER_SUCCESS',
  ])
    test(`${atOnce} parts at once, refunds play ${outcome}`, async () => {
      const { admin } = shop
      await inParallel(Array.from({ length: rounds }), 2, async () => {
        const { buyer, payment } = await captured(outcome)
        const answers = await Promise.all(Array.from({ length: atOnce }, () => refund(admin, payment.id, part)))
        const taken = answers.filter(({ status }) => status === 201)
        for (const { status, body, text } of answers)
          if (status !== 201) assert.equal(body.code, 'REFUND_EXCEEDS_CAPTURED', text)
        assert.equal(taken.length, fits)
        must(await refund(admin, payment.id), 201)
        assert.equal((await refund(admin, payment.id, 1)).body.code, 'REFUND_EXCEEDS_CAPTURED')
        await buyer.see(`/v1/payments/${payment.id}`, ({ refunded }) => refunded.amount === price)
        const amounts = [...taken.map(() => part), price - fits * part]
        assert.deepEqual(
          (await bookOf(system, payment.id)).sort(),
          [`charge CNY ${price}`, ...amounts.map((amount) => `refund CNY ${amount}`)].sort(),
        )
      })
    })

  test('refunds that the channel declines give free what they had taken', async () => {
    const { admin } = shop
    const { buyer, payment } = await captured('DECLINE')
    const answers = await Promise.all(Array.from({ length: atOnce }, () => refund(admin, payment.id, price)))
    assert.ok(answers.some(({ status }) => status === 201))
    const now = await buyer.see<Payment>(`/v1/payments/${payment.id}`, ({ refunds }) =>
      refunds.every(({ status }) => status === 'FAILED'),
    )
    assert.equal(now.refunded.amount, 0)
    await play(system, payment, 'SUCCESS', { refundOutcome: 'SUCCESS' })
    must(await refund(admin, payment.id), 201)
    await buyer.see(`/v1/payments/${payment.id}`, ({ refunded }) => refunded.amount === price)
  })

  test('nothing, less than nothing and other money are refused', async () => {
    const { admin } = shop
    const { payment } = await captured('SUCCESS')
    for (const amount of [cny(0), cny(-1), cny(price + 1), { currency: 'USD', amount: 1 }, cny(0.5)]) {
      const answer = await admin.post(`/v1/payments/${payment.id}/refund`, { amount, reason: 'test' })
      assert.ok([400, 422].includes(answer.status), `${JSON.stringify(amount)}: ${answer.text}`)
    }
    assert.deepEqual(await bookOf(system, payment.id), [`charge CNY ${price}`])
  })
})
