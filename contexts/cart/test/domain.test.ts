import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import type { SkuQuote } from '@souk/contract/catalog'
import fc from 'fast-check'
import { type Line, look, type Market, merge, presentCart, quote, type Stock, sumWanted } from '../src/domain.ts'

const cny = (amount: number) => ({ currency: 'CNY', amount })
const offer = (skuId: string, change: Partial<SkuQuote> = {}): SkuQuote => ({
  skuId,
  productId: `p-${skuId}`,
  code: 'C',
  productSlug: 'shirt',
  name: '衬衫',
  options: { 颜色: '红' },
  image: '/a.webp',
  price: cny(1000),
  listPrice: undefined,
  availability: 'IN_STOCK',
  merchantId: 'm',
  hue: 210,
  weight: 1,
  buyable: true,
  ...change,
})
const line = (skuId: string, quantity = 2, change: Partial<Line> = {}): Line => ({
  skuId,
  quantity,
  selected: true,
  price: cny(1000),
  product: { productId: 'p', slug: 's', name: 'as it was', code: 'C', options: {}, image: '', merchantId: 'm', hue: 0 },
  addedAt: '2026-01-01T00:00:00.000Z',
  ...change,
})
const market = (offers: SkuQuote[] | undefined, stock: Record<string, number> | undefined): Market => ({
  offers: offers && new Map(offers.map((o) => [o.skuId, o])),
  stock:
    stock &&
    new Map(
      Object.entries(stock).map(([id, available]) => [
        id,
        { available, band: available > 5 ? 'IN_STOCK' : available > 0 ? 'LOW' : 'OUT_OF_STOCK' } satisfies Stock,
      ]),
    ),
})

for (const [says, given, problems, price, availability] of [
  ['all is well', market([offer('a')], { a: 9 }), [], 1000, 'IN_STOCK'],
  ['sold out', market([offer('a')], { a: 0 }), [{ kind: 'OUT_OF_STOCK' }], 1000, 'OUT_OF_STOCK'],
  ['unknown to inventory', market([offer('a')], {}), [{ kind: 'OUT_OF_STOCK' }], 1000, 'OUT_OF_STOCK'],
  ['short', market([offer('a')], { a: 1 }), [{ kind: 'SHORT', available: 1 }], 1000, 'LOW'],
  ['just enough', market([offer('a')], { a: 2 }), [], 1000, 'LOW'],
  [
    'dearer',
    market([offer('a', { price: cny(1200) })], { a: 9 }),
    [{ kind: 'PRICE_CHANGED', oldPrice: cny(1000) }],
    1200,
    'IN_STOCK',
  ],
  [
    'dearer and short',
    market([offer('a', { price: cny(1) })], { a: 1 }),
    [
      { kind: 'PRICE_CHANGED', oldPrice: cny(1000) },
      { kind: 'SHORT', available: 1 },
    ],
    1,
    'LOW',
  ],
  [
    'inventory silent',
    market([offer('a', { availability: 'LOW' })], undefined),
    [{ kind: 'AVAILABILITY_UNKNOWN' }],
    1000,
    'LOW',
  ],
  ['taken off sale', market([offer('a', { buyable: false })], { a: 9 }), [{ kind: 'UNPUBLISHED' }], 1000, 'IN_STOCK'],
  ['gone from the catalog', market([], { a: 9 }), [{ kind: 'UNPUBLISHED' }], 1000, 'IN_STOCK'],
  ['catalog silent', market(undefined, { a: 9 }), [{ kind: 'AVAILABILITY_UNKNOWN' }], 1000, 'UNSPECIFIED'],
  ['both silent', market(undefined, undefined), [{ kind: 'AVAILABILITY_UNKNOWN' }], 1000, 'UNSPECIFIED'],
] as const)
  test(`a line: ${says}`, () => {
    const now = look(line('a'), given, 'CNY')
    deepEqual([now.problems, now.unitPrice.amount, now.product.availability], [problems, price, availability])
    equal(now.product.name, given.offers?.has('a') ? '衬衫' : 'as it was')
  })

test('the cart counts all pieces but adds up only what is selected and on sale', () => {
  const cart = presentCart(
    { version: 7, lines: [line('a', 2), line('b', 3, { selected: false }), line('c', 4)] },
    market([offer('a', { price: cny(150) }), offer('b'), offer('c', { buyable: false })], { a: 9, b: 9, c: 9 }),
    'CNY',
  )
  deepEqual([cart.version, cart.count, cart.subtotal], [7, 9, cny(300)])
})

test('an empty cart costs nothing', () => {
  const cart = presentCart({ version: 0, lines: [] }, market([], {}), 'CNY')
  deepEqual([cart.lines, cart.count, cart.subtotal], [[], 0, cny(0)])
})

test('a quote says the reason of each part, in the language of the buyer', () => {
  const wanted = [line('a', 2), line('b', 1)]
  const now = market([offer('a'), offer('b', { buyable: false })], { a: 9, b: 9 })
  const en = quote(wanted, now, { currency: 'CNY', locale: 'en' })
  deepEqual(
    en.explanations.map(({ part, text, amount }) => [part, text, amount?.amount]),
    [
      ['subtotal', '2 items, without 1 not on sale', 2000],
      ['discount', 'No promotion applies', 0],
      ['freight', 'Free shipping', 0],
      ['tax', 'No tax is added', 0],
      ['total', 'To pay', 2000],
    ],
  )
  equal(quote(wanted, now, { currency: 'CNY', locale: 'zh-CN' }).explanations[0]?.text, '共 2 件，不含已下架的 1 件')
  equal(quote([line('a', 1)], now, { currency: 'CNY', locale: 'en' }).explanations[0]?.text, '1 item')
})

test('a line out of the blue has no old price to compare', () => {
  deepEqual(
    quote([{ skuId: 'a', quantity: 1 }], market([offer('a', { price: cny(5) })], { a: 1 }), {
      currency: 'CNY',
      locale: 'en',
    }).lines[0]?.problems,
    [],
  )
  const unknown = quote([{ skuId: 'z', quantity: 1 }], market([], {}), { currency: 'CNY', locale: 'en' })
  deepEqual([unknown.lines[0]?.problems, unknown.total], [[{ kind: 'UNPUBLISHED' }], cny(0)])
})

test('property: the parts of a quote add up, whatever is wrong with its lines', () => {
  const anyLine = fc.record({ skuId: fc.constantFrom('a', 'b', 'c', 'd'), quantity: fc.integer({ min: 1, max: 9999 }) })
  const anyOffer = fc.record({
    price: fc.integer({ min: 0, max: 100_000_000 }),
    buyable: fc.boolean(),
    known: fc.boolean(),
    stock: fc.integer({ min: -3, max: 20_000 }),
  })
  fc.assert(
    fc.property(
      fc.array(anyLine, { maxLength: 20 }),
      fc.array(anyOffer, { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      (lines, offers, inventory) => {
        const ids = ['a', 'b', 'c', 'd']
        const given = market(
          offers.flatMap((o, i) => (o.known ? offer(ids[i] ?? '', { price: cny(o.price), buyable: o.buyable }) : [])),
          inventory ? Object.fromEntries(offers.map((o, i) => [ids[i], o.stock])) : undefined,
        )
        const wanted = sumWanted(lines)
        const q = quote(wanted, given, { currency: 'CNY', locale: 'en' })
        const amounts = (list: ({ amount: number } | undefined)[]) =>
          list.reduce((sum, m) => sum + (m?.amount ?? Number.NaN), 0)
        equal(amounts(q.lines.map((l) => l.total)), q.subtotal?.amount)
        equal(
          (q.subtotal?.amount ?? 0) - (q.discount?.amount ?? 0) + (q.freight?.amount ?? 0) + (q.tax?.amount ?? 0),
          q.total?.amount,
        )
        for (const l of q.lines) {
          const off = l.problems.some((p) => p.kind === 'UNPUBLISHED')
          equal(l.total?.amount, off ? 0 : (l.unitPrice?.amount ?? 0) * l.quantity)
        }
        equal(q.lines.length, new Set(lines.map((l) => l.skuId)).size)
        equal(
          wanted.reduce((sum, l) => sum + l.quantity, 0),
          lines.reduce((sum, l) => sum + l.quantity, 0),
        )
      },
    ),
  )
})

for (const [says, own, guest, available, expected] of [
  ['added up', 2, 3, 9, 5],
  ['up to what is available', 2, 3, 4, 4],
  ['never below what the buyer had', 5, 3, 4, 5],
  ['a new line', 0, 3, 9, 3],
  ['a new line, cut', 0, 3, 2, 2],
  ['sold out: still seen', 0, 3, 0, 1],
  ['sold out: the own line stays', 2, 3, 0, 2],
  ['unknown availability limits nothing', 2, 3, undefined, 5],
  ['at most 9,999', 9000, 9000, 50_000, 9999],
  ['at most 9,999 without inventory', 9000, 9000, undefined, 9999],
] as const)
  test(`merging: ${says}`, () => {
    const stock = available === undefined ? undefined : new Map([['a', { available, band: 'IN_STOCK' as const }]])
    const merged = merge(own > 0 ? [line('a', own)] : [], [line('a', guest)], stock)
    deepEqual(
      merged.map((l) => l.quantity),
      [expected],
    )
  })

test('merging keeps the own lines first, and what either had selected', () => {
  const merged = merge([line('a', 1, { selected: false }), line('b')], [line('c'), line('a', 1)], undefined)
  deepEqual(
    merged.map((l) => [l.skuId, l.selected]),
    [
      ['a', true],
      ['b', true],
      ['c', true],
    ],
  )
  ok(merged.every((l) => l.quantity >= 1))
})
