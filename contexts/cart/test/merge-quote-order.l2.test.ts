import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { faultOf, newId } from '@souk/kernel'
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

const refused = (code: string) => (error: unknown) => faultOf(error)?.code === code
const buyer = () => ({ user: newId() })
const merge = (me: { user: string }, cartToken: string) => shop.service.mergeCart({ cartToken }, shop.app.as(me))
const guestWith = async (lines: Record<string, number>): Promise<string> => {
  let token = ''
  for (const [sku, quantity] of Object.entries(lines))
    token = (await shop.add(sku, quantity, {}, token)).cartToken || token
  return token
}

test('merging adds quantities up to what is available; the guest cart is gone; again is the same', async () => {
  const me = buyer()
  const [a, b, c] = [shop.sell(1000, 4), shop.sell(), shop.sell(1000, 0)]
  const token = await guestWith({ [a]: 3, [b]: 2, [c]: 2 })
  await shop.add(a, 2, me)
  const merged = await merge(me, token)
  deepEqual(quantities(merged), { [a]: 4, [b]: 2, [c]: 1 })
  deepEqual((await shop.get({}, token)).lines, [])
  const again = await merge(me, token)
  deepEqual([quantities(again), again.version], [quantities(merged), merged.version])
})

test('merging into an empty account takes the cart over', async () => {
  const me = buyer()
  const sku = shop.sell()
  const token = await guestWith({ [sku]: 2 })
  deepEqual(quantities(await merge(me, token)), { [sku]: 2 })
})

for (const [says, token] of [
  ['no token', ''],
  ['an unknown token', 'nobody-was-given-this'],
] as const)
  test(`merging with ${says}: just the cart`, async () => {
    const me = buyer()
    const sku = shop.sell()
    await shop.add(sku, 1, me)
    deepEqual(quantities(await merge(me, token)), { [sku]: 1 })
  })

test('an emptied guest cart merges to nothing and is gone', async () => {
  const me = buyer()
  const token = await guestWith({ [shop.sell()]: 1 })
  await shop.service.emptyCart({ cartToken: token }, shop.app.as({}))
  deepEqual((await merge(me, token)).lines, [])
})

test('one guest cart merged by ten requests at once: it counts once', async () => {
  const me = buyer()
  const sku = shop.sell()
  const token = await guestWith({ [sku]: 2 })
  await Promise.all(Array.from({ length: 10 }, () => merge(me, token)))
  deepEqual(quantities(await shop.get(me)), { [sku]: 2 })
})

test('two people with one token: one of them gets it', async () => {
  const [me, you] = [buyer(), buyer()]
  const sku = shop.sell()
  const token = await guestWith({ [sku]: 1 })
  const counts = (await Promise.all([merge(me, token), merge(you, token)])).map((cart) => cart.count)
  deepEqual(counts.sort(), [0, 1])
})

test('merging needs a signed-in buyer', async () => {
  await rejects(shop.service.mergeCart({ cartToken: 'x' }, shop.app.as({})), refused('UNAUTHENTICATED'))
})

test('more than 500 lines together: refused, both carts stay', async () => {
  const me = buyer()
  const skus = Array.from({ length: 500 }, () => shop.sell())
  for (let i = 0; i < 500; i += 50) await Promise.all(skus.slice(i, i + 50).map((sku) => shop.add(sku, 1, me)))
  const extra = shop.sell()
  const token = await guestWith({ [extra]: 1 })
  await rejects(merge(me, token), refused('LIMIT_REACHED'))
  deepEqual(quantities(await shop.get({}, token)), { [extra]: 1 })
  equal((await shop.get(me)).lines.length, 500)
})

test('killed before the commit of a merge: both carts are as they were', async () => {
  const me = buyer()
  const sku = shop.sell()
  const token = await guestWith({ [sku]: 1 })
  shop.failpoints.set('cart.merge.beforeCommit', async () => {
    throw new Error('killed')
  })
  await rejects(merge(me, token), refused('INTERNAL'))
  shop.failpoints.clear()
  deepEqual([quantities(await shop.get({}, token)), (await shop.get(me)).lines], [{ [sku]: 1 }, []])
  deepEqual(quantities(await merge(me, token)), { [sku]: 1 })
})

const quote = (as: object, lines: { skuId: string; quantity: number }[] = [], cartToken = '') =>
  shop.service.quoteCart({ lines, cartToken }, shop.app.as(as))

test('a quote of the selected lines, of a buyer and of a visitor', async () => {
  const me = buyer()
  const [a, b] = [shop.sell(1999), shop.sell(500)]
  await shop.add(a, 3, me)
  await shop.add(b, 1, me)
  await shop.service.changeItem({ skuId: b, quantity: undefined, selected: false, cartToken: '' }, shop.app.as(me))
  const mine = await quote(me)
  deepEqual(
    [mine.subtotal, mine.discount, mine.freight, mine.tax, mine.total].map((part) => part?.amount),
    [5997, 0, 0, 0, 5997],
  )
  deepEqual(
    mine.explanations.map(({ part }) => part),
    ['subtotal', 'discount', 'freight', 'tax', 'total'],
  )
  const token = await guestWith({ [b]: 2 })
  equal((await quote({}, [], token)).total?.amount, 1000)
  equal((await quote({ ...me, locale: 'zh-CN' })).explanations[0]?.text, '共 3 件')
})

test('a quote of given lines: equal SKUs are one line, unknown ones are listed, nothing is stored', async () => {
  const sku = shop.sell(100)
  const unknown = newId()
  const lines = [
    { skuId: sku, quantity: 1 },
    { skuId: unknown, quantity: 1 },
    { skuId: sku, quantity: 2 },
  ]
  const { lines: quoted, total } = await quote({}, lines)
  deepEqual(
    quoted.map((line) => [line.skuId, line.quantity, line.total?.amount, line.problems.map(({ kind }) => kind)]),
    [
      [sku, 3, 300, []],
      [unknown, 1, 0, ['UNPUBLISHED']],
    ],
  )
  equal(total?.amount, 300)
})

test('a quote of nothing is zero', async () => {
  const nothing = await quote(buyer())
  deepEqual([nothing.lines, nothing.total], [[], { currency: 'CNY', amount: 0 }])
})

test('a quote without the catalog: the cart by its last known prices, given lines not at all', async () => {
  const me = buyer()
  const sku = shop.sell(100)
  await shop.add(sku, 2, me)
  shop.mood.catalog = 'down'
  const mine = await quote(me)
  deepEqual([mine.total?.amount, mine.lines[0]?.problems.map(({ kind }) => kind)], [200, ['AVAILABILITY_UNKNOWN']])
  await rejects(quote(me, [{ skuId: sku, quantity: 1 }]), refused('UNAVAILABLE'))
})

test('the order context gets the selected lines of a buyer, in the order they were added; others get nothing', async () => {
  const me = buyer()
  const [a, b, c] = [shop.sell(), shop.sell(), shop.sell()]
  for (const sku of [a, b, c]) await shop.add(sku, 2, me)
  await shop.service.changeItem({ skuId: b, quantity: undefined, selected: false, cartToken: '' }, shop.app.as(me))
  const list = (userId: string, as: object) =>
    shop.app.services['cart.CartLinesService'].listSelectedLines({ userId }, shop.app.as(as))
  deepEqual((await list(me.user, { service: 'order' })).lines, [
    { skuId: a, quantity: 2 },
    { skuId: c, quantity: 2 },
  ])
  deepEqual((await list(newId(), { service: 'order' })).lines, [])
  await rejects(list(me.user, me), refused('FORBIDDEN'))
})

test('ordered quantities leave the cart, once; what was added beyond them stays', async () => {
  const me = buyer()
  const [a, b, c] = [shop.sell(), shop.sell(), shop.sell()]
  await shop.add(a, 2, me)
  await shop.add(b, 5, me)
  await shop.add(c, 1, me)
  const [eventId, orderId] = [newId(), newId()]
  await shop.ordered(me.user, { [a]: 2, [b]: 3 }, eventId, orderId)
  deepEqual(quantities(await shop.get(me)), { [b]: 2, [c]: 1 })
  await shop.ordered(me.user, { [a]: 2, [b]: 3 }, eventId, orderId)
  deepEqual(quantities(await shop.get(me)), { [b]: 2, [c]: 1 })
  await shop.ordered(me.user, { [b]: 9, [newId()]: 1 })
  deepEqual(quantities(await shop.get(me)), { [c]: 1 })
  await shop.ordered(newId(), { [c]: 1 })
})

test('ordering and adding at once, 20 rounds: the added piece stays', async () => {
  const sku = shop.sell()
  for (let i = 0; i < 20; i++) {
    const me = buyer()
    await shop.add(sku, 2, me)
    await Promise.all([shop.ordered(me.user, { [sku]: 2 }), shop.add(sku, 1, me)])
    deepEqual(quantities(await shop.get(me)), { [sku]: 1 })
  }
})
