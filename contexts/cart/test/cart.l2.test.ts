import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { faultOf, newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { createStore } from '../src/store.ts'
import { openShop, quantities, type Shop } from './shop.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.app.close())
afterEach(() => {
  shop.mood.catalog = 'ok'
  shop.mood.inventory = 'ok'
  shop.failpoints.clear()
})

const refused = (code: string, params?: object) => (error: unknown) => {
  const found = faultOf(error)
  equal(found?.code, code)
  if (params) deepEqual(found?.params, params)
  return true
}
const buyer = () => ({ user: newId() })

test('add, change, select, remove, empty: what a buyer does with a cart', async () => {
  const me = buyer()
  const [a, b] = [shop.sell(1000), shop.sell(250)]
  const first = await shop.add(a, 2, me)
  deepEqual(
    [quantities(first), first.count, first.subtotal, first.cartToken],
    [{ [a]: 2 }, 2, { currency: 'CNY', amount: 2000 }, ''],
  )
  equal(first.lines[0]?.product?.name, '衬衫')
  await shop.add(b, 1, me)
  const again = await shop.add(a, 3, me)
  deepEqual(quantities(again), { [a]: 5, [b]: 1 })
  const { service, app } = shop
  const changed = await service.changeItem({ skuId: a, quantity: 4, selected: undefined, cartToken: '' }, app.as(me))
  deepEqual([quantities(changed), changed.lines[0]?.selected], [{ [a]: 4, [b]: 1 }, true])
  const unselected = await service.changeItem(
    { skuId: a, quantity: undefined, selected: false, cartToken: '' },
    app.as(me),
  )
  deepEqual([quantities(unselected)[a], unselected.subtotal?.amount], [4, 250])
  deepEqual(quantities(await service.removeItem({ skuId: b, cartToken: '' }, app.as(me))), { [a]: 4 })
  const empty = await service.emptyCart({ cartToken: '' }, app.as(me))
  deepEqual([empty.lines, empty.count], [[], 0])
  const versions = [first, again, changed, unselected, empty].map((cart) => cart.version)
  deepEqual(
    versions,
    [...versions].sort((x, y) => x - y),
  )
  equal(new Set(versions).size, versions.length)
})

test('the same cart on all devices of a buyer; nobody else sees it', async () => {
  const me = buyer()
  const sku = shop.sell()
  await shop.add(sku, 1, { ...me, sessionId: 'phone' })
  deepEqual(quantities(await shop.get({ ...me, sessionId: 'laptop' })), { [sku]: 1 })
  deepEqual((await shop.get(buyer())).lines, [])
  deepEqual((await shop.get({})).lines, [])
  deepEqual((await shop.get({}, me.user)).lines, [])
})

test('removing or emptying what is not there is done already; changing it is refused', async () => {
  const me = buyer()
  const { service, app } = shop
  const skuId = shop.sell()
  for (const as of [me, {}]) {
    deepEqual((await service.removeItem({ skuId, cartToken: '' }, app.as(as))).lines, [])
    deepEqual((await service.emptyCart({ cartToken: '' }, app.as(as))).lines, [])
    await rejects(
      service.changeItem({ skuId, quantity: 1, selected: undefined, cartToken: '' }, app.as(as)),
      refused('NOT_FOUND'),
    )
  }
})

test('what cannot be bought cannot be added', async () => {
  const me = buyer()
  await rejects(shop.add(newId(), 1, me), refused('NOT_FOUND'))
  await rejects(shop.add(shop.sell(1, 1, { buyable: false }), 1, me), refused('NOT_BUYABLE'))
  deepEqual((await shop.get(me)).version, 0)
})

test('a visitor gets a cart and its token with the first thing he adds; only the hash is kept', async () => {
  const [a, b] = [shop.sell(), shop.sell()]
  const { cartToken } = await shop.add(a, 1, {})
  ok(Buffer.from(cartToken, 'base64url').length >= 16)
  const more = await shop.add(b, 2, {}, cartToken)
  deepEqual([quantities(more), more.cartToken], [{ [a]: 1, [b]: 2 }, ''])
  deepEqual(quantities(await shop.get({}, cartToken)), { [a]: 1, [b]: 2 })
  const { db } = shop.app
  const kept = await db.all<{ owner: string }>(
    sql`select owner from ${db.schema}.cart where owner like ${`%${cartToken}%`}`,
  )
  deepEqual(kept, [])
})

test('a token that nobody was given opens nothing: a new one is issued', async () => {
  const sku = shop.sell()
  const made = 'chosen-by-an-attacker-0123456789'
  const { cartToken } = await shop.add(sku, 1, {}, made)
  ok(cartToken)
  notEqual(cartToken, made)
  deepEqual((await shop.get({}, made)).lines, [])
  deepEqual(quantities(await shop.get({}, cartToken)), { [sku]: 1 })
})

test('a signed-in buyer uses his own cart, whatever token comes along', async () => {
  const me = buyer()
  const [a, b] = [shop.sell(), shop.sell()]
  const { cartToken } = await shop.add(a, 1, {})
  const mine = await shop.add(b, 1, me, cartToken)
  deepEqual([quantities(mine), mine.cartToken], [{ [b]: 1 }, ''])
  deepEqual(quantities(await shop.get(me, cartToken)), { [b]: 1 })
  deepEqual(quantities(await shop.get({}, cartToken)), { [a]: 1 })
})

test('two additions at once, 20 rounds: both count', async () => {
  const me = buyer()
  const [a, b] = [shop.sell(), shop.sell()]
  for (let i = 0; i < 20; i++) await Promise.all([shop.add(a, 1, me), shop.add(i % 2 ? a : b, 1, me)])
  deepEqual(quantities(await shop.get(me)), { [a]: 30, [b]: 10 })
})

test('200 additions to 20 carts at once, in any order: nothing lost, no deadlock', async () => {
  const buyers = Array.from({ length: 20 }, buyer)
  const sku = shop.sell()
  await Promise.all(Array.from({ length: 200 }, (_, i) => shop.add(sku, 1, buyers[(i * 7) % 20] ?? {})))
  for (const me of buyers) equal((await shop.get(me)).count, 10)
})

test('one hostile addition among 63 good ones harms only itself', async () => {
  const sku = shop.sell()
  const bad = shop.sell(1000, 100, { name: `nul${String.fromCharCode(0)}` })
  const results = await Promise.allSettled(
    Array.from({ length: 64 }, (_, i) => shop.add(i === 31 ? bad : sku, 1, buyer())),
  )
  deepEqual(
    results.flatMap((r, i) => (r.status === 'rejected' ? [i] : [])),
    [31],
  )
})

test('a cart has at most 500 lines, a line at most 9,999 pieces', async () => {
  const me = buyer()
  const skus = Array.from({ length: 501 }, () => shop.sell())
  for (let i = 0; i < 500; i += 50) await Promise.all(skus.slice(i, i + 50).map((sku) => shop.add(sku, 1, me)))
  const full = await shop.get(me)
  equal(full.lines.length, 500)
  await rejects(shop.add(skus[500] ?? '', 1, me), refused('LIMIT_REACHED', { limit: 500, of: 'lines' }))
  equal((await shop.add(skus[0] ?? '', 9998, me)).lines.length, 500)
  await rejects(shop.add(skus[0] ?? '', 1, me), refused('LIMIT_REACHED', { limit: 9999, of: 'quantity' }))
  equal((await shop.get(me)).version, full.version + 1)
})

test('two processes at once for the last line of a cart, 5 rounds: one', async () => {
  const me = buyer()
  const skus = Array.from({ length: 499 }, () => shop.sell())
  for (let i = 0; i < 499; i += 50) await Promise.all(skus.slice(i, i + 50).map((sku) => shop.add(sku, 1, me)))
  for (let round = 0; round < 5; round++) {
    const [a, b] = [shop.sell(), shop.sell()]
    const results = await Promise.allSettled([
      shop.add(a, 1, me),
      shop.elsewhere({ skuId: b, quantity: 1, cartToken: '' }, shop.app.as(me)),
    ])
    deepEqual(results.map((r) => r.status).sort(), ['fulfilled', 'rejected'])
    const { service, app } = shop
    await service.removeItem({ skuId: results[0]?.status === 'fulfilled' ? a : b, cartToken: '' }, app.as(me))
  }
})

test('the same carts filled by two processes in opposite order: nothing lost, no deadlock', async () => {
  const buyers = Array.from({ length: 90 }, buyer)
  const sku = shop.sell()
  for (let round = 0; round < 10; round++)
    await Promise.all([
      ...buyers.map((me) => shop.add(sku, 1, me)),
      ...[...buyers].reverse().map((me) => shop.elsewhere({ skuId: sku, quantity: 1, cartToken: '' }, shop.app.as(me))),
    ])
  for (const me of buyers) equal((await shop.get(me)).count, 20)
})

test('prices and stock are live; each answer asks each neighbour once', async () => {
  const me = buyer()
  const [a, b, c] = [shop.sell(1000, 5), shop.sell(1000), shop.sell()]
  for (const sku of [a, b, c]) await shop.add(sku, 3, me)
  shop.offers.set(a, { ...shop.sold(a), price: { currency: 'CNY', amount: 1500 } })
  shop.stock.set(b, 2)
  shop.offers.set(c, { ...shop.sold(c), buyable: false })
  const before = { ...shop.calls }
  const cart = await shop.get(me)
  deepEqual([shop.calls.catalog - before.catalog, shop.calls.inventory - before.inventory], [1, 1])
  deepEqual(
    cart.lines.map((line) =>
      line.problems.map(({ kind, available, oldPrice }) => [kind, available ?? oldPrice?.amount]),
    ),
    [[['PRICE_CHANGED', 1000]], [['SHORT', 2]], [['UNPUBLISHED', undefined]]],
  )
  equal(cart.subtotal?.amount, 3 * 1500 + 3 * 1000)
  await shop.add(a, 1, me)
  deepEqual((await shop.get(me)).lines[0]?.problems, [])
})

for (const how of ['down', 'hangs'] as const) {
  test(`inventory ${how}: the cart works, availability unknown, and not all the time is spent on waiting`, async () => {
    const me = buyer()
    const sku = shop.sell()
    shop.mood.inventory = how
    const added = await shop.add(sku, 1, me)
    deepEqual(
      added.lines[0]?.problems.map(({ kind }) => kind),
      ['AVAILABILITY_UNKNOWN'],
    )
    shop.deadlines.length = 0
    const call = shop.app.as({ ...me, deadlineMs: 60_000 })
    deepEqual(quantities(await shop.service.getCart({ cartToken: '' }, call)), { [sku]: 1 })
    equal(shop.deadlines.length, 2)
    ok(shop.deadlines.every((deadline) => deadline < call.deadline - 50_000))
  })

  test(`catalog ${how}: the cart is shown as it was, marked, and can be changed; nothing new is added`, async () => {
    const me = buyer()
    const sku = shop.sell(700)
    await shop.add(sku, 2, me)
    shop.mood.catalog = how
    const cart = await shop.get(me)
    deepEqual(
      cart.lines.map((line) => [line.product?.name, line.unitPrice?.amount, line.problems.map(({ kind }) => kind)]),
      [['衬衫', 700, ['AVAILABILITY_UNKNOWN']]],
    )
    equal(cart.subtotal?.amount, 1400)
    const { service, app } = shop
    equal(
      (await service.changeItem({ skuId: sku, quantity: 1, selected: undefined, cartToken: '' }, app.as(me))).count,
      1,
    )
    await rejects(
      shop.add(sku, 1, { ...me, deadlineMs: 700 }),
      refused(how === 'down' ? 'UNAVAILABLE' : 'DEADLINE_EXCEEDED'),
    )
  })
}

test('a crash before the commit leaves the cart as it was', async () => {
  const me = buyer()
  const sku = shop.sell()
  shop.failpoints.set('cart.addItem.beforeCommit', async () => {
    throw new Error('killed')
  })
  await rejects(shop.add(sku, 1, me), refused('INTERNAL'))
  shop.failpoints.clear()
  deepEqual((await shop.get(me)).lines, [])
})

test('old guest carts are forgotten, buyers keep theirs', async () => {
  const me = buyer()
  const sku = shop.sell()
  const old = await shop.add(sku, 1, {})
  await shop.add(sku, 1, me)
  const { db } = shop.app
  await db.run(sql`update ${db.schema}.cart set touched_at = now() - interval '100 days'`)
  const fresh = await shop.add(sku, 1, {})
  ok((await createStore(db.schema).forgetGuests(db, 90 * 86_400_000, 500)) >= 1)
  deepEqual((await shop.get({}, old.cartToken)).lines, [])
  deepEqual(quantities(await shop.get({}, fresh.cartToken)), { [sku]: 1 })
  deepEqual(quantities(await shop.get(me)), { [sku]: 1 })
})
