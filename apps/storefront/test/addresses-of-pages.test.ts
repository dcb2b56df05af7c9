import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { pagePatterns } from '../build/pages.ts'
import { parseBrowse } from '../src/data/browse-search.ts'
import { safeNext } from '../src/data/next-path.ts'
import { linesOf, parseWanted } from '../src/features/checkout/wanted.ts'
import { parseTab } from '../src/features/orders/tabs.ts'

test('route files are the pages the host serves', () =>
  deepEqual(
    pagePatterns([
      '__root.tsx',
      'index.tsx',
      'p.$slug.tsx',
      'orders.index.tsx',
      'pay.$orderId.return.tsx',
      'x.test.ts',
    ]),
    ['/', '/orders', '/p/$slug', '/pay/$orderId/return'],
  ))

for (const [next, path] of [
  ['/checkout', '/checkout'],
  ['/p/court-sneaker?sku=A#b', '/p/court-sneaker?sku=A#b'],
  [undefined, '/'],
  ['', '/'],
  ['https://elsewhere.example/', '/'],
  ['//elsewhere.example', '/'],
  ['/\\elsewhere.example', '/'],
  ['/a\\b', '/'],
  ['javascript:alert(1)', '/'],
] as const)
  test(`after signing in, '${next}' leads to ${path}`, () => equal(safeNext(next), path))

for (const [says, search, read] of [
  [
    'what makes sense is kept',
    { q: 'lamp', sort: '-price', min: 100, max: '5000' },
    { q: 'lamp', sort: '-price', min: 100, max: 5000 },
  ],
  ['the usual order needs no words', { sort: 'newest' }, {}],
  ['nonsense is left out', { sort: 'magic', min: -1, max: 'much', q: '' }, {}],
  ['a number searched for is a text', { q: 501 }, { q: '501' }],
  ['a fraction of a minor unit is no price', { min: 1.5 }, {}],
] as const)
  test(`a list’s address: ${says}`, () => deepEqual(parseBrowse(search), read))

for (const [says, search, lines] of [
  ['the bag', {}, { fromCart: true }],
  ['one thing at once', { sku: 'x', quantity: 3 }, { lines: [{ skuId: 'x', quantity: 3 }] }],
  ['one when the number is nonsense', { sku: 'x', quantity: 'lots' }, { lines: [{ skuId: 'x', quantity: 1 }] }],
] as const)
  test(`checkout orders ${says}`, () => deepEqual(linesOf(parseWanted(search)), lines))

test('an unknown tab is all orders', () => {
  deepEqual(parseTab({ tab: 'toString' }), {})
  deepEqual(parseTab({ tab: 'pay' }), { tab: 'pay' })
})
