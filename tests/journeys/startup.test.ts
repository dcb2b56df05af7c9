import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { cny, createApi, must, signIn, until } from '../api.ts'
import { finished, souk } from '../command.ts'
import { withDatabase } from '../database.ts'
import { canSeeProcesses, processesOf } from '../processes.ts'
import { freePort, main, shapes, startSystem } from '../system.ts'

const freshEnv = async (dataDir: string, more: Record<string, string | undefined>): Promise<NodeJS.ProcessEnv> => ({
  ...process.env,
  SOUK_DATA_DIR: dataDir,
  SOUK_BIND: '127.0.0.1',
  SOUK_PORT: String(await freePort()),
  SOUK_OPS_PORT: String(await freePort()),
  SOUK_DEMO: 'false',
  ...more,
})

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-startup-'))
  try {
    await work(folder)
  } finally {
    if (canSeeProcesses()) for (const { pid } of await processesOf(folder)) process.kill(pid, 'SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

describe('starting', () => {
  test('without LANG the database is UTF-8, and Chinese text is stored, found and told apart', async () => {
    const system = await startSystem('start', {
      env: { LANG: undefined, LC_ALL: undefined, LC_CTYPE: undefined, LANGUAGE: undefined },
    })
    try {
      await withDatabase(system, async (client) => {
        const { rows } = await client.query(
          'select pg_encoding_to_char(encoding) as encoding, datctype from pg_database where datname = current_database()',
        )
        assert.equal(rows[0].encoding, 'UTF8')
      })
      const admin = await signIn(system.base, system.admin.email, system.admin.password)
      for (const name of ['蓝色羊毛围巾', '红色丝绸围巾', 'Straße LAMP'])
        must(
          await admin.post('/v1/admin/products', { name, skus: [{ code: name, price: cny(100) }], publish: true }),
          201,
        )
      const found = async (q: string) =>
        must(await createApi(system.base).get(`/v1/products?q=${encodeURIComponent(q)}`), 200)
          .products.map(({ name }: { name: string }) => name)
          .toSorted()
      const wished: [string, string[]][] = [
        ['羊毛', ['蓝色羊毛围巾']],
        ['毛围', ['蓝色羊毛围巾']],
        ['围巾', ['红色丝绸围巾', '蓝色羊毛围巾']],
        ['丝', ['红色丝绸围巾']],
        ['lamp', ['Straße LAMP']],
        ['straße', ['Straße LAMP']],
        ['棉布', []],
        ['%', []],
      ]
      for (const [q, names] of wished) assert.deepEqual(await found(q), names.toSorted(), q)
    } finally {
      await system.remove()
    }
  })

  for (const shape of shapes)
    test(`wrong settings are all told at once, before anything starts, ${shape}`, () =>
      inFolder(async (folder) => {
        const dataDir = join(folder, 'data')
        const wrong = {
          SOUK_PORT: 'eighty',
          SOUK_CURRENCY: 'yuan',
          SOUK_DEMO: 'perhaps',
          SOUK_PAYMENT_WINDOW: 'soon',
          SOUK_RATE_LIMITS: 'sometimes',
          SOUK_ACCESS_TOKEN_TTL: '3d',
          SOUK_ADMIN_PASSWORD: 'hunter2',
        }
        const { code, stderr, stdout } = await souk([shape], await freshEnv(dataDir, wrong))
        assert.equal(code, 1)
        for (const name of Object.keys(wrong)) assert.ok(stderr.includes(name), `${name} is not told:\n${stderr}`)
        assert.ok(!(stderr + stdout).includes('hunter2'), 'a secret was printed')
        assert.doesNotMatch(stderr, /\n\s+at /, 'a stack is no sentence')
        assert.ok(!existsSync(dataDir), 'something was started')
      }))

  test('a given database that does not answer ends the start with 1, without its password being printed', () =>
    inFolder(async (folder) => {
      const url = 'postgresql://souk:hunter2@127.0.0.1:1/souk'
      const { code, stderr, stdout } = await souk(['start'], await freshEnv(folder, { DATABASE_URL: url }))
      assert.equal(code, 1)
      assert.match(stderr, /127\.0\.0\.1:1\b/)
      assert.ok(!(stderr + stdout).includes('hunter2'), 'a secret was printed')
    }))

  for (const [port, address] of [
    ['SOUK_OPS_PORT', 'ops'],
    ['SOUK_PORT', 'base'],
  ] as const)
    test(`${port} that is taken ends the start with 1 and is named, and no database stays behind`, () =>
      inFolder(async (folder) => {
        const other = await startSystem('start')
        const taken = new URL(other[address]).port
        try {
          const child = spawn(process.execPath, [main, 'start'], {
            env: await freshEnv(folder, { [port]: taken }),
            stdio: ['ignore', 'pipe', 'pipe'],
          })
          const over = finished(child)
          // One that starts all the same would never end by itself.
          const tooLong = setTimeout(() => child.kill('SIGTERM'), 60_000)
          const { code, stderr } = await over
          clearTimeout(tooLong)
          assert.equal(code, 1, stderr)
          assert.match(stderr, new RegExp(`EADDRINUSE.*\\b${taken}\\b`))
          if (canSeeProcesses()) assert.deepEqual(await processesOf(folder), [])
        } finally {
          await other.remove()
        }
      }))

  for (const shape of shapes)
    test(`told to stop while it is still starting, it leaves no process behind, ${shape}`, async (t) => {
      if (!canSeeProcesses()) return t.diagnostic('processes cannot be seen here')
      await inFolder(async (folder) => {
        const env = await freshEnv(folder, {})
        const child = spawn(process.execPath, [main, shape], { env, stdio: ['ignore', 'pipe', 'pipe'] })
        const over = finished(child)
        await until(
          async () => existsSync(join(folder, 'database.url')),
          (there) => there,
          60_000,
        )
        child.kill('SIGTERM')
        const { stderr } = await over
        const left = (await processesOf(folder)).map(({ command }) => command.slice(0, 120))
        assert.deepEqual(left, [], stderr)
      })
    })

  test('the first administrator is drawn and printed once, and can sign in', async () => {
    const system = await startSystem('start', { env: { SOUK_ADMIN_EMAIL: undefined, SOUK_ADMIN_PASSWORD: undefined } })
    try {
      const printed = system.output()
      const [, email, password] = /^First administrator: (\S+) \/ (\S+)$/m.exec(printed) ?? []
      assert.ok(email && password, printed)
      const admin = await signIn(system.base, email, password)
      must(await admin.get('/v1/admin/users'), 200)
      await system.stop()
      await system.restart()
      assert.equal(system.output().split(password).length, 2, 'the password was printed again')
      must(await signIn(system.base, email, password).then((api) => api.get('/v1/admin/users')), 200)
    } finally {
      await system.remove()
    }
  })

  test('an empty database becomes a stocked shop in two languages, the same on every start', async () => {
    const system = await startSystem('start', { demo: true })
    try {
      const shop = createApi(system.base)
      const names = async (locale: string) =>
        (await shop.get('/v1/products?pageSize=100&sort=price', { 'accept-language': locale })).body.products as {
          id: string
          name: string
        }[]
      await until(
        async () => system.output(),
        (text) => /^demo catalog: \d+ products/m.test(text),
        60_000,
      )
      const [english, chinese] = [await names('en'), await names('zh-CN')]
      assert.equal(english.length, 100)
      assert.deepEqual(
        chinese.map(({ id }) => id),
        english.map(({ id }) => id),
      )
      assert.ok(english.every(({ name }) => /^[\p{Script=Latin}\p{P}\p{N}\s&]+$/u.test(name)))
      assert.ok(
        chinese.every(({ name }) => /\p{Script=Han}/u.test(name)),
        JSON.stringify(chinese.filter(({ name }) => !/\p{Script=Han}/u.test(name))),
      )
      const before = must(await shop.get('/v1/products?pageSize=100&sort=name'), 200)
      await system.stop()
      await system.restart()
      assert.deepEqual(must(await shop.get('/v1/products?pageSize=100&sort=name'), 200), before)
    } finally {
      await system.remove()
    }
  })
})
