import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startEmbedded } from '../../src/db/embedded/index.ts'
import { isAlive, signal } from '../../src/db/embedded/processes.ts'
import { ask, askOne, clusterOf, dataFolder, eventually, isRoot, own, serversIn, urlFileOf } from './harness.ts'

test('a server that survived its owner is adopted with its data and its address', async (t) => {
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir })
  const before = await first.started()
  await ask(before.url, 'create table kept as select 7 as number')
  await first.kill()
  ok(isAlive(before.pid))
  equal(await askOne(await urlFileOf(dataDir), 'select number from kept'), 7)

  const second = own(t, { dataDir })
  const after = await second.started()
  deepEqual([after.pid, after.url, after.adopted, after.initialised], [before.pid, before.url, true, false])
  equal(await askOne(after.url, 'select number from kept'), 7)
  await second.stop()
  equal(isAlive(before.pid), false)
  deepEqual(serversIn(dataDir), [])
  ok(!(await readdir(dataDir)).includes('database.url'))
})

test('a survivor with too few connections is started again, not adopted', async (t) => {
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir, maxConnections: 20 })
  const before = await first.started()
  await first.kill()
  const second = own(t, { dataDir, maxConnections: 30 })
  const after = await second.started()
  equal(after.adopted, false)
  notEqual(after.pid, before.pid)
  equal(await askOne(after.url, 'show max_connections'), '30')
  await second.stop()
})

test('a survivor that no longer answers is replaced', async (t) => {
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir })
  const before = await first.started()
  await ask(before.url, 'create table kept as select 7 as number')
  await first.kill()
  // Its socket is gone, as after a cleaner's visit: it lives, and nobody can ask it anything.
  await rm(new URL(before.url).searchParams.get('host') ?? '', { recursive: true })
  const second = own(t, { dataDir })
  const after = await second.started()
  deepEqual([after.adopted, isAlive(before.pid)], [false, false])
  equal(await askOne(after.url, 'select number from kept'), 7)
  await second.stop()
})

test('owner and server killed together: the next start recovers every commit', async (t) => {
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir })
  const before = await first.started()
  await ask(before.url, 'create table kept (number int)')
  await ask(before.url, 'insert into kept values (7)')
  await first.kill()
  signal(before.pid, 'SIGKILL')
  const second = own(t, { dataDir })
  const after = await second.started()
  deepEqual([after.adopted, after.initialised], [false, false])
  equal(await askOne(after.url, 'select number from kept'), 7)
  await second.stop()
})

test('a session that outlives its killed server does not block the next start', async (t) => {
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir })
  const before = await first.started()
  // A loop never looks whether the postmaster is still there, and its client, this process, stays connected.
  const busy = ask(before.url, 'do $$ begin loop end loop; end $$').catch((error: Error) => error.message)
  await eventually(async () => {
    equal(await askOne(before.url, `select count(*)::int from pg_stat_activity where query like 'do %'`), 1)
  })
  await first.kill()
  signal(before.pid, 'SIGKILL')
  await eventually(async () => equal(isAlive(before.pid), false))
  ok(serversIn(dataDir).length > 0)
  const second = own(t, { dataDir })
  equal(await askOne((await second.started()).url, 'select 1'), 1)
  match(String(await busy), /terminat/)
  await second.stop()
})

test('a server killed under a living owner comes back by itself at the same address', async (t) => {
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir })
  t.after(() => server.stop())
  await ask(server.url, 'create table kept (number int)')
  for (const [number, name] of (['SIGKILL', 'SIGQUIT', 'SIGKILL'] as const).entries()) {
    const { pid } = server
    await ask(server.url, 'insert into kept values ($1)', [number])
    signal(pid, name)
    const rows = await eventually(async () => {
      notEqual(server.pid, pid)
      return ask(server.url, 'select number from kept order by number')
    })
    equal(rows.length, number + 1)
  }
})

test('a stop in the middle of a restart leaves no server behind', async (t) => {
  const dataDir = await dataFolder(t)
  for (const afterMs of [0, 240, 270, 300, 340]) {
    const server = await startEmbedded({ dataDir })
    signal(server.pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await server.stop()
    deepEqual(serversIn(dataDir), [])
    ok(!(await readdir(dataDir)).includes('database.url'))
  }
})

test('killed in the middle of its stop, the next start works', async (t) => {
  const dataDir = await dataFolder(t)
  for (const afterMs of [0, 5, 20, 40]) {
    const first = own(t, { dataDir })
    await first.started()
    first.child.send('stop')
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await first.kill()
    const second = own(t, { dataDir })
    equal(await askOne((await second.started()).url, 'select 1'), 1)
    await second.stop()
  }
  deepEqual(serversIn(dataDir), [])
})

test('an adopted server is watched like an own one', async (t) => {
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir })
  await first.started()
  await first.kill()
  const server = await startEmbedded({ dataDir })
  t.after(() => server.stop())
  const { pid, adopted } = server
  equal(adopted, true)
  signal(pid, 'SIGKILL')
  await eventually(async () => {
    notEqual(server.pid, pid)
    equal(await askOne(server.url, 'select 1'), 1)
  })
})

test('a pid file whose number now belongs to another process does not block the start', async (t) => {
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir })
  const pidFile = await readFile(join(clusterOf(dataDir), 'postmaster.pid'), 'utf8')
  const { uid, gid } = await stat(clusterOf(dataDir))
  await server.stop()
  // Of the server's own user, so that PostgreSQL, left alone, would take it for a running server.
  const stranger = spawn('sleep', ['60'], { cwd: '/', ...(isRoot ? { uid, gid } : {}) })
  t.after(() => stranger.kill())
  await writeFile(join(clusterOf(dataDir), 'postmaster.pid'), pidFile.replace(/^\d+/, String(stranger.pid)))
  const again = await startEmbedded({ dataDir })
  t.after(() => again.stop())
  equal(again.adopted, false)
  equal(await askOne(again.url, 'select 1'), 1)
})

test('killed at any moment of its first start, the next start works without a hand', async (t) => {
  for (const afterMs of [60, 150, 300, 450, 600]) {
    const dataDir = await dataFolder(t)
    const first = own(t, { dataDir })
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await first.kill()
    const second = own(t, { dataDir })
    const { url } = await second.started()
    equal(await askOne(url, 'select 1'), 1)
    await second.stop()
    deepEqual(serversIn(dataDir), [])
  }
})

test('Ctrl-C reaches the owner, not the server', async (t) => {
  const dataDir = await dataFolder(t)
  const owner = own(t, { dataDir, ownGroup: true })
  const { url, pid } = await owner.started()
  process.kill(-(owner.child.pid ?? 0), 'SIGINT')
  await eventually(async () => match(owner.lines.join('\n'), /SIGINT arrived/))
  equal(await askOne(url, 'select 1'), 1)
  ok(isAlive(pid))
  await owner.stop()
  equal(isAlive(pid), false)
})

test('a folder deleted under the server leaves no server behind', async (t) => {
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir })
  const { pid } = server
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  await server.stop()
  equal(isAlive(pid), false)
})
