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

test('a port that is promised to somebody is not drawn', async () => {
  const all = Array.from({ length: 12_000 }, (_, n) => 20_000 + n)
  const draw = createPortPicker([80, ...all.filter((port) => port < 20_100 || port >= 20_120)])
  for (let n = 0; n < 10; n++) {
    const port = await draw()
    assert.ok(port >= 20_100 && port < 20_120, `${port}`)
  }
  await assert.rejects(createPortPicker(all)(), /no port/)
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
