import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { CreateCategoryRequest, ListAllProductsRequest, type Product } from '@souk/contract/catalog'
import { file, head, simple } from './csv-lines.ts'
import { codeOf, openShop } from './shop.ts'

describe('import', () => {
  let it: Awaited<ReturnType<typeof openShop>>
  before(async () => {
    it = await openShop()
  })
  after(() => it.close())

  const staffView = (idOrSlug: string): Promise<Product> => it.admin.getProductForStaff({ idOrSlug }, it.staff())
  const notes = (list: readonly { row: number; field: string; message: string }[]) =>
    list.map(({ row, field, message }) => `${row} ${field}: ${message}`)

  test('a file becomes products that can be bought, and its upload is gone', async () => {
    const job = await it.importCsv(
      file(
        {
          Handle: 'tee',
          Title: 'Tee "classic"',
          'Body (HTML)': '<p>Soft,\r\nwarm</p><script>x</script>',
          Vendor: 'Loom',
          Type: 'Shirts',
          Tags: 'a, b',
          Published: 'true',
          'Option1 Name': 'Size',
          'Option1 Value': 'S',
          'Option2 Name': 'Colour',
          'Option2 Value': '红',
          'Variant Grams': '200',
          'Variant Inventory Qty': '4',
          'Variant Price': '19.90',
          'Variant Compare At Price': '29.9',
          'Variant Barcode': "'0123",
        },
        { Handle: 'tee', 'Option1 Value': 'M', 'Option2 Value': '红', 'Variant Price': '20' },
        simple('丝巾', { Title: '真丝围巾', Published: 'false' }),
      ),
    )
    deepEqual([job.state, job.rows, job.done, job.failed, job.errors], ['DONE', 3, 2, 0, []])
    ok(job.finishedAt)
    const tee = await it.shop.getProduct({ idOrSlug: 'tee' }, it.app.as({}))
    deepEqual(
      [tee.name, tee.description, tee.brand, tee.tags, tee.price, tee.listPrice],
      [
        'Tee "classic"',
        '<p>Soft,\r\nwarm</p>',
        'Loom',
        ['a', 'b'],
        { currency: 'CNY', amount: 1990 },
        { currency: 'CNY', amount: 2990 },
      ],
    )
    deepEqual(
      tee.skus.map(({ code, options, weight, barcode, availability }) => [
        code,
        options,
        weight,
        barcode,
        availability,
      ]),
      [
        ['TEE-S-红', { Size: 'S', Colour: '红' }, 200, '0123', 'LOW'],
        ['TEE-M-红', { Size: 'M', Colour: '红' }, 0, '', 'OUT_OF_STOCK'],
      ],
    )
    const { categories } = await it.shop.listCategories({}, it.app.as({}))
    deepEqual(
      categories.map(({ id, slug, name, parentId }) => [id, slug, name, parentId]),
      [[tee.categoryIds[0], 'shirts', 'Shirts', '']],
    )
    const scarf = (await it.admin.listAllProducts(ListAllProductsRequest.fromPartial({ q: '真丝' }), it.staff()))
      .products[0]
    deepEqual([scarf?.state, it.inventory.stock.get(scarf!.skus[0]!.id)], ['DRAFT', 7])
    deepEqual(notes(job.warnings), [`4 Handle: written as ${scarf?.slug}`])
    deepEqual(await readdir(join(it.dataDir, 'imports')), [])
    ok(!(await readdir(it.dataDir)).some((name) => name.startsWith('upload-')))
  })

  test('the same file again changes nothing and says nothing', async () => {
    const text = file(
      simple('again', { Type: '茶', 'Image Src': 'https://no-such-host.invalid/a.jpg' }),
      simple('again-2'),
    )
    await it.importCsv(text)
    const first = await staffView('again')
    const said = (await it.app.said()).length
    const job = await it.importCsv(text)
    deepEqual([job.state, job.done, job.failed], ['DONE', 2, 0])
    deepEqual(await staffView('again'), first)
    equal((await it.app.said()).length, said)
    equal(it.inventory.stock.get(first.skus[0]!.id), 7)
  })

  test('what categories ask of a product, a file cannot say: it is taken, and somebody told once', async () => {
    const category = (name: string, attribute: string, parentId?: string) =>
      it.admin.createCategory(
        CreateCategoryRequest.fromPartial({
          name,
          parentId,
          attributes: [{ name: attribute, required: true, values: ['A'] }],
        }),
        it.staff(),
      )
    const clothes = await category('Clothes', 'Origin')
    await category('Coats', 'Material', clothes.id)
    const rows = (price: string) =>
      file(simple('coat', { Type: 'Coats', 'Variant Price': price }), simple('mug', { 'Variant Price': price }))
    const job = await it.importCsv(rows('9'))
    deepEqual(
      [job.done, job.failed, notes(job.warnings)],
      [
        2,
        0,
        ['2 Type: products of this category say their Origin', '2 Type: products of this category say their Material'],
      ],
    )
    const again = await it.importCsv(rows('10'))
    deepEqual([again.done, again.failed, again.warnings], [2, 0, []])
  })

  test('an upsert changes what the file says: price, title, publication; new variants get stock, old ones do not', async () => {
    await it.importCsv(file(simple('upsert', { 'Option1 Name': 'Size', 'Option1 Value': 'S' })))
    const before = await staffView('upsert')
    const job = await it.importCsv(
      file(
        simple('upsert', {
          Title: 'New',
          'Option1 Name': 'Size',
          'Option1 Value': 'S',
          'Variant Price': '60',
          'Variant Inventory Qty': '99',
        }),
        { Handle: 'upsert', 'Option1 Value': 'L', 'Variant Price': '70', 'Variant Inventory Qty': '3' },
      ),
    )
    deepEqual([job.done, job.failed], [1, 0])
    const now = await staffView('upsert')
    deepEqual(
      now.skus.map(({ code, price }) => [code, price?.amount]),
      [
        ['UPSERT-S', 6000],
        ['UPSERT-L', 7000],
      ],
    )
    deepEqual(
      now.skus.map(({ id }) => it.inventory.stock.get(id)),
      [7, 3],
    )
    deepEqual([now.name, now.version], ['New', before.version + 1])
    deepEqual(await it.factsOf(now), ['ProductPublished', 'ProductChanged', 'PriceChanged', 'ShownAvailabilityChanged'])
    await it.importCsv(file(simple('upsert', { 'Option1 Name': 'Size', 'Option1 Value': 'S', Published: 'false' })))
    equal((await staffView('upsert')).state, 'UNPUBLISHED')
    await it.importCsv(file(simple('upsert', { 'Option1 Name': 'Size', 'Option1 Value': 'S', Published: 'true' })))
    equal((await staffView('upsert')).state, 'PUBLISHED')
  })

  test('wrong rows are named and all others are imported', async () => {
    const job = await it.importCsv(
      file(
        simple('good-1'),
        simple('bad-price', { 'Variant Price': '1,299.00' }),
        simple('', { Title: 'No handle' }),
        simple('good-2'),
        simple('no-title', { Title: '' }),
        simple('code-1', { 'Variant SKU': 'SAME' }),
        simple('code-2', { 'Variant SKU': 'SAME' }),
        simple('good-3', { 'Variant Compare At Price': '1' }),
      ),
    )
    deepEqual([job.state, job.rows, job.done, job.failed], ['DONE', 8, 4, 4])
    deepEqual(notes(job.errors), [
      '3 Variant Price: must be a plain amount such as 1299.00',
      '4 Handle: is missing',
      '6 Handle: a new product needs a title',
      '8 Variant SKU: another product has this code',
    ])
    deepEqual(notes(job.warnings), ['9 Variant Compare At Price: lower than the price; left out'])
  })

  test('a handle that comes back later is a later change, with a word', async () => {
    const size = (Handle: string, value: string, price: string, Title = '') => ({
      Handle,
      Title,
      'Option1 Name': Title && 'Size',
      'Option1 Value': value,
      'Variant Price': price,
    })
    const job = await it.importCsv(
      file(size('split', 'S', '1', 'Split'), simple('between'), size('split', 'M', '2'), size('split', 'S', '3')),
    )
    deepEqual([job.done, job.failed], [3, 0])
    deepEqual(notes(job.warnings), [
      '4 Handle: duplicate handle: already in row 2; taken as a later change of the same product',
    ])
    deepEqual(
      (await staffView('split')).skus.map(({ options, price }) => [options.Size, price?.amount]),
      [
        ['S', 300],
        ['M', 200],
      ],
    )
  })

  test('files that are no product files are refused at once', async () => {
    const refused = async (text: string | Uint8Array) =>
      codeOf(it.admin.importProducts(await it.upload(text), it.staff()))
    for (const text of [
      '',
      'Handle,Title\na,b',
      'PK\u0003\u0004zip',
      '{"a":1}',
      'Handle,Title,Variant Price,Title\n',
      '"Handle,Title',
      Buffer.from('\ufeffHandle,Title,Variant Price\n', 'utf16le'),
    ])
      equal(await refused(text), 'IMPORT_UNREADABLE', String(text).slice(0, 20))
    ok(!(await readdir(it.dataDir)).some((name) => name.startsWith('upload-')))
    equal((await it.importCsv(`\ufeff${head}\r\n`)).state, 'DONE')
  })

  test('a quote that never closes ends the job as failed, with what stood before it imported', async () => {
    const job = await it.importCsv(`${file(simple('before-quote'))}"open,1\r\nx,2\r\n`)
    deepEqual([job.state, job.done, job.failed], ['FAILED', 1, 1])
    match(notes(job.errors)[0]!, /^3 : cannot be read from here on: a quote is not closed/)
    equal((await staffView('before-quote')).state, 'PUBLISHED')
  })

  test('of many wrong rows the first thousand are told, all are counted', async () => {
    const job = await it.importCsv(
      file(...Array.from({ length: 1200 }, (_, n) => simple(`wrong-${n}`, { 'Variant Price': 'x' }))),
    )
    deepEqual([job.failed, job.errors.length, job.errors[0]?.row, job.errors.at(-1)?.row], [1200, 1000, 2, 1001])
  })

  test('unknown jobs are not found', async () => {
    equal(await codeOf(it.job('00000000-0000-7000-8000-000000000000')), 'NOT_FOUND')
    equal(await codeOf(it.job('x')), 'NOT_FOUND')
  })

  test('inventory down: the job waits, then goes on where it was', async () => {
    it.inventory.state.down = true
    const { jobId } = await it.admin.importProducts(await it.upload(file(simple('waits'))), it.staff())
    await it.app.runTimers({ all: true })
    equal((await it.job(jobId)).state, 'QUEUED')
    equal((await staffView('waits')).state, 'DRAFT')
    it.inventory.state.down = false
    const job = await it.finishImport(jobId)
    deepEqual([job.state, job.done, job.rows], ['DONE', 1, 1])
    equal((await staffView('waits')).state, 'PUBLISHED')
  })

  test('the apparel file of Shopify, where it lies', async (t) => {
    const path = new URL('../../../../shared/data/shopify-apparel.csv', import.meta.url)
    const there = await access(path).then(
      () => true,
      () => false,
    )
    if (!there) return t.skip('the file is not on this machine')
    const job = await it.importCsv(await readFile(path))
    deepEqual([job.state, job.rows, job.done, job.failed, job.errors], ['DONE', 22, 20, 0, []])
    const top = await it.shop.getProduct({ idOrSlug: 'classic-varsity-top' }, it.app.as({}))
    deepEqual(
      top.skus.map(({ code, price, availability }) => [code, price?.amount, availability]),
      [
        ['CLASSIC-VARSITY-TOP-SMALL', 6000, 'LOW'],
        ['CLASSIC-VARSITY-TOP-MEDIUM', 6000, 'LOW'],
        ['CLASSIC-VARSITY-TOP-LARGE', 6000, 'LOW'],
      ],
    )
  })
})
