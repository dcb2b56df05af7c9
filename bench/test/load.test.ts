import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openLane } from '../lane.ts'
import { closedLoad, openLoad, type Work } from '../load.ts'
import { growthOf, percentile } from '../statistics.ts'

const hundred = Float64Array.from({ length: 100 }, (_, n) => n + 1)

for (const [says, values, p, expected] of [
  ['of nothing is 0', [], 99, 0],
  ['of one is that one', [7], 50, 7],
  ['the median of two is the lower', [1, 2], 50, 1],
  ['99 of a hundred do not exceed it', hundred, 99, 99],
  ['all of them do not exceed the last', hundred, 100, 100],
  ['a part of a value counts whole', hundred, 99.5, 100],
] as const)
  test(`percentile: ${says}`, () => assert.equal(percentile(values, p), expected))

for (const [says, series, expected] of [
  ['the first third does not count', [1, 1, 10, 10, 11, 11], 0.1],
  ['one spike is no growth', [1, 1, 1, 5, 5, 5, 5, 99, 5], 0],
  ['shrinking is negative', [9, 8, 4], -0.5],
  ['too short to say', [1, 2], Number.NaN],
] as const)
  test(`growth: ${says}`, () => assert.ok(Object.is(Number(growthOf(series).toFixed(6)), expected)))

/** Answers each request when its turn comes; breaks the connection where told to. */
const withServer = async (
  answer: (n: number) => Promise<'break' | undefined>,
  run: (port: number) => Promise<void>,
): Promise<void> => {
  let n = 0
  const server = createServer(async (request, response) => {
    if ((await answer(n++)) === 'break') return void request.socket.destroy()
    response.writeHead(200, { 'content-length': 2 }).end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await run((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const get: Work = (lane) => lane.send({ verb: 'GET', path: '/' })
const at = async () => undefined

test('open model: as many as were due, each once and in order, whatever the connections', () =>
  withServer(at, async (port) => {
    const begun: number[] = []
    const work: Work = (lane, n) => {
      begun.push(n)
      return get(lane, n)
    }
    let seen = 0
    const outcome = await openLoad({ port, rate: 200, seconds: 0.5, lanes: 3, work, seen: () => seen++ })
    assert.deepEqual(begun, [...Array(100).keys()])
    assert.deepEqual([outcome.statuses, outcome.latencies.length, outcome.pieces, seen], [{ 200: 100 }, 100, 100, 100])
  }))

test('open model: who had to wait for a connection waited since he was due', async () => {
  const gate = Promise.withResolvers<undefined>()
  await withServer(
    (n) => (n === 0 ? gate.promise : at()),
    async (port) => {
      // Work 0 holds the only connection until all the others are due.
      const work: Work = (lane, n) => {
        if (n === 0) setTimeout(() => gate.resolve(undefined), 300)
        return get(lane, n)
      }
      const { latencies } = await openLoad({ port, rate: 100, seconds: 0.1, lanes: 1, work })
      // Due every 10 ms over 90 ms and none answered before 300.
      assert.equal(latencies.length, 10)
      assert.ok(
        latencies.every((ms) => ms >= 200),
        `${latencies}`,
      )
    },
  )
})

test('open model: what was due while warming up is done and not counted', () =>
  withServer(at, async (port) => {
    const seen: number[] = []
    const load = { port, rate: 100, seconds: 0.2, warmUp: 0.3, lanes: 4 }
    const outcome = await openLoad({ ...load, work: get, seen: (_, ms) => seen.push(ms) })
    assert.deepEqual([outcome.pieces, outcome.latencies.length, seen.length], [50, 20, 20])
  }))

test('open model: a broken connection costs one piece of work and is replaced', () =>
  withServer(
    async (n) => (n === 3 ? 'break' : undefined),
    async (port) => {
      const outcome = await openLoad({ port, rate: 200, seconds: 0.1, lanes: 1, work: get })
      assert.deepEqual([outcome.statuses, outcome.broken, outcome.pieces], [{ 200: 19 }, 1, 20])
    },
  ))

test('closed model: so many pieces and no more, in company', () =>
  withServer(at, async (port) => {
    const outcome = await closedLoad({ port, clients: 4, seconds: 60, count: 30, work: get })
    assert.deepEqual([outcome.statuses, outcome.pieces, outcome.broken], [{ 200: 30 }, 30, 0])
  }))

test('open model: a connection that the server closed while nobody used it is replaced, and nothing is lost', async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-length': 2 }).end('ok', () => setImmediate(() => request.socket.destroy()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const outcome = await openLoad({ port, rate: 20, seconds: 0.3, lanes: 1, work: get })
  assert.deepEqual([outcome.statuses, outcome.broken], [{ 200: 6 }, 0])
  server.close()
})

test('a connection that is closed says so at once', () =>
  withServer(at, async (port) => {
    const lane = await openLane(port)
    lane.close()
    while (!lane.closed) await new Promise((wake) => setTimeout(wake, 5))
    await assert.rejects(lane.send({ verb: 'GET', path: '/' }), /closed/)
  }))
