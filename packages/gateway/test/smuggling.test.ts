import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openShop, rawRequest } from './harness.ts'
import { sampleAnswer } from './samples.ts'

/** Where the first request ends is what two servers in a row may see differently; the second is the smuggled one. */
const inner = 'GET /v1/categories HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const post = (headers: string, body: string) => `POST /v1/cart/items HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`
const chunks = `0\r\n\r\n${inner}`

for (const [says, bytes] of [
  ['length and chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked', chunks)],
  ['chunks and length', post('Transfer-Encoding: chunked\r\nContent-Length: 5', chunks)],
  ['a blank before the colon', post('Transfer-Encoding : chunked', chunks)],
  ['chunked twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', chunks)],
  ['chunked behind another coding', post('Transfer-Encoding: chunked, identity', chunks)],
  ['a coding nobody knows', post('Transfer-Encoding: xchunked', chunks)],
  ['chunked after a vertical tab', post('Transfer-Encoding: \x0bchunked', chunks)],
  ['chunked on a folded line', post('Transfer-Encoding:\r\n chunked\r\nContent-Length: 5', chunks)],
  ['lines that end bare', `POST /v1/cart/items HTTP/1.1\nHost: a\nContent-Length: 0\n\n${inner}`],
  ['a bare CR in a header', post('X-A: b\rContent-Length: 0', inner)],
  ['two lengths', post('Content-Length: 0\r\nContent-Length: 50', inner)],
  ['a list of lengths', post('Content-Length: 0, 50', inner)],
  ['a length with a sign', post('Content-Length: +0', inner)],
  ['a length in hex', post('Content-Length: 0x0', inner)],
  ['a chunk with a sign', post('Transfer-Encoding: chunked', `-1\r\n${chunks}`)],
  ['a chunk beyond numbers', post('Transfer-Encoding: chunked', `fffffffffffffffff\r\n${chunks}`)],
] as const)
  test(`a second request is not smuggled in: ${says}`, async (t) => {
    const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
    const text = await rawRequest(shop.port, bytes, { endAfterMs: 1_000 })
    assert.match(text, /^HTTP\/1\.1 4\d\d /)
    assert.deepEqual(text.match(/HTTP\/1\.1 2\d\d/g), null, text)
    assert.equal(shop.calls.length, 0)
  })

test('the same second request behind a clean first one is answered, so the refusals above are about what is changed', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const text = await rawRequest(shop.port, post('Content-Length: 0', inner))
  assert.equal(text.match(/HTTP\/1\.1 200/g)?.length, 1)
})
