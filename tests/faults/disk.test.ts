import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type pg from 'pg'
import { type Answer, address, must } from '../api.ts'
import { withDatabase } from '../database.ts'
import { problemOf } from '../problem.ts'
import { type System, startSystem } from '../system.ts'
import { sayHowToReplay } from './campaign.ts'
import type { Patient } from './patient.ts'
import { report } from './report.ts'
import { settled } from './settle.ts'
import { createProductPatiently, openShop, registerPatiently, type Shop } from './shop.ts'
import { fillUp, mountSmall } from './small-disk.ts'
import { assertKept } from './verify.ts'

sayHowToReplay()

/** Room for the cluster, its log, and little else. */
const megabytes = 400
const enoughRefusals = 20
const mostTries = 5000
const mostFiles = 100

type Try = { key: string; answer: Answer }

/** Orders of a buyer, several at once, until enough of them were refused. */
const orderUntilRefused = async (buyer: Patient, wish: object): Promise<Try[]> => {
  const tries: Try[] = []
  const goOn = () =>
    tries.length < mostTries && tries.filter(({ answer }) => answer.status !== 201).length < enoughRefusals
  const one = async (): Promise<void> => {
    while (goOn()) {
      const key = randomUUID()
      tries.push({ key, answer: await buyer.api.post('/v1/orders', wish, { 'idempotency-key': key }) })
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
  return tries
}

/** The log goes on in new files until there is room for none: PostgreSQL stops then, and cannot start. */
const exhaustLog = async (system: System): Promise<void> => {
  const goOn = (client: pg.Client) => client.query(`select pg_logical_emit_message(true, 'x', 'x'), pg_switch_wal()`)
  await assert.rejects(
    withDatabase(system, async (client) => {
      client.on('error', () => {})
      for (let file = 0; file < mostFiles; file++) await goOn(client)
    }),
  )
}

const fillAndFree = async (system: System, shop: Shop, alsoLog: boolean): Promise<void> => {
  const buyer = await registerPatiently(shop)
  const wish = { lines: [{ skuId: await createProductPatiently(shop.admin, 10_000), quantity: 1 }], address }
  const free = await fillUp(system.dataDir)
  if (alsoLog) await exhaustLog(system)
  const tries = await orderUntilRefused(buyer, wish).finally(free)
  const refused = tries.filter(({ answer }) => answer.status !== 201)
  assert.ok(refused.length >= enoughRefusals, `the disk was never full: ${tries.length} orders`)
  for (const { answer } of refused) {
    assert.equal(problemOf(answer, 'refused').status, 503)
    assert.ok(answer.headers.get('retry-after'), answer.text)
  }
  // With the same keys, whatever became of the first try.
  for (const { key, answer } of tries) {
    const again = await buyer.post('/v1/orders', wish, key)
    must(again, 201)
    if (answer.status === 201) assert.equal(again.text, answer.text)
  }
}

for (const [says, alsoLog] of [
  ['the disk is full', false],
  ['the disk is full and the log ends with it', true],
] as const)
  test(`${says}: clean refusals, nothing acknowledged is lost, and it goes on when there is space`, async (t) => {
    const disk = await mountSmall(megabytes)
    if (typeof disk === 'string') return t.skip(disk)
    let system: System | undefined
    try {
      system = await startSystem('start', { dataDir: disk.folder })
      const shop = await openShop(system)
      await fillAndFree(system, shop, alsoLog)
      if (alsoLog) assert.match(system.output(), /PostgreSQL \(pid \d+\) has ended; starting it again/)
      await settled(system)
      await assertKept(shop)
      assert.deepEqual([system.child.exitCode, system.child.signalCode], [null, null])
    } catch (error) {
      report(system)
      throw error
    } finally {
      await system?.stop()
      await disk.unmount()
    }
  })
