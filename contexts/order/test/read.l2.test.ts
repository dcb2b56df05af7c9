import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Order, OrderStatus_Value } from '@souk/contract/order'
import { newId, toPageToken } from '@souk/kernel'
import { sql } from '@souk/platform'
import { type Shop, startShop } from './shop.ts'

describe('reading orders', () => {
  let shop: Shop
  let buyer: string
  let stranger: string
  const placed: Order[] = []
  before(async () => {
    shop = await startShop()
    buyer = shop.buyer()
    stranger = shop.buyer()
    for (let round = 0; round < 3; round++)
      placed.push(...(await Promise.all(Array.from({ length: 9 }, () => shop.place(buyer)))))
    await shop.services['order.OrderService'].cancelOrder({ id: placed[0]!.id }, shop.as({ user: buyer, key: newId() }))
  })
  after(() => shop.close())

  const mine = (patch: { pageSize?: number; pageToken?: string; status?: OrderStatus_Value } = {}, user = buyer) =>
    shop.services['order.OrderService'].listOrders(
      { pageSize: 0, pageToken: '', status: 'UNSPECIFIED', ...patch },
      shop.as({ user }),
    )
  const all = (patch: object = {}, roles = ['support']) =>
    shop.services['order.OrderAdminService'].listAllOrders(
      { pageSize: 0, pageToken: '', status: 'UNSPECIFIED', q: '', buyerId: '', ...patch },
      shop.as({ user: stranger, roles }),
    )
  const staff = (roles: string[], key = newId()) => shop.as({ user: stranger, roles, key })

  test('pages hold every order once, newest first', async () => {
    for (const pageSize of [1, 4, 9, 26, 27, 100]) {
      const seen: string[] = []
      let pageToken = ''
      do {
        const answer = await mine({ pageSize, pageToken })
        assert.ok(answer.orders.length <= pageSize)
        seen.push(...answer.orders.map(({ id }) => id))
        pageToken = answer.nextPageToken
      } while (pageToken)
      assert.equal(seen.length, placed.length, `pages of ${pageSize}`)
      assert.deepEqual(new Set(seen), new Set(placed.map(({ id }) => id)))
    }
    const { orders } = await mine({ pageSize: 100 })
    const keys = orders.map(({ createdAt, id }) => `${createdAt} ${id}`)
    assert.deepEqual(keys, [...keys].sort().reverse())
    assert.equal((await mine()).orders.length, 20)
  })

  test('pages stay whole while new orders arrive', async () => {
    const first = await mine({ pageSize: 10 })
    const late = await shop.place(buyer)
    const second = await mine({ pageSize: 100, pageToken: first.nextPageToken })
    assert.equal(first.orders.length + second.orders.length, placed.length)
    placed.push(late)
  })

  test('a status filters; a summary shows what a card needs', async () => {
    const { orders } = await mine({ status: 'CANCELLED' })
    assert.deepEqual(
      orders.map(({ id }) => id),
      [placed[0]!.id],
    )
    assert.deepEqual(orders[0]!.actions, [])
    const [newest] = (await mine({ pageSize: 1 })).orders
    assert.deepEqual(
      newest!.actions.map(({ name }) => name),
      ['pay', 'cancel'],
    )
    assert.deepEqual([newest!.quantity, newest!.lines[0]!.name], [2, '茶壶 tea'])
    assert.deepEqual((await mine({ status: 'SHIPPED' })).orders, [])
  })

  test('a stranger sees an empty list and finds nothing', async () => {
    assert.deepEqual(await mine({}, stranger), { orders: [], nextPageToken: '' })
    const service = shop.services['order.OrderService']
    for (const id of [placed[0]!.id, newId(), 'x', "' or 1=1 --"]) {
      await assert.rejects(service.getOrder({ id }, shop.as({ user: stranger })), { code: 'NOT_FOUND' })
      await assert.rejects(service.cancelOrder({ id }, shop.as({ user: stranger, key: newId() })), {
        code: 'NOT_FOUND',
      })
    }
    await assert.rejects(service.getOrder({ id: placed[1]!.id }, shop.as()), { code: 'UNAUTHENTICATED' })
    const untouched = await service.getOrder({ id: placed[1]!.id }, shop.as({ user: buyer }))
    assert.equal(untouched.version, 1)
  })

  for (const [says, pageToken] of [
    ['no token at all', 'hello'],
    ['another shape', toPageToken(['a', 'b'])],
    ['no time', toPageToken([1e300, newId()])],
    ['a time before all times', toPageToken([-1, newId()])],
    ['a broken id', toPageToken([1, "'; drop table orders"])],
  ])
    test(`a page token with ${says} is refused`, async () => {
      await assert.rejects(mine({ pageToken }), { code: 'VALIDATION_FAILED' })
    })

  test('staff find any order by number, id, buyer and status', async () => {
    const one = placed[5]!
    for (const q of [one.number, ` ${one.number.slice(0, 8)}-${one.number.slice(8).toLowerCase()} `, one.id])
      assert.deepEqual(
        (await all({ q })).orders.map(({ id }) => id),
        [one.id],
      )
    assert.deepEqual((await all({ q: 'nothing' })).orders, [])
    assert.deepEqual((await all({ buyerId: stranger })).orders, [])
    assert.deepEqual((await all({ buyerId: 'x' })).orders, [])
    assert.equal(
      (await all({ buyerId: buyer, status: 'AWAITING_PAYMENT', pageSize: 100 })).orders.length,
      placed.length - 1,
    )
    const any = await shop.services['order.OrderAdminService'].getAnyOrder({ id: one.id }, staff(['warehouse']))
    assert.deepEqual(
      any.actions.map(({ name }) => name),
      ['cancel'],
    )
    assert.equal(any.buyerId, buyer)
    await assert.rejects(shop.services['order.OrderAdminService'].getAnyOrder({ id: newId() }, staff(['support'])), {
      code: 'NOT_FOUND',
    })
  })

  test('only the right staff may look, fewer may cancel', async () => {
    const admin = shop.services['order.OrderAdminService']
    await assert.rejects(all({}, []), { code: 'FORBIDDEN' })
    await assert.rejects(all({}, ['catalog']), { code: 'FORBIDDEN' })
    await assert.rejects(admin.getAnyOrder({ id: placed[1]!.id }, staff([])), { code: 'FORBIDDEN' })
    await assert.rejects(admin.cancelAnyOrder({ id: placed[1]!.id }, staff(['warehouse'])), { code: 'FORBIDDEN' })
  })

  test('a cancel by staff is audited in the same transaction and keeps its reason from the buyer', async () => {
    const [one, key] = [placed[2]!, newId()]
    const admin = shop.services['order.OrderAdminService']
    const cancelled = await admin.cancelAnyOrder({ id: one.id, reason: '疑似欺诈' }, staff(['support'], key))
    assert.deepEqual(await admin.cancelAnyOrder({ id: one.id, reason: '疑似欺诈' }, staff(['support'], key)), cancelled)
    assert.deepEqual([cancelled.status, cancelled.cancelReason], ['CANCELLED', 'STAFF'])
    await assert.rejects(admin.cancelAnyOrder({ id: one.id }, staff(['support'])), { code: 'ILLEGAL_TRANSITION' })
    await assert.rejects(admin.cancelAnyOrder({ id: newId() }, staff(['support'])), { code: 'NOT_FOUND' })
    const rows = await shop.db.all(
      sql`select actor, action, target, before, after, reason from ${shop.db.schema}.audit`,
    )
    assert.deepEqual(rows, [
      {
        actor: `user:${stranger}`,
        action: 'order.cancel',
        target: one.id,
        before: { status: 'AWAITING_PAYMENT' },
        after: { status: 'CANCELLED' },
        reason: '疑似欺诈',
      },
    ])
    const seen = await shop.services['order.OrderService'].getOrder({ id: one.id }, shop.as({ user: buyer }))
    assert.ok(!JSON.stringify(seen).includes('欺诈'))
  })

  test('twin cancels with one key are one cancel', async () => {
    const [one, key] = [placed[3]!, newId()]
    const service = shop.services['order.OrderService']
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => service.cancelOrder({ id: one.id }, shop.as({ user: buyer, key }))),
    )
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
    const rivals = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        service.cancelOrder({ id: placed[4]!.id }, shop.as({ user: buyer, key: newId() })),
      ),
    )
    assert.equal(rivals.filter(({ status }) => status === 'fulfilled').length, 1)
  })
})
