import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { newId } from '@souk/kernel'
import fc from 'fast-check'
import { type CsvRecord, readCsv } from '../src/adapters/read-csv.ts'
import { withFetched } from '../src/domain/csv/attach.ts'
import { type Row, readHeader } from '../src/domain/csv/columns.ts'
import { createGrouper, type Group } from '../src/domain/csv/groups.ts'
import { type MergeContext, mergeProduct } from '../src/domain/csv/merge.ts'
import { parseGroup, slugOfHandle } from '../src/domain/csv/parse.ts'
import { csvCell, csvLine } from '../src/domain/csv/write.ts'
import { product, sku, workshop } from './products.ts'

const header = [
  'Handle',
  'Title',
  'Body (HTML)',
  'Vendor',
  'Type',
  'Tags',
  'Published',
  'Option1 Name',
  'Option1 Value',
  'Option2 Name',
  'Option2 Value',
  'Variant SKU',
  'Variant Grams',
  'Variant Inventory Qty',
  'Variant Price',
  'Variant Compare At Price',
  'Variant Barcode',
  'Image Src',
  'Image Alt Text',
  'Status',
]
const columns = readHeader(header)
if (typeof columns === 'string') throw new Error(columns)

const row = (number: number, cells: Record<string, string>): Row => ({
  number,
  cells: header.map((title) => cells[title] ?? ''),
})
const groupsOf = (rows: Row[]): Group[] => {
  const grouper = createGrouper(columns)
  const groups = rows.flatMap((one) => grouper.add(one, one.number) ?? [])
  return [...groups, ...[grouper.finish()].flatMap((group) => group ?? [])]
}
const parse = (...rows: Record<string, string>[]) =>
  parseGroup(columns, groupsOf(rows.map((cells, place) => row(place + 2, { Handle: 'thing', ...cells })))[0]!, 'CNY')
const context: MergeContext = { ...workshop, publicUrl: '', categoryId: undefined, codeOwners: new Map() }
const merge = (existing: Parameters<typeof mergeProduct>[0], ...rows: Record<string, string>[]) => {
  const parsed = parse(...rows)
  return { parsed, merged: mergeProduct(existing, parsed, newId(), context) }
}

const inFile = async <T>(text: string | Buffer, work: (path: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-csv-'))
  try {
    await writeFile(join(folder, 'a.csv'), text)
    return await work(join(folder, 'a.csv'))
  } finally {
    await rm(folder, { recursive: true })
  }
}
const readAll = (text: string | Buffer, from = 0): Promise<CsvRecord[]> =>
  inFile(text, async (path) => Array.fromAsync(readCsv(path, from)))

test('a header needs handle, title and price, in the words of either template, and none twice', () => {
  equal(readHeader(['Handle', 'Body (HTML)']), 'missing columns: Title, Variant Price')
  deepEqual(readHeader(['Title', 'URL handle', 'Price']), { title: 0, handle: 1, price: 2 })
  equal(readHeader(['Handle', 'Title', 'Variant Price', 'handle']), 'the column Handle is there twice')
})

test('rows of one handle stay together, a row without handle stays with them', () => {
  const rows = ['a', 'a', 'b', '', 'a'].map((Handle, place) => row(place + 2, { Handle }))
  deepEqual(
    groupsOf(rows).map(({ handle, rows: list, nextRow }) => [handle, list.map(({ number }) => number), nextRow]),
    [
      ['a', [2, 3], 4],
      ['b', [4, 5], 6],
      ['a', [6], 7],
    ],
  )
})

test('a product of a million rows keeps a thousand in memory', () => {
  const grouper = createGrouper(columns)
  for (let number = 2; number < 5002; number++) grouper.add(row(number, { Handle: 'a' }), number)
  const group = grouper.finish()
  deepEqual([group?.rows.length, group?.surplus.length, group?.nextRow], [1000, 4000, 5002])
})

test('multi-variant rows, an image-only row and inherited option names', () => {
  const { merged, parsed } = merge(
    undefined,
    {
      Title: 'Shirt',
      'Option1 Name': 'Size',
      'Option1 Value': 'Small',
      'Variant Price': '50',
      'Image Src': 'https://x.example/1.jpg',
      Tags: 'a, b,, a',
      Vendor: 'V',
      Published: 'true',
    },
    { 'Option1 Value': 'Extra Large', 'Variant Price': '50.5', 'Variant Compare At Price': '60' },
    { 'Image Src': 'https://x.example/2.jpg' },
  )
  deepEqual(parsed.errors, [])
  deepEqual(
    merged?.product.skus.map(({ code, options, price, listPrice }) => [code, options, price, listPrice]),
    [
      ['THING-SMALL', { Size: 'Small' }, 5000, undefined],
      ['THING-EXTRA-LARGE', { Size: 'Extra Large' }, 5050, 6000],
    ],
  )
  deepEqual([merged?.product.tags, merged?.product.brand, merged?.published], [['a', 'b'], 'V', true])
  deepEqual(
    parsed.pictures.map(({ url }) => url),
    ['https://x.example/1.jpg', 'https://x.example/2.jpg'],
  )
})

test('Default Title means no options', () => {
  const { merged } = merge(undefined, {
    Title: 'Bag',
    'Option1 Name': 'Title',
    'Option1 Value': 'Default Title',
    'Variant Price': '30',
  })
  deepEqual([merged?.product.options, merged?.product.skus[0]?.code], [[], 'THING'])
})

for (const [says, rows, expected] of [
  ['a missing price', [{ Title: 'A' }], ['2 Variant Price is missing']],
  [
    'an ambiguous price',
    [{ Title: 'A', 'Variant Price': '1,299.00' }],
    ['2 Variant Price must be a plain amount such as 1299.00'],
  ],
  ['a new product without title', [{ 'Variant Price': '1' }], ['2 Handle a new product needs a title']],
  ['a blank handle', [{ Handle: '', Title: 'A', 'Variant Price': '1' }], ['2 Handle is missing']],
  [
    'one bad variant among good ones',
    [
      { Title: 'A', 'Option1 Name': 'S', 'Option1 Value': '1', 'Variant Price': '1' },
      { 'Option1 Value': '2', 'Variant Price': 'x' },
      { 'Option1 Value': '3', 'Variant Price': '3' },
    ],
    ['3 Variant Price must be a plain amount such as 1299.00'],
  ],
  [
    'the same variant twice',
    [
      { Title: 'A', 'Option1 Name': 'S', 'Option1 Value': '1', 'Variant Price': '1' },
      { 'Option1 Value': '1', 'Variant Price': '2' },
    ],
    ['3 Variant SKU the same variant as in row 2'],
  ],
  [
    'a variant that misses a value',
    [
      {
        Title: 'A',
        'Option1 Name': 'S',
        'Option1 Value': '1',
        'Option2 Name': 'C',
        'Option2 Value': 'x',
        'Variant Price': '1',
      },
      { 'Option1 Value': '2', 'Variant Price': '2' },
    ],
    ['3 Option1 Value needs a value for each of S, C'],
  ],
  ['bytes that are no UTF-8', [{ Title: 'A\uFFFD', 'Variant Price': '1' }], ['2 Handle the row is not UTF-8 text']],
  ['a NUL', [{ Title: 'A\0', 'Variant Price': '1' }], ['2 Handle the row is not UTF-8 text']],
  [
    'a title that is too long',
    [
      { Title: '长'.repeat(201), 'Variant Price': '1' },
      { 'Option1 Value': 'x', 'Variant Price': '1' },
    ],
    ['2 Title must have at most 200 characters', '3 Handle the first row of its product cannot be read'],
  ],
] as [string, Record<string, string>[], string[]][])
  test(`import error: ${says}`, () => {
    const { parsed } = merge(undefined, ...rows)
    deepEqual(
      [...new Set(parsed.errors.map(({ row: at, field, message }) => `${at} ${field} ${message}`))].filter(
        (text) => !text.startsWith('2 Handle a product needs'),
      ),
      expected,
    )
  })

test('a good row beside a bad one is imported', () => {
  const { merged } = merge(
    undefined,
    { Title: 'A', 'Option1 Name': 'S', 'Option1 Value': '1', 'Variant Price': 'free' },
    { 'Option1 Value': '2', 'Variant Price': '2' },
  )
  deepEqual(
    merged?.product.skus.map(({ options }) => options),
    [{ S: '2' }],
  )
})

test('blank cells leave what is there, SKUs the file does not name stay', () => {
  const existing = product({
    slug: 'thing',
    name: 'Old',
    brand: 'Brand',
    description: '<p>old</p>',
    tags: ['t'],
    state: 'PUBLISHED',
    options: [{ name: 'Size', values: ['S', 'M'], colours: ['', ''] }],
    skus: [
      sku({ code: 'X-S', options: { Size: 'S' }, price: 100, listPrice: 300, weight: 5, barcode: '1' }),
      sku({ code: 'X-M', options: { Size: 'M' } }),
    ],
  })
  const { merged } = merge(existing, { 'Option1 Value': 'S', 'Variant Price': '2' })
  deepEqual(
    [merged?.product.name, merged?.product.brand, merged?.product.description, merged?.product.tags],
    ['Old', 'Brand', '<p>old</p>', ['t']],
  )
  deepEqual(
    merged?.product.skus.map(({ code, price, listPrice, weight, barcode }) => [
      code,
      price,
      listPrice,
      weight,
      barcode,
    ]),
    [
      ['X-S', 200, 300, 5, '1'],
      ['X-M', 1000, undefined, 0, ''],
    ],
  )
  equal(merged?.published, undefined)
})

test('a code of another product is refused, an archived product too', () => {
  const parsed = parse({ Title: 'A', 'Variant SKU': 'TAKEN', 'Variant Price': '1' })
  mergeProduct(undefined, parsed, newId(), { ...context, codeOwners: new Map([['TAKEN', 'other']]) })
  equal(parsed.errors[0]?.message, 'another product has this code')
  equal(
    merge(product({ state: 'ARCHIVED' }), { 'Variant Price': '1' }).parsed.errors[0]?.message,
    'the product with this handle is archived',
  )
})

test('compare-at prices that say nothing are left out, with a word when odd', () => {
  const listPriceOf = (text: string) => {
    const { merged, parsed } = merge(undefined, { Title: 'A', 'Variant Price': '50', 'Variant Compare At Price': text })
    return [merged?.product.skus[0]?.listPrice, parsed.warnings.length]
  }
  deepEqual(['', '0', '50', '40', '60', 'x'].map(listPriceOf), [
    [undefined, 0],
    [undefined, 0],
    [undefined, 0],
    [undefined, 1],
    [6000, 0],
    [undefined, 1],
  ])
})

test('published: blank means yes for a new product; draft wins', () => {
  const publishedOf = (cells: Record<string, string>) =>
    merge(undefined, { Title: 'A', 'Variant Price': '1', ...cells }).merged?.published
  deepEqual(
    [
      {},
      { Published: 'TRUE' },
      { Published: 'false' },
      { Published: 'true', Status: 'draft' },
      { Status: 'active' },
      { Published: 'maybe' },
    ].map((cells) => publishedOf(cells as Record<string, string>)),
    [true, true, false, false, true, true],
  )
})

test('stock: blank is none, negative is none with a word', () => {
  const stockOf = (text: string) =>
    merge(undefined, { Title: 'A', 'Variant Price': '1', 'Variant Inventory Qty': text }).merged?.product.skus[0]
      ?.initialStock
  deepEqual(['', '7', '-3', '1.5'].map(stockOf), [0, 7, 0, 0])
})

test('handles become slugs that never meet by accident', () => {
  equal(slugOfHandle('ocean-blue-shirt'), 'ocean-blue-shirt')
  equal(slugOfHandle('Ocean_Blue'), 'ocean-blue')
  ok(slugOfHandle('丝绸上衣') !== slugOfHandle('丝绸下衣') && /^p-[a-z0-9]+$/.test(slugOfHandle('丝绸上衣')))
  ok(slugOfHandle(`${'a'.repeat(150)}x`) !== slugOfHandle(`${'a'.repeat(150)}y`))
})

test('formulas are made harmless and come back as they were', () => {
  deepEqual(['=1+1', '+1', '-1', '@x', 'plain', "it's", 'a"b', 'a,b', 'a\r\nb', ' x'].map(csvCell), [
    "'=1+1",
    "'+1",
    "'-1",
    "'@x",
    'plain',
    "it's",
    '"a""b"',
    '"a,b"',
    '"a\r\nb"',
    '" x"',
  ])
  equal(parse({ Title: "'=1+1", 'Variant Price': '1' }).title, '=1+1')
})

test('files: BOM, CRLF, line breaks in quotes, blank lines, short rows', async () => {
  const records = await readAll('\ufeffHandle,Title\r\na,"x\r\ny"\r\n\r\nb\n"c","d ""e"""')
  deepEqual(
    records.map((record) => 'cells' in record && record.cells),
    [['Handle', 'Title'], ['a', 'x\r\ny'], ['b'], ['c', 'd "e"']],
  )
})

test('files: a quote that is never closed is told, what stands before it is read', async () => {
  const records = await readAll('a,b\n1,2\n"open,3\n4,5\n')
  deepEqual(
    records.map((record) => ('cells' in record ? record.cells.join() : record.unreadable)),
    ['a,b', '1,2', 'a quote is not closed'],
  )
  const long = await readAll(`a,b\n1,2\n"${'x'.repeat(3_000_000)}`)
  deepEqual(
    long.map((record) => ('cells' in record ? record.cells.join() : record.unreadable.slice(0, 20))),
    ['a,b', '1,2', 'a record is longer t'],
  )
})

test('property: what is written is read back, whole or from any record on', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\r\n', '\n', ' ', '中', '😀', "'", '='),
    maxLength: 12,
  })
  const lines = fc.array(fc.tuple(fc.constant('k'), text, text), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(lines, fc.nat(), async (cells, pick) => {
      const bytes = Buffer.from(
        cells.map((line) => line.map((word) => `"${word.replaceAll('"', '""')}"`).join(',')).join('\r\n'),
      )
      const records = await readAll(bytes)
      deepEqual(
        records.map((record) => 'cells' in record && record.cells),
        cells,
      )
      const place = pick % records.length
      const rest = await readAll(bytes, records[place]!.end)
      deepEqual(
        rest.map((record) => 'cells' in record && record.cells),
        cells.slice(place + 1),
      )
    }),
    { numRuns: 60 },
  )
})

test('property: lines of an export are records with the same cells, but for the guard', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '中', '=', '-', '@'), maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 2, maxLength: 5 }).filter((cells) => cells.some((cell) => cell !== '')),
      async (cells) => {
        const [record] = await readAll(csvLine(cells))
        deepEqual(record && 'cells' in record && record.cells.map((cell) => cell.replace(/^'(?=[=+\-@])/, '')), cells)
      },
    ),
    { numRuns: 60 },
  )
})

test('pictures that arrive stand in the order of the file, and stay where staff has moved them', () => {
  const media = (name: string) => ({ url: `/media/${name}.webp`, width: 1, height: 1, cutout: false, alt: '' })
  const fetched = (name: string, place: number) => ({ media: media(name), place, alt: '', gallery: true, skuIds: [] })
  const urls = (one: { pictures: { url: string }[] }) => one.pictures.map(({ url }) => url.slice(7, 8))
  const first = withFetched(product({ pictures: [media('x')] }), [fetched('b', 2)])
  deepEqual(urls(first), ['b', 'x'])
  const second = withFetched(first, [fetched('b', 2), fetched('a', 1)])
  deepEqual(urls(second), ['a', 'b', 'x'])
  const moved = { ...second, pictures: second.pictures.toReversed() }
  deepEqual(urls(withFetched(moved, [fetched('b', 2), fetched('a', 1)])), ['x', 'b', 'a'])
})
