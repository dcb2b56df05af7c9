import { deepEqual, equal, ok } from 'node:assert/strict'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { UpdateProductRequest } from '@souk/contract/catalog'
import { newId } from '@souk/kernel'
import sharp from 'sharp'
import { sniffPicture } from '../src/adapters/encode-picture.ts'
import { productInput, skuInput } from './products.ts'
import { codeOf, openShop } from './shop.ts'

const plain = (width: number, height: number, alpha = 1) =>
  sharp({ create: { width, height, channels: 4, background: { r: 200, g: 80, b: 40, alpha } } })

/** A PNG whose header claims a size that its few bytes could never fill. */
const giantPng = async (width: number, height: number): Promise<Buffer> => {
  const bytes = await plain(1, 1).png().toBuffer()
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

describe('media', () => {
  let it: Awaited<ReturnType<typeof openShop>>
  before(async () => {
    it = await openShop()
  })
  after(() => it.close())

  const put = async (bytes: Uint8Array) =>
    it.admin.uploadMedia(await it.upload(bytes, 'image/jpeg', '../../evil.jpg'), it.staff())
  const get = (name: string) => it.shop.getMedia({ name }, it.app.as({}))
  const nameOf = ({ url }: { url: string }) => url.slice('/media/'.length)

  test('a picture is kept anew as WebP, served for ever under its content hash', async () => {
    const media = await put(await plain(600, 400).jpeg().toBuffer())
    deepEqual([media.width, media.height, media.cutout], [600, 400, false])
    const served = await get(nameOf(media))
    equal(served.contentType, 'image/webp')
    equal(served.headers['cache-control'], 'public, max-age=31536000, immutable')
    equal(served.headers['x-content-type-options'], 'nosniff')
    equal((await sharp(served.body).metadata()).format, 'webp')
    ok(!(await readdir(it.dataDir)).some((name) => name.startsWith('upload-')))
    deepEqual(await put(await plain(600, 400).jpeg().toBuffer()), media)
  })

  test('all five formats are taken', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif'] as const) {
      const media = await put(await plain(40, 30).toFormat(format).toBuffer())
      deepEqual([media.width, media.height], [40, 30], format)
    }
  })

  test('cut-outs are told from pictures that only could be transparent', async () => {
    const hole = await plain(50, 50, 1)
      .composite([
        { input: await plain(10, 10, 0).png().toBuffer(), blend: 'dest-out' },
        {
          input: { create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 1 } } },
          blend: 'dest-out',
          left: 5,
          top: 5,
        },
      ])
      .png()
      .toBuffer()
    equal((await put(hole)).cutout, true)
    equal((await put(await plain(50, 50, 1).png().toBuffer())).cutout, false)
  })

  test('a picture of our own making is kept byte for byte, and its file is left', async () => {
    const path = join(it.dataDir, 'own.webp')
    const bytes = await plain(64, 48, 0.5).webp().toBuffer()
    await writeFile(path, bytes)
    const seed = it.app.as({ service: 'seed' })
    const media = await it.admin.placeMedia({ path, width: 64, height: 48, cutout: true }, seed)
    deepEqual([media.width, media.height, media.cutout], [64, 48, true])
    deepEqual(Buffer.from((await get(nameOf(media))).body), bytes)
    deepEqual(await it.admin.placeMedia({ path, width: 64, height: 48, cutout: true }, seed), media)
    await writeFile(path, await plain(10, 10).png().toBuffer())
    equal(await codeOf(it.admin.placeMedia({ path, width: 10, height: 10, cutout: false }, seed)), 'PICTURE_REFUSED')
    equal(await codeOf(it.admin.placeMedia({ path, width: 10, height: 10, cutout: false }, it.staff())), 'FORBIDDEN')
  })

  test('large pictures become 2400 px, turned the way the camera says, without where it stood', async () => {
    const bytes = await plain(4000, 1000)
      .jpeg()
      .withMetadata({ orientation: 6 })
      .withExif({ IFD3: { GPSLatitude: '1/1 2/1 3/1' }, IFD0: { Copyright: 'secret words' } })
      .toBuffer()
    ok(bytes.includes('secret words'))
    const media = await put(bytes)
    deepEqual([media.width, media.height], [600, 2400])
    const { body } = await get(nameOf(media))
    const { exif, icc, xmp } = await sharp(body).metadata()
    deepEqual([exif, icc, xmp], [undefined, undefined, undefined])
    ok(!Buffer.from(body).includes('secret words'))
  })

  test('what follows the picture in its file does not follow it into ours', async () => {
    const polyglot = Buffer.concat([
      await plain(20, 20).jpeg().toBuffer(),
      Buffer.from('<script>alert(1)</script>PK\u0003\u0004'),
    ])
    const { body } = await get(nameOf(await put(polyglot)))
    ok(!Buffer.from(body).includes('script'))
  })

  for (const [says, bytes] of [
    [
      'an SVG that calls itself a JPEG',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ],
    ['HTML', async () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['HTML behind the first bytes of a GIF', async () => Buffer.from('GIF89a/*<script>alert(1)</script>*/=1')],
    [
      'an SVG behind the first bytes of a JPEG',
      async () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('<svg/>')]),
    ],
    ['a TIFF', async () => plain(10, 10).tiff().toBuffer()],
    ['nothing', async () => Buffer.alloc(0)],
    ['half a picture', async () => (await plain(300, 300).png().toBuffer()).subarray(0, 60)],
    ['50,000 by 50,000 pixels', () => giantPng(50_000, 50_000)],
    ['1 by 60 million pixels', () => giantPng(1, 60_000_000)],
    [
      'more than 15 MB',
      async () => Buffer.concat([await plain(10, 10).png().toBuffer(), Buffer.alloc(15 * 1024 * 1024)]),
    ],
  ] as const)
    test(`refused: ${says}`, async () => {
      const work = put(await bytes())
      equal(await codeOf(work), 'PICTURE_REFUSED')
      ok(!(await readdir(it.dataDir)).some((name) => name.startsWith('upload-')))
    })

  test('smaller copies are made when asked for, in both formats, never larger than the original', async () => {
    const media = await put(await plain(700, 350).png().toBuffer())
    const hash = nameOf(media).replace('.webp', '')
    for (const [name, format, width] of [
      [`${hash}-320.avif`, 'heif', 320],
      [`${hash}-160.webp`, 'webp', 160],
      [`${hash}-1200.webp`, 'webp', 700],
    ] as const) {
      const { body, contentType } = await get(name)
      const found = await sharp(body).metadata()
      deepEqual(
        [found.format, found.width, contentType],
        [format, width, name.endsWith('avif') ? 'image/avif' : 'image/webp'],
      )
    }
    const all = await Promise.all(Array.from({ length: 20 }, () => get(`${hash}-512.avif`)))
    equal(new Set(all.map(({ body }) => Buffer.from(body).toString('base64'))).size, 1)
  })

  test('no other name is anything', async () => {
    const media = await put(await plain(30, 30).png().toBuffer())
    const hash = nameOf(media).replace('.webp', '')
    for (const name of [
      `${hash}-333.webp`,
      `${hash}.avif`,
      `${hash}.png`,
      `${'0'.repeat(32)}.webp`,
      `${'0'.repeat(32)}-320.avif`,
      'a.webp',
    ])
      equal(await codeOf(get(name)), 'NOT_FOUND', name)
  })

  test('a copy that cannot be made is the original, to be asked again soon', async () => {
    const media = await put(await plain(90, 90).png().toBuffer())
    const hash = nameOf(media).replace('.webp', '')
    await rm(join(it.dataDir, 'media', hash.slice(0, 2), `${hash}.webp`))
    await writeFile(join(it.dataDir, 'media', hash.slice(0, 2), `${hash}.webp`), 'broken')
    const { headers, contentType } = await get(`${hash}-320.avif`)
    deepEqual([headers['cache-control'], contentType], ['public, max-age=5', 'image/webp'])
  })

  test('products show sizes and transparency of their pictures, SKUs their own picture', async () => {
    const media = await put(await plain(64, 48, 0.5).png().toBuffer())
    const made = await it.admin.createProduct(
      productInput({
        publish: true,
        name: 'Pictured',
        images: [media.url, 'https://cdn.example/x.jpg'],
        skus: [skuInput(newId(), { image: media.url })],
      }),
      it.staff(),
    )
    const shown = await it.shop.getProduct({ idOrSlug: made.id }, it.app.as({}))
    deepEqual(shown.media, [
      { url: media.url, width: 64, height: 48, cutout: true, alt: 'Pictured' },
      { url: 'https://cdn.example/x.jpg', width: 0, height: 0, cutout: false, alt: 'Pictured' },
    ])
    deepEqual([shown.image, shown.skus[0]?.image], [media.url, media.url])
    const { quotes } = await it.prices.quoteSkus(
      { skuIds: [shown.skus[0]!.id], locale: '' },
      it.app.as({ service: 'cart' }),
    )
    equal(quotes[0]?.image, media.url)
    const cleared = await it.admin.updateProduct(
      UpdateProductRequest.fromPartial({ id: made.id, version: 1, clear: ['images'] }),
      it.staff(),
    )
    deepEqual(cleared.images, [])
    equal(
      await codeOf(it.admin.createProduct(productInput({ images: [`/media/${'0'.repeat(32)}.webp`] }), it.staff())),
      'VALIDATION_FAILED',
    )
  })
})

test('first bytes decide, not names', () => {
  equal(sniffPicture(Buffer.from('<svg')), undefined)
  equal(sniffPicture(Buffer.from('RIFF0000WAVE')), undefined)
  equal(sniffPicture(Buffer.from('\0\0\0\x1cftypheic')), undefined)
  equal(sniffPicture(Buffer.from('\0\0\0\x1cftypavif')), 'heif')
})
