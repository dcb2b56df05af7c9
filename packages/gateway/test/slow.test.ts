import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { openShop, rawRequest } from './harness.ts'
import { sampleAnswer } from './samples.ts'

const impatient = { patience: { headersMs: 300, bodyMs: 300, requestMs: 2_000, idleMs: 300 } }

/** Sends the first bytes, then one byte now and then, and gives back what the other side says before it hangs up. */
const trickle = (port: number, first: string): Promise<string> =>
  new Promise((resolve) => {
    let dripping: NodeJS.Timeout | undefined
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(first)
      dripping = setInterval(() => socket.writable && socket.write('a'), 20)
    })
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(dripping)
      resolve(text)
    })
  })

test('headers that never end are cut off, and others are served meanwhile', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), impatient)
  const slow = Array.from({ length: 20 }, () => trickle(shop.port, 'GET /v1/products HTTP/1.1\r\nHost: a\r\nX-Slow: '))
  assert.equal((await shop.get('/v1/products')).status, 200)
  for (const text of await Promise.all(slow)) {
    assert.match(text, /^HTTP\/1.1 408 /)
    assert.match(text, /"code":"REQUEST_TIMEOUT"/)
  }
})

test('a body that never ends is refused and its connection closed', async (t) => {
  const shop = await openShop(t, () => ({}), impatient)
  const text = await trickle(
    shop.port,
    'POST /v1/cart/items HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"skuId":"',
  )
  assert.match(text, /^HTTP\/1.1 408 /)
  assert.match(text, /REQUEST_TIMEOUT/)
  assert.match(text, /connection: close/i)
  assert.equal(shop.calls.length, 0)
})

test('a connection that says nothing is closed', async (t) => {
  const shop = await openShop(t, () => ({}), impatient)
  assert.match(await rawRequest(shop.port, ''), /^(HTTP\/1.1 408 .*)?$/s)
})

test('a body longer than announced is no second request', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const text = await rawRequest(
    shop.port,
    'POST /v1/cart/items HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}{"skuId":"a"}',
  )
  assert.deepEqual(new Set(text.match(/HTTP\/1.1 \d+/g)), new Set(['HTTP/1.1 400']))
  assert.equal(shop.calls.length, 0)
})
