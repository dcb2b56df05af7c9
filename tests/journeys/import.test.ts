import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Answer, type Api, address, cny, createApi, must, registerBuyer, signIn, until } from '../api.ts'
import { parseCsv, writeCsv } from '../csv.ts'
import { refusedWith } from '../problem.ts'
import { type System, shapes, startSystem } from '../system.ts'

const sample = fileURLToPath(new URL('../../../shared/data/shopify-apparel.csv', import.meta.url))

const columns = [
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
  'Variant Inventory Qty',
  'Variant Price',
  'Variant Compare At Price',
  'Image Src',
]

type Note = { row: number; field: string; message: string }
type Sku = { id: string; code: string; options: Record<string, string>; price: object; listPrice?: object }

for (const shape of shapes)
  describe(`product files, ${shape}`, () => {
    let system: System
    let admin: Api
    let shop: Api

    before(async () => {
      system = await startSystem(shape)
      admin = await signIn(system.base, system.admin.email, system.admin.password)
      shop = createApi(system.base)
    })
    after(() => system?.remove())

    const send = (file: string | Buffer, type = 'text/csv'): Promise<Answer> =>
      admin.send('POST', '/v1/admin/products/import', file, { 'content-type': type })
    const imported = async (file: string | Buffer) => {
      const { jobId } = must(await send(file), 202)
      return until(
        async () => must(await admin.get(`/v1/admin/jobs/${jobId}`), 200),
        ({ state }) => state !== 'QUEUED' && state !== 'RUNNING',
        60_000,
      )
    }
    const product = async (slug: string) => must(await admin.get(`/v1/admin/products/${encodeURIComponent(slug)}`), 200)
    const rows = (list: Note[]) => list.map(({ row, field }) => [row, field])
    /** A handle of this test alone. */
    const unique = (word: string) => `${word}-${randomUUID().slice(0, 8)}`
    const buy = async (skuId: string, quantity: number): Promise<Answer> =>
      (await registerBuyer(system.base)).post('/v1/orders', { lines: [{ skuId, quantity }], address })

    const absent = existsSync(sample) ? false : 'shopify-apparel.csv is not beside the repository'
    test("Shopify's own apparel file: every product, variant, price and stock of it", { skip: absent }, async () => {
      const text = await readFile(sample, 'utf8')
      const [header, ...records] = parseCsv(text)
      const cell = (record: string[], title: string) => record[header!.indexOf(title)]!
      const job = await imported(text)
      assert.deepEqual([job.state, job.rows, job.failed, job.errors], ['DONE', records.length, 0, []])
      const groups = Map.groupBy(records, (record) => cell(record, 'Handle'))
      assert.equal(job.done, groups.size)
      for (const [handle, group] of groups) {
        const made = must(await shop.get(`/v1/products/${handle}`), 200)
        assert.equal(made.name, cell(group[0]!, 'Title'))
        const variants = group.filter((record) => cell(record, 'Variant Price') !== '')
        assert.equal(made.skus.length, variants.length, handle)
        for (const [place, variant] of variants.entries()) {
          const sku = made.skus[place]
          assert.deepEqual(sku.price, cny(Math.round(Number(cell(variant, 'Variant Price')) * 100)), handle)
          const code = cell(variant, 'Variant SKU')
          assert.ok(code ? sku.code === code : sku.code.toLowerCase().includes(handle), `${handle}: ${sku.code}`)
          const { warehouses } = must(await admin.get(`/v1/admin/inventory/${sku.id}`), 200)
          assert.equal(warehouses[0].onHand, Number(cell(variant, 'Variant Inventory Qty')), handle)
        }
      }
      const first = must(await shop.get('/v1/products?pageSize=100'), 200).products
      assert.equal(first.filter(({ slug }: { slug: string }) => groups.has(slug)).length, groups.size)
      const jacket = must(await shop.get(`/v1/products/${[...groups.keys()][0]}`), 200)
      must(await buy(jacket.skus[0].id, 1), 201)
      refusedWith(await buy(jacket.skus[0].id, 1), 'OUT_OF_STOCK', 'the file says one')
      const again = await imported(text)
      assert.deepEqual([again.state, again.done, again.failed], ['DONE', groups.size, 0])
      const same = must(await shop.get(`/v1/products/${jacket.slug}`), 200)
      assert.deepEqual([same.id, same.version], [jacket.id, jacket.version])
      refusedWith(await buy(jacket.skus[0].id, 1), 'OUT_OF_STOCK', 'an import again brings no stock')
    })

    test('variants, quotes, line breaks, HTML, Chinese and rows of pictures only', async () => {
      const [tee, scarf] = [unique('tee'), unique('丝巾')]
      const file = writeCsv(columns, [
        {
          Handle: tee,
          Title: 'Tee "classic", 经典',
          'Body (HTML)':
            '<p onclick="steal()">Soft,\nwarm</p><script>alert("x")</script><a href="javascript:alert(1)">a</a><img src=x onerror=alert(1)>',
          Vendor: 'Loom & Sons',
          Type: '上衣',
          Tags: 'new, cotton',
          Published: 'TRUE',
          'Option1 Name': 'Size',
          'Option1 Value': 'S',
          'Option2 Name': '颜色',
          'Option2 Value': '红',
          'Variant Inventory Qty': '4',
          'Variant Price': '19.90',
          'Variant Compare At Price': '29.90',
        },
        { Handle: tee, 'Option1 Value': 'S', 'Option2 Value': '蓝', 'Variant Price': '20' },
        {
          Handle: tee,
          'Option1 Value': 'M',
          'Option2 Value': '红',
          'Variant SKU': `${tee}-own`,
          'Variant Price': '21.05',
        },
        { Handle: tee, 'Image Src': 'http://127.0.0.1:1/a.png' },
        { Handle: scarf, Title: '真丝围巾', 'Variant Price': '299', 'Variant Inventory Qty': '2' },
      ])
      const job = await imported(file)
      assert.deepEqual([job.state, job.rows, job.done, job.failed, job.errors], ['DONE', 5, 2, 0, []])
      const made = must(await shop.get(`/v1/products/${tee}`), 200)
      assert.deepEqual([made.name, made.brand, made.tags], ['Tee "classic", 经典', 'Loom & Sons', ['new', 'cotton']])
      assert.match(made.description, /Soft,\nwarm/)
      assert.doesNotMatch(made.description, /script|onclick|onerror|steal|alert/i)
      assert.deepEqual(
        made.options.map(({ name, values }: { name: string; values: string[] }) => [name, values]),
        [
          ['Size', ['S', 'M']],
          ['颜色', ['红', '蓝']],
        ],
      )
      assert.deepEqual(
        made.skus.map(({ options, price, listPrice }: Sku) => [options, price, listPrice]),
        [
          [{ Size: 'S', 颜色: '红' }, cny(1990), cny(2990)],
          [{ Size: 'S', 颜色: '蓝' }, cny(2000), undefined],
          [{ Size: 'M', 颜色: '红' }, cny(2105), undefined],
        ],
      )
      const { categories } = must(await shop.get('/v1/categories'), 200)
      const category = categories.find(({ name }: { name: string }) => name === '上衣')
      assert.deepEqual(made.categoryIds, [category.id])
      const found = must(await shop.get(`/v1/products?q=${encodeURIComponent('真丝')}`), 200).products
      assert.equal(found.length, 1)
      const silk = must(await shop.get(`/v1/products/${found[0].slug}`), 200)
      must(await buy(silk.skus[0].id, 2), 201)
      refusedWith(await buy(made.skus[0].id, 5), 'OUT_OF_STOCK', 'four are there')
      await until(
        async () => must(await admin.get(`/v1/admin/jobs/${job.id}`), 200),
        ({ warnings }) => warnings.some(({ row, field }: Note) => row === 5 && field === 'Image Src'),
      )
    })

    test('what is wrong with a row is told, with its number and field; the other rows are taken', async () => {
      const [good, bad, twice] = [unique('good'), unique('bad'), unique('twice')]
      const job = await imported(
        writeCsv(columns, [
          { Handle: good, Title: 'Good', 'Option1 Name': 'Size', 'Option1 Value': 'S', 'Variant Price': '10' },
          { Handle: good, 'Option1 Value': 'M', 'Variant Price': 'ten' },
          { Handle: good, 'Option1 Value': 'L', 'Variant Price': '' },
          { Handle: good, 'Option1 Value': 'XL', 'Variant Price': '-1' },
          { Handle: bad, 'Variant Price': '10' },
          { Handle: twice, Title: 'Twice', 'Variant Price': '10' },
          { Handle: '', Title: 'Nobody', 'Variant Price': '10' },
          { Handle: unique('long'), Title: 'a'.repeat(201), 'Variant Price': '10' },
          { Handle: twice, Title: 'Twice, later', 'Variant Price': '12' },
        ]),
      )
      assert.deepEqual([job.state, job.rows, job.failed], ['DONE', 9, 6])
      assert.deepEqual(rows(job.errors), [
        [3, 'Variant Price'],
        [4, 'Variant Price'],
        [5, 'Variant Price'],
        [6, 'Handle'],
        [8, 'Handle'],
        [9, 'Title'],
      ])
      assert.ok(rows(job.warnings).some(([row, field]) => row === 10 && field === 'Handle'))
      assert.deepEqual(
        (await product(good)).skus.map(({ options }: Sku) => options.Size),
        ['S'],
      )
      const later = await product(twice)
      assert.deepEqual([later.name, later.skus[0].price], ['Twice, later', cny(1200)])
      refusedWith(await admin.get(`/v1/admin/products/${bad}`), 'NOT_FOUND', 'no title, no product')
    })

    test('an import again is an upsert: same ids, new values, blank cells leave what is there, no stock twice', async () => {
      const handle = unique('mug')
      const first = {
        Handle: handle,
        Title: 'Mug',
        Vendor: 'Kiln',
        'Variant SKU': handle,
        'Variant Inventory Qty': '5',
        'Variant Price': '10',
      }
      await imported(writeCsv(columns, [first]))
      const before = await product(handle)
      await imported(writeCsv(columns, [first]))
      assert.deepEqual(await product(handle), before)
      await imported(
        writeCsv(columns, [
          {
            Handle: handle,
            Title: 'Mug, larger',
            'Variant SKU': handle,
            'Variant Inventory Qty': '9',
            'Variant Price': '12.50',
          },
        ]),
      )
      const after = await product(handle)
      assert.deepEqual([after.id, after.skus[0].id, after.version], [before.id, before.skus[0].id, before.version + 1])
      assert.deepEqual([after.name, after.brand, after.skus[0].price], ['Mug, larger', 'Kiln', cny(1250)])
      const { warehouses } = must(await admin.get(`/v1/admin/inventory/${after.skus[0].id}`), 200)
      assert.equal(warehouses[0].onHand, 5)
      await imported(
        writeCsv(columns, [{ Handle: handle, Published: 'FALSE', 'Variant SKU': handle, 'Variant Price': '12.50' }]),
      )
      refusedWith(await shop.get(`/v1/products/${after.id}`), 'NOT_FOUND', 'taken out of the shop')
    })

    test('byte order mark, CRLF, blank lines, another order of columns, unknown columns, no end of the last line', async () => {
      for (const [says, shaped] of [
        ['BOM', (handle: string) => `\ufeffHandle,Title,Variant Price\n${handle},Thing,10\n`],
        ['CRLF', (handle: string) => `Handle,Title,Variant Price\r\n${handle},Thing,10\r\n`],
        ['no end', (handle: string) => `Handle,Title,Variant Price\n${handle},Thing,10`],
        ['blank lines', (handle: string) => `Handle,Title,Variant Price\n\n${handle},Thing,10\n\n\n`],
        ['order', (handle: string) => `variant price,Colour of the box, TITLE ,handle\n10,red,Thing,${handle}\n`],
      ] as const) {
        const handle = unique('shaped')
        const job = await imported(shaped(handle))
        assert.deepEqual([job.state, job.done, job.failed], ['DONE', 1, 0], `${says}: ${JSON.stringify(job)}`)
        assert.deepEqual((await product(handle)).skus[0].price, cny(1000), says)
      }
    })

    test('what is no product file is refused when it is sent', async () => {
      const files: [string, string | Buffer][] = [
        ['no columns', 'a,b,c\n1,2,3\n'],
        ['no price column', 'Handle,Title\na,A\n'],
        ['a column twice', 'Handle,Title,Variant Price,Title\na,A,1,A\n'],
        ['UTF-16', Buffer.from('\ufeffHandle,Title,Variant Price\na,A,1\n', 'utf16le')],
        ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
        ['a quote without end', '"Handle,Title,Variant Price\na,A,1\n'],
      ]
      for (const [says, file] of files) refusedWith(await send(file), 'IMPORT_UNREADABLE', says)
      refusedWith(await send(''), 'VALIDATION_FAILED', 'nothing')
      refusedWith(await send('{}', 'application/json'), 'UNSUPPORTED_MEDIA_TYPE', 'JSON')
      const broken = await imported(`Handle,Title,Variant Price\n${unique('a')},A,1\n"b,B,1\n`)
      assert.deepEqual(
        [broken.state, broken.done, rows(broken.errors)],
        ['FAILED', 1, [[3, '']]],
        JSON.stringify(broken),
      )
    })

    test('an export can be imported again and changes nothing', async () => {
      const handle = unique('=formula')
      await imported(
        writeCsv(columns, [{ Handle: handle, Title: '=1+1', 'Body (HTML)': '<p>a "b", c</p>', 'Variant Price': '10' }]),
      )
      const { products } = must(await admin.get(`/v1/admin/products?q=${encodeURIComponent('=1+1')}`), 200)
      const exported = await admin.get('/v1/admin/products/export')
      assert.match(exported.headers.get('content-type') ?? '', /^text\/csv/)
      assert.doesNotMatch(exported.text, /^=|,=|"=/m)
      const job = await imported(exported.text)
      assert.deepEqual([job.state, job.failed], ['DONE', 0], JSON.stringify(job.errors))
      const [same] = must(await admin.get(`/v1/admin/products?q=${encodeURIComponent('=1+1')}`), 200).products
      assert.deepEqual(same, products[0])
    })
  })
