import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Shape, type System, startSystem } from '../system.ts'
import { crowd } from './crowd.ts'
import { type Armed, armedWith, markerOf, recordOf } from './failpoint.ts'
import { keepRunning } from './keeper.ts'
import { endsOf } from './processes.ts'
import { pause, randomFrom } from './random.ts'
import { report } from './report.ts'
import { settled } from './settle.ts'
import { openShop } from './shop.ts'
import { assertKept } from './verify.ts'

export const testMain = fileURLToPath(new URL('main.ts', import.meta.url))

/** Deadlines that are only reached when they are short. */
const windowsFor = (points: readonly string[]): Record<string, string> => ({
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

/** Resolves when the point has struck and the process is back, or when there is nobody left who could reach it. */
const untilStruck = async (system: System, point: string, back: Promise<void>, everybody: Promise<unknown>) => {
  let over = false
  const end = () => {
    over = true
  }
  everybody.then(end, end)
  while (!struck(system, point) && !over) await pause(50)
  if (struck(system, point)) await back
}

/** False: the point was visited less often than it would have had to. */
export const killAt = async (shape: Shape, points: readonly Armed[], seed: number): Promise<boolean> => {
  const random = randomFrom(seed)
  const system = await startFor(
    shape,
    points.map(({ point }) => point),
    armedWith(points[0]!),
  )
  let armed = 0
  const keeper = keepRunning(system, () => {
    const next = points[++armed]
    Object.assign(system.env, next ? armedWith(next) : { SOUK_TEST_FAILPOINT: '' })
  })
  try {
    const shop = await openShop(system)
    const rounds: Promise<string[]>[] = []
    for (const [place, { point }] of points.entries()) {
      const round = crowd(shop, random)
      rounds.push(round)
      const back = shape === 'start' ? keeper.restarted(place + 1) : Promise.resolve()
      // Some points are only passed when a hold or a payment has run out of time.
      await untilStruck(
        system,
        point,
        back,
        round.then(() => settled(system)),
      )
      if (!struck(system, point)) return false
    }
    assert.deepEqual((await Promise.all(rounds)).flat(), [])
    await settled(system)
    await assertKept(shop)
    const ends = shape === 'start' ? keeper.ends : endsOf(system)
    assert.deepEqual(
      ends,
      points.map(() => 'SIGKILL'),
    )
    return true
  } catch (error) {
    report(system)
    throw error
  } finally {
    keeper.stop()
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
