import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createClient, Problem, type RouteName } from '@souk/client'
import type { Upload } from '@souk/contract/common'
import { methods } from '@souk/contract/methods'
import { type ServiceName, services } from '@souk/contract/services'
import { openShop } from './harness.ts'
import { sampleAnswer, sampleMessage } from './samples.ts'

const admin = {
  verifyAccessToken: async () => ({ userId: 'u', roles: ['admin'], sessionId: 's' }),
  isRevoked: () => false,
  checkSession: async () => ({ live: true, steppedUpUntil: new Date(Date.now() + 60_000) }),
  resolveApiKey: async () => ({ id: 'k', scopes: ['inventory:operate'] }),
}

test('the client reaches every method, and both mean the same request', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), { auth: admin })
  for (const entry of methods.filter(({ http }) => http)) {
    const client = createClient({
      baseUrl: shop.url,
      getAccessToken: () => (entry.permission === 'inventory:operate' ? 'sk_any' : 'any'),
    })
    const before = shop.calls.length
    const message = sampleMessage(entry, entry.http?.body ? 'input' : 'query')
    await client.call(entry.name as RouteName, message, { body: entry.body === 'MULTIPART' ? new Blob(['x']) : 'x' })
    const [reached] = shop.calls.slice(before)
    assert.ok(reached)
    assert.equal(reached.entry.name, entry.name)
    const whole = services[entry.service as ServiceName].methods[entry.method]!.request.fromPartial(message)
    for (const name of Object.keys(message))
      assert.deepEqual(reached.request[name], whole[name], `${entry.name} ${name}`)
  }
})

test('the client sends files that arrive', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry), { auth: admin })
  const client = createClient({ baseUrl: shop.url, getAccessToken: () => 'any' })
  await client.catalogAdmin.uploadMedia({}, { body: new File(['pixels'], 'pan.png', { type: 'image/png' }) })
  const { path, filename, contentType } = shop.calls[0]!.request.upload as Upload
  assert.deepEqual([filename, contentType, await readFile(path, 'utf8')], ['pan.png', 'image/png', 'pixels'])
})

test('the client throws the gateway’s problems', async (t) => {
  const shop = await openShop(t)
  const client = createClient({ baseUrl: shop.url, locale: 'zh-CN' })
  await assert.rejects(client.cart.addItem({ skuId: 'a', quantity: 0 }), (error) => {
    assert.ok(error instanceof Problem)
    assert.deepEqual(
      [error.status, error.code, error.violations],
      [400, 'VALIDATION_FAILED', [{ field: 'quantity', rule: 'min', message: '不能小于 1' }]],
    )
    return true
  })
})
