import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Order } from '@souk/contract/order'
import { newId } from '@souk/kernel'
import { brokenBooks, neighboursOf, type Shop, startShop } from './shop.ts'

describe('the life of an order', () => {
  let shop: Shop
  let told: ReturnType<typeof neighboursOf>
  before(async () => {
    shop = await startShop()
    shop.stock.set('tea', 1_000_000)
    told = neighboursOf(shop)
  })
  after(() => shop.close())

  const service = () => shop.services['order.OrderService']
  const read = (order: Order) => service().getOrder({ id: order.id }, shop.as({ user: order.buyerId }))
  const cancel = (order: Order, reason?: string) =>
    service().cancelOrder({ id: order.id, reason }, shop.as({ user: order.buyerId, key: newId() }))
  const saidOf = async (order: Order) =>
    (await shop.said())
      .filter(({ aggregateId }) => aggregateId === order.id)
      .map(({ type }) => type.slice('order.'.length))
  const eventsOf = (order: Order) => order.timeline.map(({ event }) => event)
  const paidOrder = async (paymentId: string = newId()) => {
    const order = await shop.place(shop.buyer())
    await told.begin(order.buyerId, order.id, paymentId)
    await told.succeeded(order.id, 20_000, paymentId)
    return order
  }
  const allocatedOrder = async () => {
    const order = await paidOrder()
    await told.committed(order.id)
    return order
  }

  test('paid, allocated, shipped, delivered', async () => {
    const placed = await allocatedOrder()
    const [group] = placed.groups
    await told.beginShipping(placed.id, group!.id)
    await told.shipped(placed.id, group!.id)
    assert.equal((await read(placed)).fulfillmentStatus, 'FULFILLED')
    await told.delivered(placed.id, group!.id)
    const order = await read(placed)
    assert.deepEqual(
      [order.status, order.paymentStatus, order.captured!.amount, order.groups[0]!.status],
      ['DELIVERED', 'PAID', 20_000, 'DELIVERED'],
    )
    assert.deepEqual(eventsOf(order), [
      'PLACED',
      'PAYMENT_OPENED',
      'PAID',
      'ALLOCATED',
      'SHIPPING',
      'SHIPPED',
      'DELIVERED',
    ])
    assert.deepEqual(
      order.timeline.map(({ actor }) => actor),
      ['buyer', 'buyer', 'payment', 'inventory', 'fulfillment', 'fulfillment', 'fulfillment'],
    )
    assert.deepEqual(await saidOf(placed), [
      'OrderPlaced',
      'OrderPaid',
      'OrderAllocated',
      'OrderShipped',
      'OrderDelivered',
    ])
    assert.deepEqual(order.actions, [])
    assert.equal(order.payBefore, undefined)
  })

  test('pay on delivery: accepted, allocated, delivered, paid in the end', async () => {
    const [placed, paymentId] = [await shop.place(shop.buyer()), newId()]
    await told.begin(placed.buyerId, placed.id, paymentId, 'pay_on_delivery')
    await told.onDelivery(placed.id, paymentId)
    const accepted = await read(placed)
    assert.deepEqual([accepted.status, accepted.payBefore], ['AWAITING_PAYMENT', undefined])
    assert.deepEqual(
      accepted.actions.map(({ name }) => name),
      ['cancel'],
    )
    await shop.runTimers({ all: true })
    assert.equal((await read(placed)).status, 'AWAITING_PAYMENT')
    await told.committed(placed.id)
    assert.deepEqual([(await read(placed)).status, (await read(placed)).paymentStatus], ['ALLOCATED', 'UNPAID'])
    await told.shipped(placed.id, placed.groups[0]!.id)
    await told.delivered(placed.id, placed.groups[0]!.id)
    await told.succeeded(placed.id, 20_000, paymentId)
    const order = await read(placed)
    assert.deepEqual([order.status, order.paymentStatus], ['DELIVERED', 'PAID'])
    assert.deepEqual(await saidOf(placed), [
      'OrderPlaced',
      'OrderAccepted',
      'OrderAllocated',
      'OrderShipped',
      'OrderDelivered',
    ])
  })

  test('an order of zero total is paid by a capture of zero', async () => {
    const placed = await shop.place(shop.buyer(), { lines: [{ skuId: 'gift', quantity: 1 }] })
    await told.succeeded(placed.id, 0)
    const order = await read(placed)
    assert.deepEqual([order.status, order.paymentStatus], ['PAID', 'PAID'])
  })

  test('without an open payment a cancel is done at once', async () => {
    const placed = await shop.place(shop.buyer())
    const order = await cancel(placed, '买错了')
    assert.deepEqual([order.status, order.cancelReason, order.groups[0]!.status], ['CANCELLED', 'BUYER', 'VOIDED'])
    assert.equal(order.timeline.at(-1)!.detail, '买错了')
    assert.deepEqual(await saidOf(placed), ['OrderPlaced', 'OrderCancelled'])
    assert.deepEqual(await read(placed), order)
    await assert.rejects(cancel(placed), { code: 'ILLEGAL_TRANSITION' })
  })

  test('with an open payment a cancel waits for payment’s word', async () => {
    const [placed, paymentId] = [await shop.place(shop.buyer()), newId()]
    await told.begin(placed.buyerId, placed.id, paymentId)
    assert.equal((await cancel(placed)).status, 'CANCELLING')
    await told.failed(placed.id, paymentId)
    assert.equal((await read(placed)).status, 'CANCELLING')
    await told.settled(placed.id)
    assert.equal((await read(placed)).status, 'CANCELLED')
    assert.deepEqual(await saidOf(placed), ['OrderPlaced', 'OrderCancelling', 'OrderCancelled'])
  })

  test('after a declined payment the buyer may cancel at once', async () => {
    const [placed, paymentId] = [await shop.place(shop.buyer()), newId()]
    await told.begin(placed.buyerId, placed.id, paymentId)
    await told.failed(placed.id, paymentId)
    assert.deepEqual((await read(placed)).timeline.at(-1)!.detail, 'DECLINED')
    assert.equal((await cancel(placed)).status, 'CANCELLED')
  })

  test('a paid or allocated order is cancelled with its refund', async () => {
    for (const make of [paidOrder, allocatedOrder]) {
      const paymentId = newId()
      const placed = make === paidOrder ? await paidOrder(paymentId) : await make()
      const payment = make === paidOrder ? paymentId : newId()
      assert.equal((await cancel(placed)).status, 'CANCELLING')
      await told.refunded(placed.id, 20_000, payment)
      await told.settled(placed.id)
      const order = await read(placed)
      assert.deepEqual([order.status, order.paymentStatus, order.refunded!.amount], ['CANCELLED', 'REFUNDED', 20_000])
    }
  })

  test('from the moment a parcel is handed over there is no cancel', async () => {
    const placed = await allocatedOrder()
    await told.beginShipping(placed.id, placed.groups[0]!.id)
    await told.beginShipping(placed.id, placed.groups[0]!.id)
    await assert.rejects(cancel(placed), { code: 'ILLEGAL_TRANSITION' })
    assert.deepEqual((await read(placed)).actions, [])
  })

  test('missing stock after the payment cancels with a refund, before it (pay on delivery) at once', async () => {
    const paid = await paidOrder()
    await told.commitFailed(paid.id)
    assert.deepEqual([(await read(paid)).status, (await read(paid)).cancelReason], ['CANCELLING', 'OUT_OF_STOCK'])
    const [promised, paymentId] = [await shop.place(shop.buyer()), newId()]
    await told.begin(promised.buyerId, promised.id, paymentId, 'pay_on_delivery')
    await told.onDelivery(promised.id, paymentId)
    await told.commitFailed(promised.id)
    assert.deepEqual(
      [(await read(promised)).status, (await read(promised)).cancelReason],
      ['CANCELLED', 'OUT_OF_STOCK'],
    )
  })

  test('the deadline cancels what is unpaid and nothing else', async () => {
    const [unpaid, opened, paid] = [await shop.place(shop.buyer()), await shop.place(shop.buyer()), await paidOrder()]
    await told.begin(opened.buyerId, opened.id)
    await shop.runTimers({ all: true })
    await shop.runTimers({ all: true })
    const states = await Promise.all([unpaid, opened, paid].map(async (order) => (await read(order)).status))
    assert.deepEqual(states, ['CANCELLED', 'CANCELLING', 'PAID'])
    assert.equal((await read(unpaid)).cancelReason, 'TIMEOUT')
    assert.deepEqual((await read(unpaid)).timeline.at(-1)!.actor, 'system')
  })

  test('money that comes after the cancel is counted and changes nothing else', async () => {
    const [placed, paymentId] = [await shop.place(shop.buyer()), newId()]
    await told.begin(placed.buyerId, placed.id, paymentId)
    await cancel(placed)
    await told.succeeded(placed.id, 20_000, paymentId)
    assert.deepEqual([(await read(placed)).status, (await read(placed)).paymentStatus], ['CANCELLING', 'PAID'])
    await told.refunded(placed.id, 20_000, paymentId)
    await told.settled(placed.id)
    await told.committed(placed.id)
    assert.deepEqual([(await read(placed)).status, (await read(placed)).paymentStatus], ['CANCELLED', 'REFUNDED'])
    assert.ok(!(await saidOf(placed)).includes('OrderPaid'))
  })

  test('a second capture of a paid order is counted; its refund leaves the order paid', async () => {
    const placed = await paidOrder()
    const second = newId()
    await told.succeeded(placed.id, 20_000, second)
    await told.refunded(placed.id, 20_000, second)
    const order = await read(placed)
    assert.deepEqual(
      [order.status, order.paymentStatus, order.captured!.amount, order.refunded!.amount],
      ['PAID', 'PAID', 40_000, 20_000],
    )
    assert.deepEqual(await saidOf(placed), ['OrderPlaced', 'OrderPaid'])
  })

  test('what may become possible is told again; what is wrong about money is never swallowed', async () => {
    const placed = await shop.place(shop.buyer())
    await assert.rejects(told.committed(placed.id), /not yet/)
    await assert.rejects(told.refunded(placed.id, 1, newId()), /not yet/)
    await assert.rejects(told.succeeded(placed.id, 19_999), /below the total/)
    await assert.rejects(told.succeeded(newId(), 1), /does not exist/)
    await assert.rejects(
      told.delivered(placed.id, placed.groups[0]!.id).then(() => told.settled(newId())),
      /does not exist/,
    )
    assert.equal((await read(placed)).version, 1)
  })

  test('stock facts about holds that are no orders of ours are dropped', async () => {
    await told.committed(newId())
    await told.commitFailed(newId())
  })

  test('captures that arrive together, two of each order, are all counted', async () => {
    const placed = await Promise.all(Array.from({ length: 30 }, () => shop.place(shop.buyer())))
    await Promise.all(placed.flatMap(({ id }) => [told.succeeded(id, 20_000), told.succeeded(id, 20_000)]))
    const orders = await Promise.all(placed.map(read))
    assert.ok(
      orders.every((order) => order.status === 'PAID' && order.captured!.amount === 40_000 && order.version === 3),
    )
  })

  test('cancel, pay and deadline at once: exactly one path, no doubled fact', async () => {
    const ends: string[] = []
    for (let round = 0; round < 30; round++) {
      const [placed, paymentId] = [await shop.place(shop.buyer()), newId()]
      const rivals = [
        () => told.begin(placed.buyerId, placed.id, paymentId).then(() => told.succeeded(placed.id, 20_000, paymentId)),
        () => cancel(placed),
        () => shop.runTimers({ all: true }),
      ]
      await Promise.allSettled([...rivals.slice(round % 3), ...rivals.slice(0, round % 3)].map((rival) => rival()))
      const order = await read(placed)
      const said = await saidOf(placed)
      assert.equal(new Set(said).size, said.length, said.join())
      assert.ok(['PAID', 'CANCELLING', 'CANCELLED'].includes(order.status), order.status)
      assert.equal(said.includes('OrderCancelled'), order.status === 'CANCELLED')
      if (order.status === 'CANCELLED') assert.equal(order.captured!.amount, 0)
      ends.push(order.status)
    }
    assert.equal(ends.length, 30)
  })

  test('cancel against hand-over: one of them is refused', async () => {
    for (let round = 0; round < 20; round++) {
      const placed = await allocatedOrder()
      const results = await Promise.allSettled([cancel(placed), told.beginShipping(placed.id, placed.groups[0]!.id)])
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
      const refused = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult
      assert.equal(refused.reason.code, 'ILLEGAL_TRANSITION')
    }
  })

  test('after all that the books are in order', async () => assert.deepEqual(await brokenBooks(shop), []))
})
