import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { must } from '../api.ts'
import { inParallel } from '../parallel.ts'
import { type System, startSystem } from '../system.ts'
import { campaign, figure, sayHowToReplay, seed } from './campaign.ts'
import {
  assertPaidOrBack,
  bookOf,
  letHoursPass,
  openPayment,
  type Payment,
  placeOne,
  play,
  untilBooked,
} from './money.ts'
import { pause, randomFrom } from './random.ts'
import { closeShop } from './run.ts'
import { openShop, price, registerPatiently, type Shop } from './shop.ts'

sayHowToReplay()

const asked = `CNY ${price}`

/** What the channel really does for each fault of its page. */
const faults = {
  DELAY: { more: { seconds: 1 }, moves: asked },
  DUPLICATE: { moves: asked },
  REORDER: { moves: asked },
  LOST_REPLY: { moves: asked },
  DECLINE_AFTER_SUCCESS: { moves: asked },
  WRONG_AMOUNT: { moves: `CNY ${price - 1}` },
  WRONG_CURRENCY: { moves: `USD ${price}` },
} as const
type Outcome = keyof typeof faults

describe(`money under fire, SOUK_SEED=${seed}`, { concurrency: 4 }, () => {
  let system: System
  let shop: Shop
  const random = randomFrom(seed)

  before(async () => {
    system = await startSystem('start')
    shop = await openShop(system)
  })
  after(() => (shop ? closeShop(shop) : system?.remove()))

  const begin = async () => {
    const buyer = await registerPatiently(shop)
    const order = await placeOne(buyer, shop.skuIds[0]!)
    return { buyer, order, payment: await openPayment(buyer, order.id) }
  }

  for (const outcome of Object.keys(faults) as Outcome[]) {
    const { moves, ...rest } = faults[outcome]
    const more = 'more' in rest ? rest.more : {}

    test(`${outcome}: ${moves === asked ? 'paid once' : 'the wrong money goes back, the order can still be paid'}`, async () => {
      const { buyer, order, payment } = await begin()
      await play(system, payment, outcome, more)
      if (moves === asked) {
        assert.equal(await assertPaidOrBack(buyer, order), 'ALLOCATED')
        // A lie that comes later changes nothing any more.
        await pause(1500)
        assert.equal(must(await buyer.get(`/v1/payments/${payment.id}`), 200).status, 'CAPTURED')
        assert.deepEqual(await bookOf(system, payment.id), [`charge ${moves}`])
        return
      }
      await buyer.see(`/v1/payments/${payment.id}`, ({ status }) => status === 'FAILED')
      await untilBooked(system, payment.id, [`charge ${moves}`, `refund ${moves}`])
      const next = await openPayment(buyer, order.id)
      await play(system, next, 'SUCCESS')
      assert.equal(await assertPaidOrBack(buyer, order), 'ALLOCATED')
    })

    test(`${outcome} while the buyer cancels: nothing is kept, and it goes back once`, async () => {
      const { buyer, order, payment } = await begin()
      await Promise.all([
        play(system, payment, outcome, more),
        pause(random() * 40).then(async () => must(await buyer.post(`/v1/orders/${order.id}/cancel`), 200)),
      ])
      await buyer.see(`/v1/orders/${order.id}`, ({ status }) => status === 'CANCELLED')
      assert.equal(await assertPaidOrBack(buyer, order), 'CANCELLED')
      const book = await bookOf(system, payment.id)
      // Voided before the click came through, or taken and given back.
      if (book.length > 0) await untilBooked(system, payment.id, [`charge ${moves}`, `refund ${moves}`])
    })
  }

  test('two tabs pay at once: one attempt, one charge', async () => {
    const rounds = Array.from({ length: campaign ? 500 : 12 })
    await inParallel(rounds, 6, async () => {
      const buyer = await registerPatiently(shop)
      const order = await placeOne(buyer, shop.skuIds[0]!)
      const [one, other] = await Promise.all([openPayment(buyer, order.id), openPayment(buyer, order.id)])
      assert.equal(one.id, other.id)
      const page = one.redirectUrl ? one : other
      await Promise.all([
        play(system, page, 'SUCCESS'),
        play(system, page, 'SUCCESS'),
        buyer.get(`/v1/orders/${order.id}`),
      ])
      assert.equal(await assertPaidOrBack(buyer, order), 'ALLOCATED')
      assert.deepEqual(await bookOf(system, one.id), [`charge ${asked}`])
    })
  })

  test('one tab pays at the channel, the other chooses the courier: one of them', async () => {
    await inParallel(Array.from({ length: campaign ? 200 : 8 }), 4, async () => {
      const { buyer, order, payment } = await begin()
      const [, courier] = await Promise.all([
        play(system, payment, 'SUCCESS'),
        buyer.post('/v1/payments', { orderId: order.id, method: 'pay_on_delivery' }),
      ])
      assert.ok([201, 409].includes(courier.status), courier.text)
      await buyer.see(`/v1/orders/${order.id}`, ({ status }) => status === 'ALLOCATED')
      const { payments } = await buyer.see<{ payments: Payment[] }>(
        `/v1/payments?orderId=${order.id}`,
        (page) => page.payments.filter(({ status }) => ['CAPTURED', 'PROCESSING'].includes(status)).length === 1,
      )
      const paid = payments.some(({ id, status }) => id === payment.id && status === 'CAPTURED')
      assert.deepEqual(await bookOf(system, payment.id), paid ? [`charge ${asked}`] : [])
    })
  })

  test('money that comes after the cancel goes back once; the order stays cancelled', async () => {
    const { buyer, order, payment } = await begin()
    await play(system, payment, 'DELAY', { seconds: 3, refundOutcome: 'DUPLICATE' })
    must(await buyer.post(`/v1/orders/${order.id}/cancel`), 200)
    await untilBooked(system, payment.id, [`charge ${asked}`, `refund ${asked}`])
    await buyer.see(
      `/v1/orders/${order.id}`,
      ({ status, paymentStatus }) => status === 'CANCELLED' && paymentStatus === 'REFUNDED',
    )
    await pause(2000)
    assert.equal((await bookOf(system, payment.id)).length, 2)
  })
})

/** Milliseconds around the deadline; what is paid needs some to arrive. */
const spread = { from: -700, to: 50 }

describe(`money at the deadline, SOUK_SEED=${seed}`, { concurrency: 2 }, () => {
  let system: System
  let shop: Shop

  before(async () => {
    system = await startSystem('start', { env: { SOUK_PAYMENT_WINDOW: '6s' } })
    shop = await openShop(system)
  })
  after(() => (shop ? closeShop(shop) : system?.remove()))

  test('around it: paid with stock, or all of it is back', async () => {
    const random = randomFrom(seed)
    const outcomes = ['SUCCESS', 'DUPLICATE', 'LOST_REPLY', 'REORDER']
    const ends = await inParallel(Array.from({ length: campaign ? 1000 : 24 }), 24, async () => {
      const buyer = await registerPatiently(shop)
      const order = await placeOne(buyer, shop.skuIds[0]!)
      const payment = await openPayment(buyer, order.id)
      await pause(
        Math.max(Date.parse(order.payBefore) + spread.from + random() * (spread.to - spread.from) - Date.now(), 0),
      )
      await play(system, payment, outcomes[Math.floor(random() * outcomes.length)]!)
      return assertPaidOrBack(buyer, order)
    })
    figure(`${ends.filter((end) => end === 'ALLOCATED').length} of ${ends.length} at the deadline were paid`)
  })

  test('hours after it: nobody guesses meanwhile; what comes then goes back once, the order stays cancelled', async () => {
    const buyer = await registerPatiently(shop)
    const order = await placeOne(buyer, shop.skuIds[0]!)
    const payment = await openPayment(buyer, order.id)
    await play(system, payment, 'DELAY', { seconds: 7200, refundOutcome: 'DUPLICATE' })
    await buyer.see(`/v1/orders/${order.id}`, ({ status }) => status === 'CANCELLING')
    const { status, captured } = must(await buyer.get<Payment>(`/v1/payments/${payment.id}`), 200)
    assert.ok(['PROCESSING', 'UNKNOWN'].includes(status), status)
    assert.equal(captured.amount, 0)
    assert.equal((await openPayment(buyer, order.id)).id, payment.id, 'a second attempt while one is open')
    await letHoursPass(system, payment.id)
    await untilBooked(system, payment.id, [`charge ${asked}`, `refund ${asked}`])
    await buyer.see(`/v1/orders/${order.id}`, (now) => now.status === 'CANCELLED' && now.paymentStatus === 'REFUNDED')
    assert.equal(await assertPaidOrBack(buyer, order), 'CANCELLED')
  })
})
