import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { ProductSummary } from '@souk/contract/catalog'
import { chooseGoods, mixed } from '../src/features/home/choose.ts'

const goods = (id: string, category: string, rest: Partial<ProductSummary> = {}): ProductSummary => ({
  id,
  slug: id,
  name: id,
  brand: '',
  image: '',
  media: [],
  price: { currency: 'CNY', amount: 100 },
  availability: 'IN_STOCK',
  categoryIds: [category],
  hue: 0,
  tags: [],
  ...rest,
})

const ids = (list: readonly ProductSummary[]) => list.map(({ id }) => id)

test('categories take turns', () =>
  deepEqual(ids(mixed([goods('a1', 'a'), goods('a2', 'a'), goods('a3', 'a'), goods('b1', 'b')])), [
    'a1',
    'b1',
    'a2',
    'a3',
  ]))

test('nothing is shown twice and nothing sold out', () => {
  const shown = chooseGoods([
    goods('hero', 'a', { tags: ['hero', 'new'] }),
    goods('gone', 'a', { tags: ['hero'], availability: 'OUT_OF_STOCK' }),
    goods('new', 'b', { tags: ['new'], listPrice: { currency: 'CNY', amount: 200 } }),
    goods('less', 'b', { listPrice: { currency: 'CNY', amount: 200 } }),
    goods('rest', 'c'),
  ])
  deepEqual(ids(shown.heroes), ['hero'])
  deepEqual(ids(shown.fresh), ['new'])
  deepEqual(ids(shown.lowered), ['less'])
  deepEqual(ids(shown.more), ['rest'])
})

test('a shop without heroes still has something on its stage', () =>
  equal(chooseGoods([goods('a', 'a'), goods('b', 'b')]).heroes.length, 2))

test('an empty shop shows nothing', () => deepEqual(chooseGoods([]), { heroes: [], fresh: [], lowered: [], more: [] }))
