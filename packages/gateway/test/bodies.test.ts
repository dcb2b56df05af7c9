import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Upload } from '@souk/contract/common'
import { fault } from '@souk/kernel'
import { asStaff, openShop, problem, type Shop } from './harness.ts'

const callback = '/v1/payments/p1/callbacks'
const importPath = '/v1/admin/products/import'
const mediaPath = '/v1/admin/media'
const staff = asStaff('catalog')
const csv = { ...staff, 'content-type': 'text/csv' }

for (const [says, body, type] of [
  [
    'JSON with unknown fields and its own spacing',
    Buffer.from('{ "eventId" : "e",\n"more":[1 , 2] }'),
    'application/json',
  ],
  ['bytes of any kind', randomBytes(5_000), 'application/octet-stream'],
  ['broken JSON', Buffer.from('{"x":'), 'application/json'],
  ['a form', Buffer.from('a=1&b=2'), 'application/x-www-form-urlencoded'],
  ['no type at all', Buffer.from('x'), undefined],
  ['nothing', Buffer.alloc(0), 'application/json'],
] as const) {
  test(`a raw body arrives untouched: ${says}`, async (t) => {
    const shop = await openShop(t, () => ({ received: true }))
    const headers = { 'souk-signature': 't=1,v1=ab,v1=cd', ...(type && { 'content-type': type }) }
    const answer = await shop.send('POST', callback, { headers, body: new Blob([body]) })
    assert.equal(await answer.text(), '{"received":true}')
    const { request } = shop.calls[0]!
    assert.deepEqual(Buffer.from(request.rawBody as Uint8Array), body)
    assert.equal(request.id, 'p1')
    assert.equal(request.signature, 't=1,v1=ab,v1=cd')
  })
}

test('a raw body in pieces arrives whole, one that is too large not at all', async (t) => {
  const shop = await openShop(t, () => ({ received: true }))
  const pieces = new ReadableStream({
    async start(controller) {
      for (const piece of ['{"a"', ':1', '}']) {
        controller.enqueue(Buffer.from(piece))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      controller.close()
    },
  })
  const chunked = await fetch(`${shop.url}${callback}`, { method: 'POST', body: pieces, duplex: 'half' } as RequestInit)
  assert.equal(chunked.status, 200)
  assert.equal(Buffer.from(shop.calls[0]?.request.rawBody as Uint8Array).toString(), '{"a":1}')
  const large = await shop.send('POST', callback, { body: Buffer.alloc(262_145) })
  assert.equal((await problem(large)).code, 'TOO_LARGE')
  assert.equal(shop.calls.length, 1)
})

const uploadOf = (shop: Shop): Upload => shop.calls[0]?.request.upload as Upload

test('a streamed body lands in a file of its own that only we can read, and stays for the callee', async (t) => {
  const shop = await openShop(t, () => ({ jobId: 'j' }))
  const content = randomBytes(3_000_000)
  const answer = await shop.send('POST', importPath, {
    headers: { ...csv, 'content-type': 'text/csv; charset=utf-8' },
    body: content,
  })
  assert.equal(answer.status, 202)
  const { path, size, contentType, filename } = uploadOf(shop)
  assert.deepEqual([size, contentType, filename], [content.length, 'text/csv', ''])
  assert.ok(path.startsWith(shop.tempDir))
  assert.deepEqual(await readFile(path), content)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
})

test('two uploads at once do not meet', async (t) => {
  const shop = await openShop(t, () => ({ jobId: 'j' }))
  await Promise.all(
    ['a', 'b', 'c'].map((text) => shop.send('POST', importPath, { headers: csv, body: text.repeat(100_000) })),
  )
  const files = shop.calls.map(({ request }) => (request.upload as Upload).path)
  assert.equal(new Set(files).size, 3)
  assert.deepEqual((await Promise.all(files.map(async (path) => (await readFile(path, 'utf8'))[0]))).sort(), [
    'a',
    'b',
    'c',
  ])
})

test('what a killed process left is deleted at the start, what is being uploaded elsewhere is not', async (t) => {
  const tempDir = await mkdtemp(join(tmpdir(), 'souk-gateway-'))
  t.after(() => rm(tempDir, { recursive: true, force: true }))
  for (const name of ['left.upload', 'fresh.upload', 'not-ours.txt']) await writeFile(join(tempDir, name), 'x')
  const elevenMinutesAgo = Date.now() / 1000 - 660
  for (const name of ['left.upload', 'not-ours.txt'])
    await utimes(join(tempDir, name), elevenMinutesAgo, elevenMinutesAgo)
  await openShop(t, () => ({}), { tempDir })
  assert.deepEqual((await readdir(tempDir)).sort(), ['fresh.upload', 'not-ours.txt'])
})

test('what is left behind meanwhile is deleted within the hour', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const shop = await openShop(t)
  const left = join(shop.tempDir, 'left.upload')
  await writeFile(left, 'x')
  await utimes(left, 0, 0)
  t.mock.timers.tick(3_600_000)
  while ((await readdir(shop.tempDir)).length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
})

const nothingLeft = async (shop: Shop): Promise<void> => assert.deepEqual(await readdir(shop.tempDir), [])

for (const [says, headers, body, code] of [
  ['another content type', { ...staff, 'content-type': 'application/json' }, '{}', 'UNSUPPORTED_MEDIA_TYPE'],
  ['no content', csv, '', 'VALIDATION_FAILED'],
  ['nobody signed in', { 'content-type': 'text/csv' }, 'a', 'UNAUTHENTICATED'],
  ['the wrong role', { ...asStaff('finance'), 'content-type': 'text/csv' }, 'a', 'FORBIDDEN'],
] as const) {
  test(`a streamed body is refused: ${says}`, async (t) => {
    const shop = await openShop(t)
    assert.equal((await problem(await shop.send('POST', importPath, { headers, body }))).code, code)
    assert.equal(shop.calls.length, 0)
    await nothingLeft(shop)
  })
}

test('what a refused call had uploaded is deleted', async (t) => {
  const shop = await openShop(t, () => {
    throw fault('IMPORT_UNREADABLE', { reason: 'no header' })
  })
  assert.equal(
    (await problem(await shop.send('POST', importPath, { headers: csv, body: 'x' }))).code,
    'IMPORT_UNREADABLE',
  )
  await nothingLeft(shop)
})

test('a sender who leaves in the middle leaves nothing', async (t) => {
  const shop = await openShop(t)
  const socket = connect(shop.port, '127.0.0.1')
  socket.write(
    `POST ${importPath} HTTP/1.1\r\nHost: a\r\nAuthorization: ${staff.authorization}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(50_000)}`,
  )
  while ((await readdir(shop.tempDir)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  socket.destroy()
  while (shop.gateway.inFlight() > 0 || (await readdir(shop.tempDir)).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(shop.calls.length, 0)
})

const form = (parts: [name: string, value: string | Blob, filename?: string][]): FormData => {
  const data = new FormData()
  for (const [name, value, filename] of parts)
    typeof value === 'string' ? data.append(name, value) : data.append(name, value, filename)
  return data
}
const picture = new Blob([randomBytes(200_000)], { type: 'image/png' })

test('the one file of a form arrives with its name and type', async (t) => {
  const shop = await openShop(t, ({ entry }) => ({ id: 'm', ...(entry.name && {}) }))
  const answer = await shop.send('POST', mediaPath, {
    headers: staff,
    body: form([['file', picture, '../锅 "1".png']]),
  })
  assert.equal(answer.status, 201)
  const { path, size, contentType, filename } = uploadOf(shop)
  assert.deepEqual([size, contentType], [picture.size, 'image/png'])
  assert.ok(!/["/\\]/.test(filename), filename)
  assert.match(filename, /锅/)
  assert.deepEqual(await readFile(path), Buffer.from(await picture.arrayBuffer()))
  assert.equal((await stat(path)).mode & 0o777, 0o600)
})

for (const [says, body, code] of [
  [
    'two files',
    form([
      ['a', picture, 'a.png'],
      ['b', picture, 'b.png'],
    ]),
    'VALIDATION_FAILED',
  ],
  [
    'a file and a field',
    form([
      ['a', picture, 'a.png'],
      ['admin', 'true'],
    ]),
    'VALIDATION_FAILED',
  ],
  ['only a field', form([['admin', 'true']]), 'VALIDATION_FAILED'],
  ['nothing', form([]), 'VALIDATION_FAILED'],
  ['an empty file', form([['a', new Blob([]), 'a.png']]), 'VALIDATION_FAILED'],
  ['a file larger than allowed', form([['a', new Blob([Buffer.alloc(15_728_641)]), 'a.png']]), 'TOO_LARGE'],
] as const) {
  test(`a form is refused: ${says}`, async (t) => {
    const shop = await openShop(t)
    const answer = await shop.send('POST', mediaPath, { headers: staff, body })
    assert.equal((await problem(answer)).code, code)
    assert.equal(shop.calls.length, 0)
    await nothingLeft(shop)
  })
}

for (const [says, type, body] of [
  ['no boundary', 'multipart/form-data', 'x'],
  [
    'another boundary than its header says',
    'multipart/form-data; boundary=a',
    '--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n--b--\r\n',
  ],
  [
    'an end that never comes',
    'multipart/form-data; boundary=a',
    '--a\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nxxxx',
  ],
  ['nothing but the boundary', 'multipart/form-data; boundary=a', '--a--\r\n'],
] as const) {
  test(`a malformed form is refused: ${says}`, async (t) => {
    const shop = await openShop(t)
    const answer = await shop.send('POST', mediaPath, { headers: { ...staff, 'content-type': type }, body })
    assert.equal((await problem(answer)).code, 'VALIDATION_FAILED')
    assert.equal(shop.calls.length, 0)
    await nothingLeft(shop)
  })
}

test('a form whose sender leaves in the middle leaves nothing', async (t) => {
  const shop = await openShop(t)
  const socket = connect(shop.port, '127.0.0.1')
  const head = '--a\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'
  socket.write(
    `POST ${mediaPath} HTTP/1.1\r\nHost: a\r\nAuthorization: ${staff.authorization}\r\nContent-Type: multipart/form-data; boundary=a\r\nContent-Length: 1000000\r\n\r\n${head}${'x'.repeat(100_000)}`,
  )
  while ((await readdir(shop.tempDir)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  socket.destroy()
  while (shop.gateway.inFlight() > 0 || (await readdir(shop.tempDir)).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(shop.calls.length, 0)
})
