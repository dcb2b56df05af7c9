import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { address, until } from '../api.ts'
import { inParallel } from '../parallel.ts'
import { endsOf, membersOf } from '../processes.ts'
import { type Shape, shapes, startSystem } from '../system.ts'
import { campaign, figure, sayHowToReplay, seed } from './campaign.ts'
import { keepRunning } from './keeper.ts'
import { startLoad } from './load.ts'
import { askAll, crash, cut, type Fault, ready, someNotReady } from './outages.ts'
import type { Patient } from './patient.ts'
import { takeConnections } from './postgres.ts'
import { pause, randomFrom } from './random.ts'
import { report } from './report.ts'
import { settled } from './settle.ts'
import { openShop, registerPatiently } from './shop.ts'
import { assertKept } from './verify.ts'

sayHowToReplay()

const kill: Fault = async (system) => {
  const { child } = system
  child.kill('SIGKILL')
  await until(async () => system.child !== child, Boolean, 90_000)
  await ready(system)
}

/** Nobody gets a connection; every process lives on, and those that need one say that they are not ready. */
const starve: Fault = async (system) => {
  const starving = takeConnections(system, 4000)
  await someNotReady(system)
  assert.deepEqual(new Set(await askAll(system, '/livez')), new Set([200]))
  assert.ok((await starving) > 0)
  await ready(system)
}

/** A replica stands still for longer than its leases last, then goes on as if nothing had been. */
const freeze: Fault = async (system) => {
  const { pid } = membersOf(system).find(({ name }) => name === 'order')!
  process.kill(pid, 'SIGSTOP')
  await pause(13_000)
  process.kill(pid, 'SIGCONT')
  await ready(system)
}

/** The longest time without a placed order while a fault lasts, in milliseconds; keys without an answer go to `open`. */
const longestGap = async (buyer: Patient, order: unknown, open: string[], fault: Promise<void>): Promise<number> => {
  let over = false
  const ended = fault.finally(() => {
    over = true
  })
  let [longest, last] = [0, performance.now()]
  for (let placed = false; !(over && placed); await pause(50)) {
    const key = randomUUID()
    const answer = await buyer.once('/v1/orders', order, key)
    placed = answer?.status === 201
    if (!placed) {
      open.push(key)
      continue
    }
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }
  await ended
  return longest
}

const wordsOf = (times: readonly number[]): string => {
  const sorted = times.map((ms) => Math.round(ms)).sort((a, b) => a - b)
  return `median ${sorted[sorted.length >> 1]} ms, at most ${sorted.at(-1)} ms`
}

/** A whole system under load, the faults one after another, the end of the load, rest. Answers how processes ended. */
const survives = async (shape: Shape, says: string, faults: readonly Fault[]): Promise<readonly string[]> => {
  const random = randomFrom(seed)
  const system = await startSystem(shape, { args: shape === 'start' ? [] : ['--replicas', 'order=2'] })
  const keeper = shape === 'start' ? keepRunning(system) : undefined
  try {
    const shop = await openShop(system)
    const load = startLoad(shop, random)
    const buyer = await registerPatiently(shop)
    const order = { lines: [{ skuId: shop.skuIds[0], quantity: 1 }], address }
    const times: number[] = []
    const open: string[] = []
    for (const fault of faults) {
      await pause(1000 + random() * 2000)
      times.push(await longestGap(buyer, order, open, fault(system)))
    }
    // Any of them may have been placed although nobody was told; whoever asks again learns of it.
    await inParallel(open, 8, (key) => buyer.post('/v1/orders', order, key))
    figure(`${says}, ${shape}: no order for ${wordsOf(times)}`)
    await pause(1000)
    assert.deepEqual(await load.stop(), [])
    await settled(system)
    await assertKept(shop)
    return keeper?.ends ?? endsOf(system)
  } catch (error) {
    report(system)
    throw error
  } finally {
    keeper?.stop()
    await system.remove()
  }
}

const often = (fault: Fault): Fault[] => Array.from({ length: 20 }, () => fault)

describe(`crashes under load, twenty times, SOUK_SEED=${seed}`, { skip: !campaign && 'set SOUK_CAMPAIGN=1' }, () => {
  test('the one process is killed', async () => {
    assert.deepEqual(await survives('start', 'killed', often(kill)), Array(20).fill('SIGKILL'))
  })
  for (const shape of shapes)
    for (const [says, fault] of [
      ['PostgreSQL crashes', crash],
      ['all connections are cut', cut],
      ['all connections are taken', starve],
    ] as const)
      test(`${says}, ${shape}: no process ends`, async () => {
        assert.deepEqual(await survives(shape, says, often(fault)), [])
      })
  test('a replica is frozen past its leases', async () => {
    assert.deepEqual(await survives('start-services', 'a replica is frozen', often(freeze).slice(0, 5)), [])
  })
})
