import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DataFolderInUse, startEmbedded } from '../../src/db/embedded/index.ts'
import { lockFolder } from '../../src/db/embedded/lock.ts'
import { askOne, dataFolder, own, serversIn, temporaryFolder } from './harness.ts'

test('a second start on a folder is refused, names the owner, and does not disturb the first', async (t) => {
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir })
  const { url, pid } = await first.started()
  const refused = await own(t, { dataDir }).refused()
  equal(refused.name, 'DataFolderInUse')
  equal(refused.ownerPid, first.child.pid)
  match(refused.message, new RegExp(`process ${first.child.pid} on ${hostname()}`))
  ok(refused.message.includes(dataDir))
  equal(await askOne(url, 'select 1'), 1)
  ok(serversIn(dataDir).includes(pid))
  await first.stop()
})

test('of starts at the same moment exactly one wins, and the others name it', async (t) => {
  const dataDir = await dataFolder(t)
  const owners = Array.from({ length: 5 }, () => own(t, { dataDir }))
  const outcomes = await Promise.all(owners.map(async (owner) => owner.started().catch(async () => owner.refused())))
  const winners = owners.filter((_, index) => outcomes[index]?.kind === 'started')
  equal(winners.length, 1)
  const named = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.ownerPid] : []))
  deepEqual(named, Array(4).fill(winners[0]?.child.pid))
  await winners[0]?.stop()
})

test('a second start inside one process is refused too, and does not open the folder to others', async (t) => {
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir })
  t.after(() => server.stop())
  await rejects(startEmbedded({ dataDir }), (error: unknown) => {
    ok(error instanceof DataFolderInUse)
    equal(error.ownerPid, process.pid)
    return true
  })
  equal((await own(t, { dataDir }).refused()).ownerPid, process.pid)
})

test('a link to the folder is the same folder', async (t) => {
  const { symlink } = await import('node:fs/promises')
  const dataDir = await dataFolder(t)
  const server = await startEmbedded({ dataDir })
  t.after(() => server.stop())
  const link = join(await temporaryFolder(t), 'link')
  await symlink(dataDir, link)
  await rejects(startEmbedded({ dataDir: link }), DataFolderInUse)
})

test('what a killed owner wrote about itself is not believed', async (t) => {
  const folder = await temporaryFolder(t)
  for (const pid of [2 ** 22 - 1, process.ppid]) {
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid, host: hostname(), since: 'long ago' }))
    const lock = await lockFolder(folder)
    await rejects(lockFolder(folder), (error: unknown) => (error as DataFolderInUse).ownerPid === process.pid)
    await lock.release()
    await lock.release()
  }
  await (await lockFolder(folder)).release()
})

test('a killed owner frees the folder at once', async (t) => {
  const dataDir = await dataFolder(t)
  const first = own(t, { dataDir })
  await first.started()
  await first.kill()
  const second = own(t, { dataDir })
  equal((await second.started()).adopted, true)
  await second.stop()
  deepEqual(serversIn(dataDir), [])
})
