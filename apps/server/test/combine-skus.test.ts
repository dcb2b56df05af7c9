import assert from 'node:assert/strict'
import { test } from 'node:test'
import { combineSkus, skuCode, stockAt } from '../src/demo/combine-skus.ts'
import { parseOptions } from '../src/demo/parse-options.ts'

const lamp = { slug: 'lamp', price: 1000, stock: 8 }

for (const [slug, values, expected] of [
  ['pocket-camcorder', [], 'POCKET-CAMCORDER'],
  ['court-sneaker', ['Clay', '40'], 'COURT-SNEAKER-CLAY-40'],
  ['meridian-35-camera', ['Ink', 'With 35 mm lens'], 'MERIDIAN-35-CAMERA-INK-WITH-35-MM-LENS'],
  ['framed-landscape', ['30 × 30 cm'], 'FRAMED-LANDSCAPE-30-30-CM'],
  ['power-cell', ['10,000 mAh'], 'POWER-CELL-10000-MAH'],
  ['haven-bed', ['Navy', '1.5 m'], 'HAVEN-BED-NAVY-1.5-M'],
  ['knit-gloves', ['Violet', 'S–M'], 'KNIT-GLOVES-VIOLET-S-M'],
  ['dark-chocolate', ['55 %'], 'DARK-CHOCOLATE-55'],
] as const) {
  test(`the code of ${slug} with [${values}] is ${expected}`, () => assert.equal(skuCode(slug, values), expected))
}

for (const [says, position, count, stock, expected] of [
  ['eight SKUs all keep the stock of the product', 7, 8, 12, 12],
  ['of nine SKUs the first keeps the stock', 1, 9, 12, 12],
  ['of nine SKUs the fifth is low', 5, 9, 12, 3],
  ['of nine SKUs the seventh is sold out', 7, 9, 12, 0],
  ['the tenth is low', 10, 45, 12, 3],
  ['the 14th is sold out', 14, 45, 12, 0],
  ['the 35th, both 5th and 7th, is sold out', 35, 45, 12, 0],
  ['low never raises a smaller stock', 5, 9, 2, 2],
] as const) {
  test(says, () => assert.equal(stockAt(position, count, stock), expected))
}

test('a product without options has one SKU with its own code', () =>
  assert.deepEqual(combineSkus(lamp, []), [{ code: 'LAMP', values: [], price: 1000, stock: 8 }]))

test('every combination is one SKU, the last option changing fastest, surcharges added up', () => {
  const options = parseOptions('Colour/颜色:Red/红|Ink/墨黑@2b2d33+50;Size/尺码:S|L+200')
  assert.deepEqual(combineSkus({ ...lamp, listPrice: 1500 }, options), [
    { code: 'LAMP-RED-S', values: ['Red', 'S'], price: 1000, listPrice: 1500, stock: 8 },
    { code: 'LAMP-RED-L', values: ['Red', 'L'], price: 1200, listPrice: 1700, stock: 8 },
    { code: 'LAMP-INK-S', values: ['Ink', 'S'], price: 1050, listPrice: 1550, stock: 8, colour: '2b2d33' },
    { code: 'LAMP-INK-L', values: ['Ink', 'L'], price: 1250, listPrice: 1750, stock: 8, colour: '2b2d33' },
  ])
})
