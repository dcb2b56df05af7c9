import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ListAllProductsRequest, type Product } from '@souk/contract/catalog'
import { systemClock } from '@souk/kernel'
import sharp from 'sharp'
import { diskMedia } from '../src/adapters/disk-media.ts'
import { createEncoder } from '../src/adapters/encode-picture.ts'
import { fetchPictures } from '../src/service/fetch-pictures.ts'
import { file, head, line, simple } from './csv-lines.ts'
import { openShop } from './shop.ts'

describe('pictures of an import, and the way back', () => {
  let it: Awaited<ReturnType<typeof openShop>>
  before(async () => {
    it = await openShop()
  })
  after(() => it.close())

  const staffView = (idOrSlug: string): Promise<Product> => it.admin.getProductForStaff({ idOrSlug }, it.staff())
  const notes = (list: readonly { row: number; field: string; message: string }[]) =>
    list.map(({ row, field, message }) => `${row} ${field}: ${message}`)

  test('addresses that must not be asked are warnings at once, and the product is there', async () => {
    const urls = [
      'http://x.example/a.jpg',
      'https://127.0.0.1/a.jpg',
      'https://[::ffff:10.0.0.1]/a.jpg',
      'file:///etc/passwd',
      'https://169.254.169.254/latest',
      'nonsense',
    ]
    const job = await it.importCsv(
      file(
        simple('shielded', { 'Image Src': urls[0]! }),
        ...urls.slice(1).map((url) => ({ Handle: 'shielded', 'Image Src': url })),
      ),
    )
    deepEqual([job.state, job.done, job.failed, job.warnings.length], ['DONE', 1, 0, urls.length])
    deepEqual(
      job.warnings.map(({ row, field }) => [row, field]),
      urls.map((_, place) => [place + 2, 'Image Src']),
    )
    deepEqual((await staffView('shielded')).images, [])
  })

  test('a picture that cannot be fetched is a warning, and the product is there', async () => {
    const job = await it.importCsv(file(simple('inside', { 'Image Src': 'https://no-such-host.invalid/a.jpg' })))
    deepEqual(
      [job.state, job.done, notes(job.warnings)],
      ['DONE', 1, ['2 Image Src: the picture is left out: pictures are not fetched here']],
    )
  })

  test('an export read back changes nothing, and formulas are harmless in it', async () => {
    await it.importCsv(
      file(
        simple('formula', {
          Title: '=HYPERLINK("x")',
          Vendor: '+1',
          Tags: '@a, -b',
          'Variant SKU': '-SKU',
          'Body (HTML)': '<p>a, "b"\r\nc</p>',
        }),
      ),
    )
    const said = (await it.app.said()).length
    const { body, headers, contentType } = await it.admin.exportProducts({ pageToken: '' }, it.staff())
    const text = Buffer.from(body).toString('utf8')
    equal(contentType, 'text/csv; charset=utf-8')
    equal(headers['x-next-page-token'], undefined)
    ok(text.includes('"\'=HYPERLINK(""x"")"'))
    ok(!/(^|,)"?[=+@-]/m.test(text.replaceAll('"<p>a, ""b""\r\nc</p>"', '')), text)
    const { products } = await it.admin.listAllProducts(
      ListAllProductsRequest.fromPartial({ pageSize: 100 }),
      it.staff(),
    )
    const job = await it.importCsv(text)
    deepEqual([job.state, job.failed, job.done], ['DONE', 0, products.length])
    deepEqual(
      (await it.admin.listAllProducts(ListAllProductsRequest.fromPartial({ pageSize: 100 }), it.staff())).products,
      products,
    )
    equal((await it.app.said()).length, said)
  })

  test('pictures arrive afterwards, in the order of the file, once, also beside their variant', async () => {
    const url = (name: string) => `https://cdn.example/${name}.jpg`
    const asked: string[] = []
    const colours: Record<string, string> = { [url('a')]: 'red', [url('b')]: 'green', [url('v')]: 'blue' }
    const fetchPicture = async (from: string) => {
      asked.push(from)
      const background = colours[from]
      if (!background) throw new Error('answered 404')
      return sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer()
    }
    const encoder = createEncoder()
    const pictures = diskMedia(join(it.dataDir, 'media'))
    const fetchAll = (aggregateId: string) =>
      fetchPictures({ db: it.app.db, clock: systemClock, encoder, pictures, fetchPicture })({
        id: '',
        kind: '',
        aggregateId,
        payload: null,
        attempts: 1,
        dueAt: new Date(),
      })
    const text = `${head},Image Position,Variant Image\r\n${[
      `${line(simple('framed', { 'Image Src': url('b') }))},2,${url('v')}`,
      `${line({ Handle: 'framed', 'Image Src': url('a') })},1,`,
      `${line({ Handle: 'framed', 'Image Src': url('gone') })},3,`,
    ].join('\r\n')}`
    for (const round of [1, 2]) {
      const { jobId } = await it.admin.importProducts(await it.upload(text), it.staff())
      await it.app.runTimers()
      deepEqual((await staffView('framed')).images.length, round === 1 ? 0 : 2)
      await fetchAll(jobId)
      const { warnings } = await it.finishImport(jobId)
      deepEqual(notes(warnings), ['4 Image Src: the picture is left out: answered 404'])
      const product = await it.shop.getProduct({ idOrSlug: 'framed' }, it.app.as({}))
      const colourOf = async (address: string) => {
        const { body } = await it.shop.getMedia({ name: address.slice(7) }, it.app.as({}))
        const { channels } = await sharp(body).stats()
        return ['red', 'green', 'blue'][
          channels.map(({ mean }) => mean).indexOf(Math.max(...channels.map(({ mean }) => mean)))
        ]
      }
      deepEqual(await Promise.all([...product.images, product.skus[0]!.image].map(colourOf)), ['red', 'green', 'blue'])
      equal(product.media[0]?.width, 8)
    }
    deepEqual(asked.sort(), [url('a'), url('b'), url('gone'), url('gone'), url('v')])
  })
})
