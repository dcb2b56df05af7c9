import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { UpdateProductRequest } from '@souk/contract/catalog'
import { Fault } from '@souk/kernel'
import fc from 'fast-check'
import { checkPlace } from '../src/domain/category.ts'
import { draftProduct } from '../src/domain/draft.ts'
import { checkMatrix, completedOptions } from '../src/domain/options.ts'
import { changeBetween, patchProduct } from '../src/domain/patch.ts'
import { hashInUrl, parseMediaName, pictureAt } from '../src/domain/pictures.ts'
import { formatDecimal, highestPrice, minorDigits, parseDecimal } from '../src/domain/price.ts'
import { lowestPrice } from '../src/domain/product.ts'
import { nextState, type PublishEvent, transitions } from '../src/domain/publish.ts'
import { slugCandidates, slugify } from '../src/domain/slug.ts'
import { labelsOf, nameIn, optionsIn, searchPatterns, searchText, withTranslations } from '../src/domain/texts.ts'
import { cny, matrixInput, product, productInput, sku, skuInput, workshop } from './products.ts'

const rulesOf = (work: () => unknown): string[] => {
  try {
    work()
  } catch (error) {
    ok(error instanceof Fault)
    equal(error.code, 'VALIDATION_FAILED')
    return error.violations.map(({ field, rule }) => `${field} ${rule}`)
  }
  return []
}
const draft = (input: ReturnType<typeof productInput>) => draftProduct(input, 'id', 'slug', workshop)

test('publish states: every pair of state and event is in the table or refused', () => {
  const events: PublishEvent[] = ['publish', 'unpublish', 'archive']
  const expected: Record<string, string> = {
    'DRAFT publish': 'PUBLISHED',
    'DRAFT archive': 'ARCHIVED',
    'PUBLISHED unpublish': 'UNPUBLISHED',
    'PUBLISHED archive': 'ARCHIVED',
    'UNPUBLISHED publish': 'PUBLISHED',
    'UNPUBLISHED archive': 'ARCHIVED',
  }
  for (const state of Object.keys(transitions) as (keyof typeof transitions)[])
    for (const event of events) {
      const to = expected[`${state} ${event}`]
      if (to) equal(nextState(state, event), to)
      else throws(() => nextState(state, event), { code: 'ILLEGAL_TRANSITION' })
    }
})

test('options are inferred from the SKUs in order of appearance', () => {
  const made = draft(matrixInput(['Clay', 'Ink'], ['40', '41']))
  deepEqual(made.options, [
    { name: 'Colour', values: ['Clay', 'Ink'], colours: ['', ''] },
    { name: 'Size', values: ['40', '41'], colours: ['', ''] },
  ])
})

for (const [says, input, expected] of [
  ['a whole matrix is sound', matrixInput(['Clay', 'Ink'], ['40']), []],
  [
    'two SKUs without options are the same combination',
    productInput({ skus: [skuInput('A'), skuInput('B')] }),
    ['skus[1].options duplicate_combination'],
  ],
  [
    'a missing value is named',
    productInput({
      skus: [skuInput('A', { options: { Colour: 'Ink', Size: '1' } }), skuInput('B', { options: { Colour: 'Ink' } })],
    }),
    ['skus[1].options option_missing'],
  ],
  [
    'values are compared after trimming',
    productInput({
      skus: [skuInput('A', { options: { Size: '40' } }), skuInput('B', { options: { ' Size': '40 ' } })],
    }),
    ['skus[1].options duplicate_combination'],
  ],
  [
    'a value outside the declared ones is refused',
    productInput({
      options: [{ name: 'Size', values: ['40'], colours: [] }],
      skus: [skuInput('A', { options: { Size: '41' } })],
    }),
    ['skus[0].options value_unknown'],
  ],
  [
    'an option that is not declared is refused',
    productInput({
      options: [{ name: 'Size', values: ['40'], colours: [] }],
      skus: [skuInput('A', { options: { Size: '40', Kit: 'x' } })],
    }),
    ['skus[0].options option_unknown'],
  ],
  [
    'a fourth option is refused',
    productInput({ skus: [skuInput('A', { options: { a: '1', b: '1', c: '1', d: '1' } })] }),
    ['options max_items'],
  ],
  [
    'the same code twice is refused',
    productInput({ skus: [skuInput('A', { options: { S: '1' } }), skuInput('A', { options: { S: '2' } })] }),
    ['skus[1].code unique'],
  ],
  [
    'a foreign currency is refused',
    productInput({ skus: [skuInput('A', { price: { currency: 'USD', amount: 1 } })] }),
    ['skus[0].price currency'],
  ],
  ['a negative price is refused', productInput({ skus: [skuInput('A', { price: cny(-1) })] }), ['skus[0].price range']],
  [
    'a price beyond every sum is refused',
    productInput({ skus: [skuInput('A', { price: cny(highestPrice + 1) })] }),
    ['skus[0].price range'],
  ],
  [
    'a list price below the price is refused',
    productInput({ skus: [skuInput('A', { listPrice: cny(100) })] }),
    ['skus[0].listPrice below_price'],
  ],
  ['a list price equal to the price is fine', productInput({ skus: [skuInput('A', { listPrice: cny(19900) })] }), []],
  ['a blank name is refused', productInput({ name: '  ' }), ['name required']],
  ['a script is no picture', productInput({ images: ['javascript:alert(1)'] }), ['images[0] picture']],
  [
    'an unknown upload is no picture',
    productInput({ images: [`/media/${'0'.repeat(32)}.webp`] }),
    ['images[0] picture'],
  ],
  [
    'another host in disguise is no picture',
    productInput({ images: ['//evil.example/x.png', '/\\evil.example'] }),
    ['images[0] picture', 'images[1] picture'],
  ],
  [
    'a locale nobody speaks is refused',
    productInput({ translations: { fr: { name: 'x', description: '', words: {} } } }),
    ['translations.fr one_of'],
  ],
  [
    'words that make two values look alike are refused',
    matrixInput(['Clay', 'Ink'], ['40'], {
      translations: { 'zh-CN': { name: '', description: '', words: { Clay: '色', Ink: '色' } } },
    }),
    ['translations.zh-CN.words ambiguous'],
  ],
] as const)
  test(says, () =>
    deepEqual(
      rulesOf(() => draft(input)),
      [...expected],
    ),
  )

test('an option called __proto__ is refused, not swallowed', () => {
  const options = JSON.parse('{"__proto__":"x"}') as Record<string, string>
  ok(checkMatrix(completedOptions([], [{ options }]), [{ options, retired: false }]).length > 0)
})

test('property: a full matrix of any words is sound, and any SKU twice is not', () => {
  const word = fc
    .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    .filter((text) => text.trim() === text && text !== '__proto__' && text.length <= 60)
  const words = fc.uniqueArray(word, { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(words, words, fc.nat(), (colours, sizes, pick) => {
      const skus = colours.flatMap((c) => sizes.map((s) => ({ options: { Colour: c, Size: s }, retired: false })))
      deepEqual(checkMatrix(completedOptions([], skus), skus), [])
      const twice = [...skus, skus[pick % skus.length]!]
      equal(checkMatrix(completedOptions([], twice), twice).length, 1)
    }),
  )
})

test('slugs: Latin letters, numbers, hyphens; Chinese names get one by their id', () => {
  equal(slugify('  Café — Crème brûlée! '), 'cafe-creme-brulee')
  equal(slugify('手机 iPhone 17'), 'iphone-17')
  equal(slugify('手表'), '')
  const id = '0199aaaa-bbbb-7ccc-8ddd-1234567890ab'
  deepEqual(slugCandidates('手表', id), ['p-1234567890ab'])
  equal(slugCandidates('Watch', id)[0], 'watch')
  equal(slugCandidates('Watch', id).at(-1), 'watch-1234567890ab')
})

test('property: every slug matches the pattern of the contract', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (name, id) => {
      for (const slug of slugCandidates(name, id)) ok(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && slug.length <= 120, slug)
    }),
  )
})

for (const [text, digits, amount] of [
  ['50', 2, 5000],
  ['50.5', 2, 5050],
  ['50.55', 2, 5055],
  ['1299.00', 2, 129900],
  ['0.07', 2, 7],
  ['1.10', 2, 110],
  ['50.000', 2, 5000],
  ['50.005', 2, undefined],
  ['1,299.00', 2, undefined],
  ['1.299,00', 2, undefined],
  ['¥50', 2, undefined],
  ['-5', 2, undefined],
  ['+5', 2, undefined],
  ['1e3', 2, undefined],
  ['.5', 2, undefined],
  ['5.', 2, undefined],
  ['', 2, undefined],
  ['٥٠', 2, undefined],
  ['5000', 0, 5000],
  ['5000.5', 0, undefined],
  ['1.234', 3, 1234],
  ['999999999999', 2, undefined],
] as const)
  test(`decimal ${JSON.stringify(text)} with ${digits} digits is ${amount}`, () =>
    equal(parseDecimal(text, digits), amount))

test('property: decimals survive writing and reading exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: highestPrice }), fc.constantFrom(0, 2, 3), (amount, digits) =>
      equal(parseDecimal(formatDecimal(amount, digits), digits), amount),
    ),
  )
  deepEqual(['CNY', 'JPY', 'KWD'].map(minorDigits), [2, 0, 3])
})

test('the lowest price comes with its own list price and ignores retired SKUs', () => {
  const skus = [sku({ price: 500, retired: true }), sku({ price: 900, listPrice: 1000 }), sku({ price: 800 })]
  deepEqual(lowestPrice(skus), { price: 800, listPrice: undefined })
})

const edit = (more: Partial<UpdateProductRequest>) => UpdateProductRequest.fromPartial({ id: 'x', version: 1, ...more })

test('a patch without anything changes nothing', () => {
  const before = product()
  equal(changeBetween(before, patchProduct(before, edit({}), workshop)).any, false)
})

test('absent fields stay, cleared ones become empty', () => {
  const before = product({ brand: 'Kesten', description: '<p>x</p>', tags: ['a'], categoryIds: ['c'] })
  const after = patchProduct(before, edit({ clear: ['brand', 'tags'] }), workshop)
  deepEqual([after.brand, after.tags, after.description, after.categoryIds], ['', [], '<p>x</p>', ['c']])
})

test('a new price is a change of price only, with old and new', () => {
  const before = product({ skus: [sku({ code: 'A', price: 1000 })] })
  const after = patchProduct(before, edit({ skus: [{ code: 'A', options: {}, price: cny(900) }] }), workshop)
  const { texts, prices } = changeBetween(before, after)
  deepEqual([texts, prices], [false, [{ skuId: before.skus[0]!.id, oldPrice: 1000, newPrice: 900 }]])
})

test('an unknown code is a new SKU and needs a price', () => {
  const before = product({
    options: [{ name: 'Size', values: ['1'], colours: [''] }],
    skus: [sku({ options: { Size: '1' } })],
  })
  deepEqual(
    rulesOf(() => patchProduct(before, edit({ skus: [{ code: 'B', options: { Size: '2' } }] }), workshop)),
    ['skus[0].price required'],
  )
  const after = patchProduct(before, edit({ skus: [{ code: 'B', options: { Size: '2' }, price: cny(1) }] }), workshop)
  deepEqual(after.options[0]?.values, ['1', '2'])
  deepEqual(
    changeBetween(before, after).skus.map(({ code }) => code),
    ['A', 'B'],
  )
})

test('retiring the last SKU is refused, retiring one gives its combination back', () => {
  const before = product({
    options: [{ name: 'Size', values: ['1', '2'], colours: ['', ''] }],
    skus: [sku({ code: 'A', options: { Size: '1' } }), sku({ code: 'B', options: { Size: '2' } })],
  })
  const retired = patchProduct(
    before,
    edit({
      skus: [
        { code: 'A', options: {}, retired: true },
        { code: 'C', options: { Size: '1' }, price: cny(5) },
      ],
    }),
    workshop,
  )
  deepEqual(
    retired.skus.map(({ code, retired: gone }) => [code, gone]),
    [
      ['A', true],
      ['B', false],
      ['C', false],
    ],
  )
  const both = edit({
    skus: [
      { code: 'A', options: {}, retired: true },
      { code: 'B', options: {}, retired: true },
    ],
  })
  deepEqual(
    rulesOf(() => patchProduct(before, both, workshop)),
    ['skus min_items'],
  )
})

test('a price raised above the list price is refused at its place in the request', () => {
  const before = product({ skus: [sku({ code: 'A', price: 900, listPrice: 1000 })] })
  deepEqual(
    rulesOf(() => patchProduct(before, edit({ skus: [{ code: 'A', options: {}, price: cny(1100) }] }), workshop)),
    ['skus[0].listPrice below_price'],
  )
  equal(
    patchProduct(before, edit({ skus: [{ code: 'A', options: {}, price: cny(1100), noListPrice: true }] }), workshop)
      .skus[0]?.listPrice,
    undefined,
  )
})

test('texts fall back to the base language, words translate options', () => {
  const words = { Colour: '颜色', Clay: '陶土' }
  const translations = { 'zh-CN': { name: '网球鞋', description: '', words } }
  const thing = product({
    name: 'Sneaker',
    translations,
    options: [{ name: 'Colour', values: ['Clay', 'Ink'], colours: ['', ''] }],
  })
  deepEqual([nameIn(thing, 'zh-CN'), nameIn(thing, 'en')], ['网球鞋', 'Sneaker'])
  deepEqual(optionsIn(thing, 'zh-CN'), [{ name: '颜色', values: ['陶土', 'Ink'], colours: ['', ''] }])
  deepEqual(labelsOf(thing, { Colour: 'Clay' }), { 'zh-CN': { 颜色: '陶土' } })
  deepEqual(withTranslations(translations, { 'zh-CN': { name: '', description: '', words: {} } }), {})
})

test('search finds both languages whatever their width or case, and wildcards stand for themselves', () => {
  const text = searchText(
    product({
      name: 'ＦＵＬＬ Width',
      brand: 'Kesten',
      translations: { 'zh-CN': { name: '全角', description: '', words: {} } },
    }),
  )
  ok(text.includes('full width') && text.includes('全角') && text.includes('kesten'))
  deepEqual(searchPatterns(' 100%  a_b c\\d '), ['%100\\%%', '%a\\_b%', '%c\\\\d%'])
  const long = searchText(product({ name: 'x', tags: Array.from({ length: 20_000 }, () => '😀') }))
  ok(long.isWellFormed())
})

test('media names: the original, five widths, two formats, nothing else', () => {
  const hash = 'a'.repeat(32)
  deepEqual(parseMediaName(`${hash}.webp`), { hash, width: undefined, format: 'webp' })
  deepEqual(parseMediaName(`${hash}-320.avif`), { hash, width: 320, format: 'avif' })
  for (const name of [
    `${hash}.avif`,
    `${hash}-321.webp`,
    `${hash}-0320.webp`,
    `${hash}.png`,
    `../${hash}.webp`,
    'a.webp',
    `${hash}-99999.webp`,
  ])
    equal(parseMediaName(name), undefined, name)
  equal(hashInUrl(`https://shop.example/media/${hash}.webp`, 'https://shop.example/'), hash)
  equal(hashInUrl(`https://evil.example/media/${hash}.webp`, 'https://shop.example'), undefined)
  deepEqual(pictureAt('https://cdn.example/x.jpg', new Map()), {
    url: 'https://cdn.example/x.jpg',
    width: 0,
    height: 0,
    cutout: false,
    alt: '',
  })
})

test('the category tree takes no cycle and no sixth level', () => {
  deepEqual(checkPlace('a', [], 0), [])
  deepEqual(
    checkPlace('a', ['b', 'a', 'c'], 0).map(({ rule }) => rule),
    ['cycle'],
  )
  deepEqual(
    checkPlace('a', ['b', 'c', 'd'], 2).map(({ rule }) => rule),
    ['depth'],
  )
})
