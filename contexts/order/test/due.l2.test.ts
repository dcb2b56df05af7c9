import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { brokenBooks, neighboursOf, type Shop, startShop } from './shop.ts'

describe('what other contexts ask of orders', () => {
  let shop: Shop
  let told: ReturnType<typeof neighboursOf>
  before(async () => {
    shop = await startShop({ env: { SOUK_PREPARATION_WINDOW: '1s' } })
    told = neighboursOf(shop)
  })
  after(() => shop.close())

  const answers = async (orderId: string) =>
    (await shop.said()).flatMap(({ type, payload }) =>
      type === 'order.HoldAnswered' && (payload as { orderId: string }).orderId === orderId
        ? [(payload as { needed: boolean }).needed]
        : [],
    )

  test('payment learns what is due, once per attempt', async () => {
    const placed = await shop.place(shop.buyer())
    const [first, second] = [newId(), newId()]
    const due = await told.begin(placed.buyerId, placed.id, first)
    assert.deepEqual(due, {
      amount: { currency: 'CNY', amount: 20_000 },
      number: placed.number,
      payBefore: placed.payBefore,
    })
    assert.deepEqual(await told.begin(placed.buyerId, placed.id, first), due)
    await told.begin(placed.buyerId, placed.id, second)
    const order = await shop.services['order.OrderService'].getOrder(
      { id: placed.id },
      shop.as({ user: placed.buyerId }),
    )
    assert.deepEqual(
      order.timeline.map(({ event }) => event),
      ['PLACED', 'PAYMENT_OPENED', 'PAYMENT_OPENED'],
    )
    await told.failed(placed.id, first)
    await assert.rejects(told.onDelivery(newId(), first))
  })

  test('thirty payments that begin at once: each learns its own due, a refused one harms nobody', async () => {
    const placed = await Promise.all(Array.from({ length: 15 }, () => shop.place(shop.buyer())))
    const late = placed[7]!
    await shop.db.run(sql`update ${shop.db.schema}.orders set pay_before = now() where id = ${late.id}::uuid`)
    const begun = await Promise.allSettled(
      [...placed, ...placed].map(({ id, buyerId }, n) => told.begin(n === 20 ? newId() : buyerId, id, newId())),
    )
    assert.deepEqual(
      begun.map((one) => (one.status === 'fulfilled' ? one.value.number : one.reason.code)),
      [...placed, ...placed].map((order, n) =>
        n === 20 ? 'NOT_FOUND' : order === late ? 'ILLEGAL_TRANSITION' : order.number,
      ),
    )
    const opened = await shop.db.all<{ order_id: string; count: number }>(
      sql`select order_id, count(*) as count from ${shop.db.schema}.timeline
        where event = 'PAYMENT_OPENED' and order_id = any(${placed.map(({ id }) => id)}::uuid[]) group by order_id`,
    )
    assert.deepEqual(
      placed.map(({ id }) => opened.find(({ order_id }) => order_id === id)?.count ?? 0),
      placed.map((order, n) => (order === late ? 0 : n === 5 ? 1 : 2)),
    )
  })

  test('nobody pays somebody else’s order, no order, or a late one', async () => {
    const placed = await shop.place(shop.buyer())
    for (const [buyerId, orderId] of [
      [shop.buyer(), placed.id],
      [placed.buyerId, newId()],
      [placed.buyerId, 'x'],
      ['x', placed.id],
    ] as const)
      await assert.rejects(told.begin(buyerId, orderId), { code: 'NOT_FOUND' })
    await shop.db.run(sql`update ${shop.db.schema}.orders set pay_before = now() where id = ${placed.id}::uuid`)
    await assert.rejects(told.begin(placed.buyerId, placed.id), { code: 'ILLEGAL_TRANSITION' })
  })

  test('only contexts may ask', async () => {
    const placed = await shop.place(shop.buyer())
    const due = shop.services['order.OrderDueService']
    const request = { orderId: placed.id, buyerId: placed.buyerId, paymentId: newId(), method: 'sandbox' }
    await assert.rejects(due.beginPayment(request, shop.as({ user: placed.buyerId })), { code: 'FORBIDDEN' })
    await assert.rejects(due.getOwner(request, shop.as({ user: placed.buyerId, roles: ['admin'] })), {
      code: 'FORBIDDEN',
    })
    await assert.rejects(due.beginShipping({ orderId: placed.id, groupId: newId() }, shop.as()), { code: 'FORBIDDEN' })
  })

  test('the owner and the worth of the lines', async () => {
    const placed = await shop.place(shop.buyer())
    const due = shop.services['order.OrderDueService']
    const owner = await due.getOwner({ orderId: placed.id }, shop.as({ service: 'payment' }))
    assert.deepEqual(owner, { buyerId: placed.buyerId, lines: placed.lines })
    await assert.rejects(due.getOwner({ orderId: newId() }, shop.as({ service: 'payment' })), { code: 'NOT_FOUND' })
  })

  test('shipping begins only for an allocated order and its own group', async () => {
    const placed = await shop.place(shop.buyer())
    const [group] = placed.groups
    await assert.rejects(told.beginShipping(placed.id, group!.id), { code: 'ILLEGAL_TRANSITION' })
    await told.succeeded(placed.id, 20_000)
    await told.committed(placed.id)
    await assert.rejects(told.beginShipping(placed.id, newId()), { code: 'NOT_FOUND' })
    await assert.rejects(told.beginShipping(newId(), group!.id), { code: 'NOT_FOUND' })
    await assert.rejects(told.beginShipping('x', group!.id), { code: 'NOT_FOUND' })
    await told.beginShipping(placed.id, group!.id)
  })

  test('a hold is needed exactly while its order stands', async () => {
    const placed = await shop.place(shop.buyer())
    await told.overdue(placed.id)
    const key = newId()
    await shop.services['order.OrderService'].cancelOrder({ id: placed.id }, shop.as({ user: placed.buyerId, key }))
    await told.overdue(placed.id)
    assert.deepEqual(await answers(placed.id), [true, false])
    for (const stranger of [newId(), 'no-uuid']) {
      await told.overdue(stranger)
      assert.deepEqual(await answers(stranger), [false])
    }
  })

  test('a preparation whose hold is not needed any more is forgotten', async () => {
    const buyer = shop.buyer()
    const { preparationId } = await shop.prepare(buyer)
    await told.overdue(preparationId)
    assert.deepEqual(await answers(preparationId), [false])
    await assert.rejects(shop.place(buyer, { preparationId }), { code: 'PREPARATION_EXPIRED' })
  })

  test('placing around the expiry: an order exists exactly where the answer is yes', async () => {
    shop.stock.set('tea', 10_000)
    const buyers = Array.from({ length: 60 }, () => shop.buyer())
    const prepared = await Promise.all(buyers.map((buyer) => shop.prepare(buyer)))
    const places = prepared.map(async ({ preparationId, holdExpiresAt }, place) => {
      const moment = Date.parse(holdExpiresAt!) + (place - 30) * 4
      await new Promise((wake) => setTimeout(wake, Math.max(0, moment - Date.now())))
      return shop.place(buyers[place]!, { preparationId }).then(
        () => 'placed',
        ({ code }) => String(code),
      )
    })
    const outcomes = await Promise.all(places)
    await Promise.all(prepared.map(({ preparationId }) => told.overdue(preparationId)))
    const said = await Promise.all(prepared.map(({ preparationId }) => answers(preparationId)))
    assert.deepEqual(
      said,
      outcomes.map((outcome) => [outcome === 'placed']),
    )
    assert.deepEqual(new Set(outcomes.filter((outcome) => outcome !== 'placed')), new Set(['PREPARATION_EXPIRED']))
  })

  test('after all that the books are in order', async () => assert.deepEqual(await brokenBooks(shop), []))
})
