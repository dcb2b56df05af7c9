import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Api, address, createApi, createProduct, must, registerBuyer, signIn, until } from '../api.ts'
import { souk } from '../command.ts'
import { withDatabase } from '../database.ts'
import { startLoad, type Wish } from '../load.ts'
import { canSeeProcesses, processesOf } from '../processes.ts'
import { freePort, type System, shapes, startSystem } from '../system.ts'

/** The value once it is good, or the last one when it never is. */
const eventually = async <T>(ask: () => Promise<T>, good: (value: T) => boolean): Promise<T> =>
  until(ask, good, 10_000).catch(ask)

const gone = (asking: Promise<unknown>): Promise<boolean> =>
  asking.then(
    () => false,
    () => true,
  )

/** What is still there of a system that was stopped. */
const remainsOf = async ({ base, dataDir }: System, url: string): Promise<string[]> => {
  const client = new pg.Client({ connectionString: url })
  const checks: [string, boolean][] = [
    ['the database answers', await gone(client.connect())],
    ['the address of the database', await gone(access(join(dataDir, 'database.url')))],
    ['the public port answers', await gone(fetch(`${base}/v1/categories`))],
  ]
  await client.end().catch(() => {})
  const running = canSeeProcesses() ? await processesOf(dataDir) : []
  return [...checks.flatMap(([what, isGone]) => (isGone ? [] : [what])), ...running.map(({ command }) => command)]
}

for (const shape of shapes)
  describe(`a system's life, ${shape}`, () => {
    let system: System
    let admin: Api

    before(async () => {
      system = await startSystem(shape, { ownGroup: true })
      admin = await signIn(system.base, system.admin.email, system.admin.password)
    })
    after(async () => {
      await system?.remove()
      // What a failed test left behind must not disturb the next one.
      if (system && canSeeProcesses())
        for (const { pid } of await processesOf(system.dataDir)) process.kill(pid, 'SIGKILL')
    })

    const buyers = async (count: number, skuId: string): Promise<Wish[]> => {
      const wish = { lines: [{ skuId, quantity: 1 }], address }
      return Promise.all(
        Array.from({ length: count }, async () => {
          const { token } = await registerBuyer(system.base)
          const headers = () => ({ authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() })
          return { what: 'order', verb: 'POST' as const, path: '/v1/orders', headers, body: wish }
        }),
      )
    }
    const readers = (count: number, path: string, fresh: boolean): Wish[] =>
      Array.from({ length: count }, () => ({ what: fresh ? 'fresh' : 'read', verb: 'GET', path, fresh }))

    test('a second start on the same data folder ends with 1 and names the owner; the first goes on', async () => {
      const [port, opsPort] = [await freePort(), await freePort()]
      const env = { ...system.env, SOUK_PORT: String(port), SOUK_OPS_PORT: String(opsPort) }
      for (const verb of ['start', 'start-services', 'migrate', 'seed']) {
        const second = await souk([verb], env)
        assert.equal(second.code, 1, verb)
        assert.match(second.stderr, new RegExp(`process ${system.child.pid}\\b`), verb)
        assert.ok(second.stderr.includes(system.dataDir), verb)
      }
      must(await admin.get('/v1/me'), 200)
    })

    const stopUnderLoad = async (t: TestContext, stop: () => Promise<number | null>): Promise<void> => {
      const { id, skuIds } = await createProduct(admin, { stock: 1_000_000 })
      const url = await system.databaseUrl()
      const load = startLoad(system.base, [
        ...(await buyers(16, skuIds[0]!)),
        ...readers(4, `/v1/products/${id}`, false),
        ...readers(16, '/v1/products?sort=name', true),
        ...readers(16, `/v1/inventory/${skuIds[0]}`, true),
      ])
      await until(
        async () => load.soFar().length,
        (count) => count > 500,
      )
      const signalledAt = performance.now()
      const code = await stop()
      const all = await load.stop()
      const remains = await remainsOf(system, url)
      // Before anything is judged, so that the next test has a system whatever comes out.
      await system.restart()
      assert.equal(code, 0)
      const before = all.filter(({ sentAt }) => sentAt !== undefined && sentAt < signalledAt)
      const failed = before.filter(({ status, error }) => error !== undefined || ![200, 201].includes(status!))
      const underWay = all.filter(({ sentAt, error }) => sentAt !== undefined && sentAt >= signalledAt && !error)
      t.diagnostic(
        `${before.length} sent before the signal, ${failed.length} failed; ${underWay.length} answered after it`,
      )
      assert.deepEqual(
        failed.map(({ what, status, error }) => [what, status, error]),
        [],
      )
      assert.deepEqual(remains, [])
      const placed = all.filter(({ what, status }) => what === 'order' && status === 201)
      assert.ok(placed.length > 0)
      const { rows } = await withDatabase(system, (client) => client.query('select id from souk_order.orders'))
      const kept = new Set(rows.map((row) => row.id))
      for (const { text } of placed) assert.ok(kept.has(JSON.parse(text).id), 'an order that was answered is gone')
    }

    test('SIGTERM under load: every request that was sent before it gets its answer, and nothing is left behind', (t) =>
      stopUnderLoad(t, () => system.stop()))

    const ctrlC = () => process.kill(-system.child.pid!, 'SIGINT')

    test('Ctrl-C under load, passed on by npm and followed by SIGTERM, is one wish to stop', (t) =>
      stopUnderLoad(t, () => {
        ctrlC()
        system.child.kill('SIGINT')
        return system.stop()
      }))

    test('a person who presses Ctrl-C again does not wait for the end of the drain', async () => {
      system.env.SOUK_DRAIN_DELAY = '60s'
      await system.stop()
      await system.restart()
      delete system.env.SOUK_DRAIN_DELAY
      const over = once(system.child, 'exit')
      ctrlC()
      await pause(1500)
      ctrlC()
      const [code] = await over
      const left = async () => (await processesOf(system.dataDir)).filter(({ command }) => / serve /.test(command))
      const remains = canSeeProcesses() ? await eventually(left, (list) => list.length === 0) : []
      await system.restart()
      assert.deepEqual([code, remains], [1, []])
    })

    test('SIGKILL under load, then start again with no step between: whatever was answered is there', async () => {
      const { skuIds } = await createProduct(admin, { stock: 1_000_000 })
      const load = startLoad(system.base, await buyers(16, skuIds[0]!))
      await until(
        async () => load.soFar().length,
        (count) => count > 200,
      )
      await system.kill()
      await system.restart()
      const placed = (await load.stop()).filter(({ status, error }) => status === 201 && !error)
      assert.ok(placed.length > 0)
      const { rows } = await withDatabase(system, (client) => client.query('select id from souk_order.orders'))
      const kept = new Set(rows.map((row) => row.id))
      for (const { text } of placed) assert.ok(kept.has(JSON.parse(text).id), 'an order that was answered is gone')
      const buyer = await registerBuyer(system.base)
      must(await buyer.post('/v1/orders', { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address }), 201)
    })

    test('after a kill and a new start there is one installation, not two; stopping it ends everything', async () => {
      const url = await system.databaseUrl()
      await system.kill()
      await system.restart()
      const commands = async () =>
        (await processesOf(system.dataDir))
          .map(({ command }) => command)
          .filter((text) => /main\.ts (start|serve)/.test(text))
      const expected = shape === 'start' ? 1 : 1 + system.members.length
      const found = canSeeProcesses() ? await eventually(commands, (list) => list.length === expected) : []
      const code = await system.stop()
      const remains = await remainsOf(system, url)
      if (canSeeProcesses()) for (const { pid } of await processesOf(system.dataDir)) process.kill(pid, 'SIGKILL')
      await system.restart()
      if (canSeeProcesses()) assert.equal(found.length, expected, found.join('\n'))
      assert.deepEqual([code, remains], [0, []])
      must(await createApi(system.base).get('/v1/products'), 200)
    })
  })
