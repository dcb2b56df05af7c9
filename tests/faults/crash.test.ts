import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { until } from '../api.ts'
import { type Shape, type System, shapes, startSystem } from '../system.ts'
import { keepRunning } from './keeper.ts'
import { startLoad } from './load.ts'
import { crashPostgres, cutConnections } from './postgres.ts'
import { pause, randomFrom } from './random.ts'
import { report } from './report.ts'
import { settled } from './settle.ts'
import { openShop } from './shop.ts'
import { assertKept } from './verify.ts'

const campaign = process.env.SOUK_CAMPAIGN === '1'
const seed = Number(process.env.SOUK_SEED ?? 1)
const times = campaign ? 20 : 1
const chosen: readonly Shape[] = campaign ? shapes : ['start']

type Fault = (system: System, random: () => number) => Promise<void>

/** A whole system under load, `count` times the fault, the end of the load, rest, and everything kept. */
const survives = async (shape: Shape, count: number, fault: Fault): Promise<{ system: System; ends: string[] }> => {
  const random = randomFrom(seed)
  const system = await startSystem(shape)
  const keeper = shape === 'start' ? keepRunning(system) : undefined
  try {
    const shop = await openShop(system)
    const load = startLoad(shop, random)
    for (let n = 0; n < count; n++) {
      await pause(1000 + random() * 3000)
      await fault(system, random)
    }
    await pause(1000)
    assert.deepEqual(await load.stop(), [])
    await settled(system)
    await assertKept(shop)
    const ended = [...system.output().matchAll(/\(pid \d+\) ended with (\w+); starting it again/g)].map(
      ([, how]) => how!,
    )
    return { system, ends: [...(keeper?.ends ?? []), ...ended] }
  } catch (error) {
    report(system)
    throw error
  } finally {
    keeper?.stop()
    await system.remove()
  }
}

const isReady = (system: System) => async (): Promise<boolean> =>
  (await fetch(`${system.ops}/readyz`).catch(() => undefined))?.ok ?? false

describe(`crashes under load, SOUK_SEED=${seed}`, () => {
  test(`the one process is killed, ${times}x`, async () => {
    const { ends } = await survives('start', times, async (system) => {
      const { child } = system
      child.kill('SIGKILL')
      await until(async () => system.child !== child && (await isReady(system)()), Boolean, 90_000)
    })
    assert.deepEqual(ends, Array(times).fill('SIGKILL'))
  })

  for (const shape of chosen) {
    test(`PostgreSQL crashes, ${times}x, ${shape}: nobody ends, it is back by itself`, async () => {
      const { ends } = await survives(shape, times, async (system) => {
        await crashPostgres(system)
        await until(isReady(system), Boolean, 90_000)
      })
      assert.deepEqual(ends, [])
    })

    test(`all connections are cut every 2 s, ${shape}: nobody ends`, async () => {
      let cut = 0
      const { ends } = await survives(shape, campaign ? 20 : 4, async (system) => {
        cut += await cutConnections(system)
        await pause(1000)
      })
      assert.deepEqual(ends, [])
      assert.ok(cut > 0)
    })
  }
})
