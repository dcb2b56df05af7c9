import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type DemoProduct, parseDemoCatalog } from '../src/demo/parse-catalog.ts'

const demo = parseDemoCatalog(readFileSync(new URL('../demo/catalog.csv', import.meta.url), 'utf8'))
const skus = demo.flatMap((product) => product.skus)

const header = 'slug,category,name_en,name_zh,brand,image,price,list_price,options,stock,grams,tags'
const lamp = {
  slug: 'desk-lamp',
  category: 'living',
  name_en: 'Desk lamp',
  name_zh: '台灯',
  brand: 'Kesten',
  image: '1f4a1.webp',
  price: '9900',
  list_price: '12900',
  options: '',
  stock: '4',
  grams: '700',
  tags: 'new flash=7900',
}
const csvOf = (...rows: Partial<typeof lamp>[]) =>
  [header, ...rows.map((row) => Object.values({ ...lamp, ...row }).join())].join('\n')

const productOf = (slug: string): DemoProduct => {
  const product = demo.find((one) => one.slug === slug)
  assert.ok(product, `${slug} is missing`)
  return product
}

test('the demo catalog has 120 products in 12 categories of 10', () => {
  assert.equal(demo.length, 120)
  const sizes = Object.values(Object.groupBy(demo, (product) => product.category)).map((group) => group?.length)
  assert.deepEqual(sizes, Array(12).fill(10))
})

test('the demo catalog has 575 SKUs with unique codes fit for a URL', () => {
  assert.equal(skus.length, 575)
  assert.equal(new Set(skus.map((sku) => sku.code)).size, 575)
  for (const { code } of skus) assert.match(code, /^[A-Z0-9.]+(-[A-Z0-9.]+)*$/)
})

test('27 products have a list price, above the price on each of their SKUs', () => {
  const reduced = demo.filter((product) => product.listPrice !== undefined)
  assert.equal(reduced.length, 27)
  for (const sku of reduced.flatMap((product) => product.skus)) assert.ok(sku.listPrice! > sku.price, sku.code)
})

test('four products are in a flash sale', () =>
  assert.deepEqual(
    demo.flatMap(({ slug, flashPrice }) => (flashPrice === undefined ? [] : [[slug, flashPrice]])),
    [
      ['field-watch', 59900],
      ['arcade-stick', 32900],
      ['court-sneaker', 39900],
      ['sky-stone-ring', 99000],
    ],
  ))

test('three products are sold out entirely', () =>
  assert.deepEqual(
    demo.filter((product) => product.skus.every((sku) => sku.stock === 0)).map((product) => product.slug),
    ['knit-gloves', 'flower-mirror', 'boxed-strawberries'],
  ))

test('114 option values are coloured, each product having an image of its own', () => {
  const values = demo.flatMap((product) => product.options.flatMap((option) => option.values))
  assert.equal(values.filter((value) => value.colour).length, 114)
  assert.equal(new Set(demo.map((product) => product.image)).size, 120)
})

test('the sneaker shows every state: in stock, low and sold out', () => {
  const sneaker = productOf('court-sneaker')
  assert.equal(sneaker.skus.length, 45)
  const count = (stock: number) => sneaker.skus.filter((sku) => sku.stock === stock).length
  assert.deepEqual([count(12), count(3), count(0)], [31, 8, 6])
  assert.deepEqual(
    sneaker.skus.find((sku) => sku.code === 'COURT-SNEAKER-CLAY-40'),
    { code: 'COURT-SNEAKER-CLAY-40', values: ['Clay', '40'], price: 69900, stock: 12, colour: 'c96f4a' },
  )
})

test('a row is read whole', () =>
  assert.deepEqual(parseDemoCatalog(csvOf({})), [
    {
      slug: 'desk-lamp',
      category: 'living',
      name: { en: 'Desk lamp', zh: '台灯' },
      brand: 'Kesten',
      image: '1f4a1.webp',
      price: 9900,
      listPrice: 12900,
      grams: 700,
      tags: ['new'],
      flashPrice: 7900,
      hero: false,
      isNew: true,
      gift: false,
      options: [],
      skus: [{ code: 'DESK-LAMP', values: [], price: 9900, listPrice: 12900, stock: 4 }],
    },
  ]))

test('quoted cells and a byte order mark are read', () => {
  const [product] = parseDemoCatalog(`\uFEFF${csvOf({ name_en: '"Lamp, small"', tags: 'gift hero' })}`)
  assert.equal(product?.name.en, 'Lamp, small')
  assert.deepEqual([product?.hero, product?.gift, product?.isNew], [true, true, false])
})

for (const [says, row, message] of [
  ['a slug with capitals', { slug: 'Desk' }, /^demo catalog: Desk: slug/],
  ['a name in one language', { name_zh: '' }, /^demo catalog: desk-lamp: name_zh/],
  ['an image outside the package folder', { image: '../1f4a1.webp' }, /: image '\.\.\/1f4a1\.webp'/],
  ['a price with decimals', { price: '99.00' }, /: price '99\.00' is not a whole number/],
  ['a price of zero', { price: '0', tags: '' }, /: price is zero/],
  ['a list price below the price', { list_price: '9900' }, /: list_price is not above/],
  ['a flash price above the price', { tags: 'flash=9900' }, /: flash price is not below/],
  ['a negative stock', { stock: '-1' }, /: stock '-1'/],
  ['a blank weight', { grams: '' }, /: grams ''/],
  ['an unknown tag', { tags: 'newish' }, /: tag 'newish'/],
  ['a tag twice', { tags: 'new new' }, /: tags 'new new' repeat/],
  ['a broken option', { options: 'Size:S' }, /: option 'Size:S' is not/],
] as const) {
  test(`${says} is refused, naming the product`, () => assert.throws(() => parseDemoCatalog(csvOf(row)), { message }))
}

test('a slug twice is refused', () =>
  assert.throws(() => parseDemoCatalog(csvOf({}, {})), { message: "demo catalog: slug 'desk-lamp' appears twice" }))

test('two values that give one SKU code are refused', () =>
  assert.throws(() => parseDemoCatalog(csvOf({ options: 'Size/尺码:S M|S-M' })), {
    message: "demo catalog: SKU code 'DESK-LAMP-S-M' appears twice",
  }))

test('other columns are refused', () =>
  assert.throws(() => parseDemoCatalog(csvOf({}).replace('grams', 'weight')), { message: /columns must be slug,/ }))

test('a short row is refused', () => assert.throws(() => parseDemoCatalog(`${header}\ndesk-lamp,living`)))
