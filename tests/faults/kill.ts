import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { endsOf } from '../processes.ts'
import { type Shape, type System, startSystem } from '../system.ts'
import { crowd } from './crowd.ts'
import { arm, disarm, markerOf, recordOf } from './failpoint.ts'
import { keepRunning } from './keeper.ts'
import type { Fault } from './outages.ts'
import { pause, randomFrom } from './random.ts'
import { report } from './report.ts'
import { settled } from './settle.ts'
import { openShop, type Shop } from './shop.ts'
import { assertKept } from './verify.ts'

export type Target = { point: string; visit: number }

export const testMain = fileURLToPath(new URL('main.ts', import.meta.url))

/** Deadlines that are only reached when they are short. */
export const windowsFor = (points: readonly string[]): Record<string, string> => ({
  ...(points.some((point) => point.startsWith('order.expire.')) ? { SOUK_PAYMENT_WINDOW: '6s' } : {}),
  ...(points.some((point) => /meetDueHolds|answerHold/.test(point)) ? { SOUK_PREPARATION_WINDOW: '3s' } : {}),
})

const startFor = (shape: Shape, points: readonly string[], env: Record<string, string>): Promise<System> =>
  startSystem(shape, {
    main: testMain,
    env: { ...windowsFor(points), ...env },
    args: shape === 'start-services' ? ['--replicas', 'order=2,inventory=2,payment=2'] : [],
  })

const struck = ({ dataDir }: System, point: string): boolean => existsSync(markerOf(dataDir, point))

const leastRounds = 3
/** Each replica counts for itself, so a point that is passed once in a round needs so many before one has counted enough. */
const roundsFor = ({ visit }: Target): number => Math.max(leastRounds, 2 * visit)

/** Rounds of the crowd, one after another, until the point has struck. Answers all of them; they may still go on. */
const strikeAt = async (shop: Shop, target: Target, random: () => number): Promise<Promise<string[]>[]> => {
  const { system } = shop
  const rounds: Promise<string[]>[] = []
  arm(system.dataDir, { ...target, act: 'kill' })
  while (rounds.length < roundsFor(target) && !struck(system, target.point)) {
    const round = crowd(shop, random)
    rounds.push(round)
    let over = false
    // Some points are only passed when a hold or a payment has run out of time.
    const end = () => {
      over = true
    }
    round.then(() => settled(system)).then(end, end)
    while (!struck(system, target.point) && !over) await pause(50)
  }
  disarm(system.dataDir)
  assert.ok(struck(system, target.point), `${target.point} was not reached a ${target.visit}. time`)
  return rounds
}

/** Kills whoever passes these points, one after another, then lets `faults` happen, while the crowd goes on. Nothing else may end. */
export const killAt = async (
  shape: Shape,
  targets: readonly Target[],
  seed: number,
  faults: readonly Fault[] = [],
): Promise<void> => {
  const random = randomFrom(seed)
  const system = await startFor(
    shape,
    targets.map(({ point }) => point),
    {},
  )
  const keeper = shape === 'start' ? keepRunning(system) : undefined
  try {
    const shop = await openShop(system)
    const rounds: Promise<string[]>[] = []
    for (const [place, target] of targets.entries()) {
      rounds.push(...(await strikeAt(shop, target, random)))
      await keeper?.restarted(place + 1)
    }
    if (faults.length > 0) rounds.push(crowd(shop, random))
    for (const fault of faults) await fault(system)
    assert.deepEqual((await Promise.all(rounds)).flat(), [])
    await settled(system)
    await assertKept(shop)
    assert.deepEqual(
      keeper?.ends ?? endsOf(system),
      targets.map(() => 'SIGKILL'),
    )
  } catch (error) {
    report(system)
    throw error
  } finally {
    keeper?.stop()
    await system.remove()
  }
}

/** How often each point is passed when nothing goes wrong. */
export const visitsOfOneRound = async (points: readonly string[], seed: number): Promise<Map<string, number>> => {
  const system = await startFor('start', points, { SOUK_TEST_FAILPOINT_RECORD: '1' })
  try {
    const shop = await openShop(system)
    assert.deepEqual(await crowd(shop, randomFrom(seed)), [])
    await settled(system)
    await assertKept(shop)
    const names = readFileSync(recordOf(system.dataDir), 'utf8').trim().split('\n')
    const visits = new Map<string, number>()
    for (const name of names.map((line) => line.split(' ')[1]!)) visits.set(name, (visits.get(name) ?? 0) + 1)
    return visits
  } finally {
    await system.remove()
  }
}
