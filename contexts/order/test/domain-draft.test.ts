import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SkuQuote } from '@souk/contract/catalog'
import { PlaceOrderRequest } from '@souk/contract/order'
import { newId } from '@souk/kernel'
import { quotedLines, splitIntoGroups } from '../src/domain/draft.ts'
import { orderNumber, typedNumber } from '../src/domain/number.ts'
import { place } from '../src/domain/place.ts'
import { presentOrder } from '../src/domain/present.ts'
import { fulfillmentStatus, paymentStatus } from '../src/domain/status.ts'
import { mergeLines, parseWish, refuseCoupons, refuseExtras } from '../src/domain/wish.ts'
import { address, awaiting, draft, later, line, noon, orderIn, soon } from './given.ts'

const quote = (skuId: string, patch: Partial<SkuQuote> = {}): SkuQuote => ({
  skuId,
  productId: 'p',
  code: skuId,
  productSlug: 'teapot',
  name: '茶壶',
  options: {},
  image: '',
  price: { currency: 'CNY', amount: 100 },
  availability: 'IN_STOCK',
  merchantId: 'm1',
  hue: 210,
  weight: 0,
  buyable: true,
  ...patch,
})

const request = (patch: Partial<PlaceOrderRequest>) =>
  PlaceOrderRequest.fromPartial({ lines: [{ skuId: 'a', quantity: 1 }], address, ...patch })

const rules = (work: () => unknown): string[] => {
  try {
    work()
  } catch (error) {
    return (error as { violations: { field: string; rule: string }[] }).violations.map((v) => `${v.field}:${v.rule}`)
  }
  return []
}

test('equal SKUs become one line, at the place of the first', () => {
  const lines = ['b', 'a', 'b', 'b'].map((skuId, at) => ({ skuId, quantity: at + 1 }))
  assert.deepEqual(mergeLines(lines), [
    { skuId: 'b', quantity: 8 },
    { skuId: 'a', quantity: 2 },
  ])
})

test('merging does not lift the limit per SKU', () => {
  const line = { skuId: 'a', quantity: 9999 }
  assert.deepEqual(
    rules(() => mergeLines([line, { skuId: 'a', quantity: 1 }])),
    ['lines:max'],
  )
  assert.equal(mergeLines([line]).length, 1)
})

for (const [says, patch, expected] of [
  ['neither lines nor the cart', { lines: [] }, ['lines:required']],
  ['fromCart false and no lines', { lines: [], fromCart: false }, ['lines:required']],
  ['lines and the cart', { fromCart: true }, ['lines:excluded']],
  ['no address', { address: undefined }, ['addressId:required']],
  ['two addresses', { addressId: 'x' }, ['address:excluded']],
] as [string, Partial<PlaceOrderRequest>, string[]][])
  test(`a wish with ${says} is refused`, () => {
    assert.deepEqual(
      rules(() => parseWish(request(patch))),
      expected,
    )
  })

test('a wish keeps its note and asks the cart when told to', () => {
  const { id: _none, ...typed } = address
  assert.deepEqual(parseWish(request({ lines: [], fromCart: true, note: '请快一点' })), {
    lines: undefined,
    address: { typed },
    note: '请快一点',
  })
})

test('no coupon can be used yet', () => {
  assert.throws(() => refuseCoupons(request({ couponIds: ['c1'] })), { code: 'COUPON_UNAVAILABLE' })
  refuseCoupons(request({}))
})

test('nothing may come along with a preparation', () => {
  assert.deepEqual(
    rules(() => refuseExtras(request({ preparationId: newId() }))),
    ['lines:excluded'],
  )
  for (const extra of [{ fromCart: true }, { addressId: 'x' }, { address }, { couponIds: ['c'] }, { note: '' }])
    assert.equal(rules(() => refuseExtras(PlaceOrderRequest.fromPartial(extra))).length, 1, JSON.stringify(extra))
  refuseExtras(PlaceOrderRequest.fromPartial({ preparationId: newId(), expectedTotal: { currency: 'CNY', amount: 1 } }))
})

test('what is unknown, not on sale or priced in other money is named', () => {
  const wished = ['a', 'b', 'c', 'd'].map((skuId) => ({ skuId, quantity: 1 }))
  const quotes = [quote('a'), quote('b', { buyable: false }), quote('d', { price: undefined })]
  assert.throws(() => quotedLines(wished, quotes), { code: 'NOT_BUYABLE', params: { skuIds: ['b', 'c', 'd'] } })
  const dollars = quote('b', { price: { currency: 'USD', amount: 1 } })
  assert.throws(() => quotedLines(wished.slice(0, 2), [quote('a'), dollars]), { params: { skuIds: ['b'] } })
})

test('what can be bought is frozen as the catalog said it, in the order of the wish', () => {
  const blue = quote('b', { price: { currency: 'CNY', amount: 250 }, options: { 颜色: '青' }, image: 'b.webp' })
  const wished = [
    { skuId: 'b', quantity: 2 },
    { skuId: 'a', quantity: 1 },
  ]
  const common = { discount: 0, productId: 'p', slug: 'teapot', name: '茶壶', merchantId: 'm1', hue: 210 }
  assert.deepEqual(quotedLines(wished, [quote('a'), blue]), {
    currency: 'CNY',
    lines: [
      { ...common, skuId: 'b', code: 'b', quantity: 2, unitPrice: 250, options: { 颜色: '青' }, image: 'b.webp' },
      { ...common, skuId: 'a', code: 'a', quantity: 1, unitPrice: 100, options: {}, image: '' },
    ],
  })
})

test('a hold that does not cover the lines makes no groups', () => {
  const held = [{ skuId: 'a', warehouseId: 'w', quantity: 1 }]
  assert.throws(() => splitIntoGroups(draft(), held, newId), /does not cover/)
})

test('one group per merchant and warehouse', () => {
  const priced = { ...draft(), lines: [line('a', 2, 100), line('b', 1, 100, 'm2'), line('c', 1, 100)] }
  const held = [
    { skuId: 'a', warehouseId: 'w1', quantity: 1 },
    { skuId: 'a', warehouseId: 'w2', quantity: 1 },
    { skuId: 'b', warehouseId: 'w1', quantity: 1 },
    { skuId: 'c', warehouseId: 'w1', quantity: 1 },
  ]
  const groups = splitIntoGroups(priced, held, newId)
  assert.deepEqual(
    groups.map((group) => [group.merchantId, group.warehouseId, group.status, group.portions.map((p) => p.line)]),
    [
      ['m1', 'w1', 'CREATED', [0, 2]],
      ['m1', 'w2', 'CREATED', [0]],
      ['m2', 'w1', 'CREATED', [1]],
    ],
  )
})

test('order numbers begin with the day, can be read aloud and differ', () => {
  const numbers = Array.from({ length: 5000 }, () => orderNumber('20260709', newId()))
  assert.ok(numbers.every((number) => /^20260709[0-9A-HJKMNP-TV-Z]{12}$/.test(number)))
  assert.equal(new Set(numbers).size, numbers.length)
  const id = '0197ec00-0000-7000-8fff-ffffffffffff'
  assert.equal(orderNumber('20260709', id), '20260709ZZZZZZZZZZZZ')
  assert.equal(typedNumber(' 20260709-abcd-efgh jkmn '), '20260709ABCDEFGHJKMN')
})

const { id, number, buyerId } = awaiting()
const occasion = { id, number, buyerId, now: noon, payBefore: later }
const first = { orderId: id, at: noon, status: 'AWAITING_PAYMENT', detail: '', version: 1 }
const placed = { ...first, event: 'PLACED', was: null, actor: 'buyer' }

test('a placed order waits for its payment, begins its history and says so', () => {
  const { order, entries, facts } = place(draft(), occasion)
  assert.deepEqual(order, awaiting())
  assert.deepEqual(entries, [placed])
  assert.deepEqual(
    facts.map(({ type, aggregateVersion }) => [type, aggregateVersion]),
    [['order.OrderPlaced', 1]],
  )
})

test('an order of zero total asks for a capture of zero', () => {
  const free = { subtotal: 0, total: 0, lines: [line('a', 1, 0)] }
  const { order, entries, facts } = place(draft(free), occasion)
  assert.deepEqual(order, awaiting({ ...free, version: 2 }))
  assert.deepEqual(entries, [
    placed,
    { ...first, version: 2, event: 'CAPTURE_REQUESTED', was: 'AWAITING_PAYMENT', actor: 'system' },
  ])
  assert.deepEqual(
    facts.map(({ type, aggregateVersion }) => [type, aggregateVersion]),
    [
      ['order.OrderPlaced', 1],
      ['order.CaptureRequested', 2],
    ],
  )
})

const money = (captured: number, refunded: number, patch = {}) =>
  ({ status: 'PAID', paid: true, total: 100, captured, refunded, ...patch }) as const

for (const [says, order, expected] of [
  ['nothing captured', money(0, 0, { paid: false }), 'UNPAID'],
  ['captured', money(100, 0), 'PAID'],
  ['captured twice', money(200, 0), 'PAID'],
  ['captured twice, the second went back', money(200, 100), 'PAID'],
  ['a part went back', money(100, 1), 'PART_REFUNDED'],
  ['all went back', money(100, 100), 'REFUNDED'],
  ['a capture of zero', money(0, 0, { total: 0 }), 'PAID'],
  ['a capture of zero, cancelled', money(0, 0, { total: 0, status: 'CANCELLED' }), 'REFUNDED'],
] as const)
  test(`payment status: ${says}`, () => assert.equal(paymentStatus(order), expected))

for (const [groups, expected] of [
  [['CREATED', 'PICKED_UP'], 'UNFULFILLED'],
  [['IN_TRANSIT', 'CREATED'], 'PARTIAL'],
  [['DELIVERED', 'CREATED'], 'PARTIAL'],
  [['IN_TRANSIT', 'DELIVERED'], 'FULFILLED'],
  [['VOIDED', 'VOIDED'], 'UNFULFILLED'],
] as const)
  test(`fulfillment status of ${groups}`, () => assert.equal(fulfillmentStatus(groups), expected))

for (const [says, order, viewer, expected] of [
  ['a buyer may pay and cancel', awaiting(), 'buyer', ['pay', 'cancel']],
  ['staff may cancel', awaiting(), 'staff', ['cancel']],
  ['after the deadline nobody pays', awaiting({ payBefore: soon }), 'buyer', ['cancel']],
  ['nothing is paid of a zero total', awaiting({ total: 0 }), 'buyer', ['cancel']],
  ['what is paid on delivery is not paid here', awaiting({ onDelivery: true }), 'buyer', ['cancel']],
  ['a paid order', orderIn.PAID(), 'buyer', ['cancel']],
  ['a shipped order', orderIn.SHIPPED(), 'buyer', []],
  ['a cancelled order', orderIn.CANCELLED(), 'buyer', []],
] as const)
  test(`actions: ${says}`, () => {
    const shown = presentOrder(order, [], viewer, soon)
    assert.deepEqual(
      shown.actions.map(({ name }) => name),
      expected,
    )
    assert.equal(shown.payBefore !== undefined, order.status === 'AWAITING_PAYMENT' && !order.onDelivery)
  })

test('a group shows its share of each line', () => {
  const { lines, groups } = presentOrder(awaiting(), [], 'buyer', noon)
  assert.deepEqual(
    groups.map(({ lines: [first] }) => [first!.skuId, first!.quantity, first!.total]),
    [
      ['a', 2, { currency: 'CNY', amount: 20_000 }],
      ['b', 3, { currency: 'CNY', amount: 15_000 }],
    ],
  )
  assert.deepEqual(lines[0]!.options, { 颜色: '青' })
})
