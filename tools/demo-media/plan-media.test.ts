import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DemoProduct } from '../../apps/server/src/demo/parse-catalog.ts'
import { parseDemoCatalog } from '../../apps/server/src/demo/parse-catalog.ts'
import type { Department } from './departments.ts'
import { planMedia } from './plan-media.ts'

const header = 'slug,category,name_en,name_zh,brand,image,price,list_price,options,stock,grams,tags'
const row = (slug: string, options: string, image = '1f4a1') =>
  `${slug},living,Lamp,灯,Kesten,${image}.webp,9900,,${options},4,700,`
const catalog = (...rows: string[]): DemoProduct[] => parseDemoCatalog([header, ...rows].join('\n'))

const tree = (cover: string): Department[] => [
  {
    slug: 'home',
    name: { en: 'Home', zh: '家居' },
    categories: [{ slug: 'living', name: { en: 'Living', zh: '起居' }, hue: 240, cover }],
  },
]

test('a product without colours has one picture', () => {
  const plan = planMedia(catalog(row('lamp', 'Size/尺码:S|M')), {}, [])
  assert.deepEqual(plan.pictures, [{ file: 'lamp.webp', source: '1f4a1.webp' }])
  assert.deepEqual(plan.products, { lamp: { image: 'lamp.webp', colours: {} } })
})

test('each colour is one picture more, the value as drawn shows the first', () => {
  const plan = planMedia(catalog(row('lamp', 'Size/尺码:S|M;Shade/色号:Red/红|02 Sea salt/海盐@6a7fb0')), {}, [])
  assert.deepEqual(plan.pictures, [
    { file: 'lamp.webp', source: '1f4a1.webp' },
    { file: 'lamp-02-sea-salt.webp', source: '1f4a1.webp', colour: '6a7fb0' },
  ])
  assert.deepEqual(plan.products.lamp, {
    image: 'lamp.webp',
    colours: { Red: 'lamp.webp', '02 Sea salt': 'lamp-02-sea-salt.webp' },
  })
})

test('illustrations are named by what they say', () => {
  const plan = planMedia([], { 'empty-bag': '1f6d2.webp' }, [])
  assert.deepEqual(plan.pictures, [{ file: 'illustration-empty-bag.webp', source: '1f6d2.webp' }])
  assert.deepEqual(plan.illustrations, { 'empty-bag': 'illustration-empty-bag.webp' })
})

test('a category cover is the picture of its product', () => {
  const plan = planMedia(catalog(row('lamp', '')), {}, tree('1f4a1.webp'))
  assert.equal(plan.departments[0]?.categories[0]?.cover, 'lamp.webp')
})

test('a cover that is no product of the category is refused', () =>
  assert.throws(
    () => planMedia(catalog(row('lamp', '')), {}, tree('1f4a2.webp')),
    /cover 1f4a2\.webp is no product of/,
  ))

test('two pictures of one name are refused', () =>
  assert.throws(
    () =>
      planMedia(catalog(row('lamp', 'Colour/颜色:Red|Ink@2b2d33;Size/尺码:S|M'), row('lamp-ink', '', '1f4a2')), {}, []),
    /two pictures would be called lamp-ink\.webp/,
  ))
