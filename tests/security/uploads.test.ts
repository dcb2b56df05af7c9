import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { methods } from '@souk/contract/methods'
import sharp from 'sharp'
import { type Answer, type Api, createApi, must, signIn } from '../api.ts'
import { refusedWith } from '../problem.ts'
import { type System, startSystem } from '../system.ts'
import { tracesOf } from '../traces.ts'

const { maxBody } = methods.find(({ name }) => name === 'catalog.CatalogAdminService/UploadMedia')!
const type = { 'content-type': 'multipart/form-data; boundary=x' }

const part = (content: Buffer | string, filename = 'a.png', claims = 'image/png', name = 'file'): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--x\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${claims}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
const form = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, Buffer.from('--x--\r\n')])

describe('uploaded pictures', () => {
  let system: System
  let admin: Api
  let jpeg: Buffer

  before(async () => {
    system = await startSystem('start')
    admin = await signIn(system.base, system.admin.email, system.admin.password)
    jpeg = await sharp({ create: { width: 640, height: 480, channels: 3, background: 'teal' } })
      .jpeg()
      .withExif({ IFD0: { Artist: 'the photographer of the secret place' } })
      .toBuffer()
  })
  after(() => system?.remove())

  const upload = (body: Buffer, headers = type): Promise<Answer> => admin.send('POST', '/v1/admin/media', body, headers)

  test('a picture is written anew: other bytes, other name, no metadata, no script, cached for ever', async () => {
    const trailing = Buffer.concat([jpeg, Buffer.from('<script>alert("tail of a picture")</script>')])
    const media = must(await upload(form(part(trailing, '../../etc/passwd', 'text/html'))), 201)
    assert.deepEqual([media.width, media.height], [640, 480])
    assert.match(media.url, /^\/media\/[0-9a-f]{32}\.webp$/)
    const served = await fetch(system.base + media.url)
    const bytes = Buffer.from(await served.arrayBuffer())
    assert.equal(served.headers.get('content-type'), 'image/webp')
    assert.equal(served.headers.get('x-content-type-options'), 'nosniff')
    assert.match(served.headers.get('cache-control') ?? '', /immutable/)
    const { exif, format } = await sharp(bytes).metadata()
    assert.deepEqual([format, exif], ['webp', undefined])
    assert.deepEqual(
      await tracesOf(system, ['the photographer of the secret place', 'tail of a picture', 'etc/passwd']),
      [],
    )
  })

  test('what is no picture is refused, whatever it says it is', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    const wide = Buffer.from(jpeg)
    const png = await sharp(jpeg).png().toBuffer()
    // Says 50,000 × 50,000 in its header; the check sum of the header is not looked at before the size.
    png.writeUInt32BE(50_000, 16)
    png.writeUInt32BE(50_000, 20)
    const refused: [string, Buffer | string][] = [
      ['SVG', svg],
      ['HTML', '<!doctype html><script>alert(1)</script>'],
      ['letters', 'a'.repeat(1000)],
      ['HTML behind the mark of a GIF', 'GIF89a<script>alert(1)</script>'],
      ['a picture without its end', jpeg.subarray(0, jpeg.length / 2)],
      ['only the mark of a JPEG', wide.subarray(0, 3)],
      ['a bomb', png],
      ['an archive', Buffer.from('504b0304', 'hex')],
    ]
    for (const [says, content] of refused)
      for (const claims of ['image/png', 'image/jpeg'])
        refusedWith(await upload(form(part(content, 'a.jpg', claims))), 'PICTURE_REFUSED', says)
  })

  test('a form with no file, with two, cut off or of another kind is refused, and the system goes on', async () => {
    const broken: [string, Buffer][] = [
      ['nothing', Buffer.alloc(0)],
      ['no form', Buffer.from('nothing')],
      ['a form that only begins', Buffer.from('--x\r\n')],
      ['an empty file', form(part(''))],
      ['two files', form(part(jpeg), part(jpeg))],
      ['a file cut off', part(jpeg)],
      ['a file cut off in its header', part(jpeg).subarray(0, 40)],
      ['a text field', form(Buffer.from('--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n'))],
    ]
    for (const [says, body] of broken) refusedWith(await upload(body), 'VALIDATION_FAILED', says)
    refusedWith(
      await upload(form(part(jpeg)), { 'content-type': 'multipart/form-data' }),
      'VALIDATION_FAILED',
      'no boundary',
    )
    refusedWith(
      await upload(Buffer.from('{}'), { 'content-type': 'application/json' }),
      'UNSUPPORTED_MEDIA_TYPE',
      'JSON',
    )
    must(await upload(form(part(jpeg))), 201)
  })

  test('more bytes than the method takes are refused', async () => {
    refusedWith(await upload(form(part(Buffer.alloc(maxBody + 1)))), 'TOO_LARGE', 'one byte too many')
    must(await upload(form(part(jpeg))), 201)
  })

  test('names of pictures reach nothing else', async () => {
    for (const name of [
      '..%2f..%2fdatabase.url',
      '%2e%2e%2fowner.json',
      '../owner.json',
      'a.webp%00.txt',
      'lock',
      '.',
      'imports%2f',
      `${'a'.repeat(200)}.webp`,
    ]) {
      const answer = await createApi(system.base).get(`/media/${name}`)
      assert.ok([400, 404].includes(answer.status), `${name}: ${answer.status}`)
    }
  })
})
