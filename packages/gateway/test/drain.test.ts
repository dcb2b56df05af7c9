import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { asUser, held, openShop } from './harness.ts'
import { sampleAnswer } from './samples.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const closed = { code: 'ECONNREFUSED' }

/** Connects and leaves; the code of the error when nobody opens. */
const knock = (port: number) =>
  new Promise<string | undefined>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
  })

test('what was asked is answered, told to close, and then nobody is let in', async (t) => {
  const gate = held<void>()
  const shop = await openShop(t, async ({ entry }) => {
    await gate.promise
    return sampleAnswer(entry)
  })
  const asked = Array.from({ length: 20 }, () => shop.get('/v1/me', asUser('a')))
  while (shop.calls.length < 20) await pause(5)
  const drained = shop.gateway.drain()
  while ((await knock(shop.port)) !== closed.code) await pause(5)
  gate.release()
  for (const answer of await Promise.all(asked)) {
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('connection'), 'close')
    assert.ok((await answer.text()).length > 2)
  }
  await drained
  assert.equal(shop.gateway.inFlight(), 0)
})

type Outcome = { status: number; asked: boolean }

/** One client that keeps its connection and asks again and again until it is told to close or turned away. */
const keepAsking = async (
  port: number,
  path: string,
  body: string | undefined,
  until: () => boolean,
): Promise<Outcome[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const outcomes: Outcome[] = []
  let going = true
  while (going && !until()) {
    going = await new Promise<boolean>((resolve) => {
      const headers = { ...asUser('a'), ...(body && { 'content-type': 'application/json' }) }
      const one = request({ port, path, agent, method: body ? 'POST' : 'GET', headers }, (response) => {
        response.resume()
        response.on('end', () => {
          outcomes.push({ status: response.statusCode ?? 0, asked: true })
          resolve(response.headers.connection !== 'close')
        })
      })
      one.on('error', (error: NodeJS.ErrnoException) => {
        // Nothing was sent yet: a client may safely go elsewhere.
        outcomes.push({ status: 0, asked: error.code !== closed.code })
        resolve(false)
      })
      one.end(body)
    })
  }
  agent.destroy()
  return outcomes
}

test('under load every request that was sent ends properly', async (t) => {
  const shop = await openShop(
    t,
    async ({ entry }) => {
      await pause(Math.random() * 10)
      return sampleAnswer(entry)
    },
    { drainGraceMs: 500 },
  )
  let over = false
  const clients = Array.from({ length: 30 }, (_, i) =>
    i % 3 === 0
      ? keepAsking(shop.port, '/v1/products', undefined, () => over)
      : keepAsking(shop.port, '/v1/orders/prepare', i % 3 === 1 ? '{"fromCart":true}' : undefined, () => over),
  )
  while (shop.calls.length < 300) await pause(5)
  await shop.gateway.drain()
  over = true
  const outcomes = (await Promise.all(clients)).flat()
  assert.ok(outcomes.length > 300)
  assert.deepEqual(
    outcomes.filter(({ status, asked }) => asked && ![200, 201, 405].includes(status)),
    [],
  )
})

test('idle connections and silent ones do not hold the drain up', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  await (await shop.get('/v1/products')).text()
  const silent = connect(shop.port, '127.0.0.1')
  await new Promise((resolve) => silent.once('connect', resolve))
  const gone = new Promise((resolve) => silent.once('close', resolve))
  silent.resume()
  await pause(20)
  await shop.gateway.drain()
  await gone
})

test('a large answer to a slow reader is finished', async (t) => {
  const shop = await openShop(t, () => ({
    contentType: 'image/webp',
    body: Buffer.alloc(3_500_000, 7),
    headers: {},
    status: 0,
  }))
  const total = await new Promise<number>((resolve, reject) => {
    const one = request({ port: shop.port, path: '/media/a.webp', agent: false }, async (response) => {
      let bytes = 0
      const drained = shop.gateway.drain()
      for await (const chunk of response) {
        bytes += (chunk as Buffer).length
        await pause(1)
      }
      await drained
      resolve(bytes)
    })
    one.on('error', reject)
    one.end()
  })
  assert.equal(total, 3_500_000)
})

test('facts are no longer heard afterwards, and draining twice is harmless', async (t) => {
  let listeners = 0
  const shop = await openShop(t, () => ({}), {
    broadcast: () => {
      listeners += 1
      return () => {
        listeners -= 1
      }
    },
  })
  assert.equal(listeners, 1)
  await shop.gateway.drain()
  assert.equal(listeners, 0)
  await shop.gateway.drain()
})
