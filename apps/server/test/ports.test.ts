import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { createPortPicker, untilFree } from '../src/cli/ports.ts'

test('ports are drawn once each, below those of outgoing connections', async () => {
  const draw = createPortPicker()
  const ports = await Promise.all(Array.from({ length: 200 }, draw))
  assert.equal(new Set(ports).size, 200)
  assert.ok(ports.every((port) => port >= 1024 && port < 32_768))
})

test('a port that another still has is waited for', async () => {
  const port = await createPortPicker()()
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  const waiting = untilFree(port, '127.0.0.1')
  assert.equal(await Promise.race([waiting.then(() => 'free'), new Promise((wake) => setTimeout(wake, 50))]), undefined)
  other.close()
  await waiting
})
