import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { shapes } from '../system.ts'
import { campaign, sayHowToReplay, seed } from './campaign.ts'
import { killAt, type Target, visitsOfOneRound, windowsFor } from './kill.ts'
import { crash, cut } from './outages.ts'
import { type Kind, kindOf, listPoints } from './points.ts'
import { randomFrom, shuffled } from './random.ts'

sayHowToReplay()

/** `SOUK_SEED=7` does what seed 7 did; `SOUK_POINT` narrows a campaign to the points that it matches. */
const points = await listPoints()
const wanted = points.filter((point) => new RegExp(process.env.SOUK_POINT ?? '').test(point))

/** What a killed process leaves locked runs out once for all of a group. */
const groupSize = 17

/** Points that need the same deadlines share a system; in an order and at visits that the seed gives. */
const groupsOf = (list: readonly string[]): Target[][] => {
  const random = randomFrom(seed)
  const targets = shuffled(list, random).map((point) => ({
    point,
    visit: 1 + Math.floor(random() * Math.min(seed, 3)),
  }))
  const alike = Map.groupBy(targets, ({ point }) => JSON.stringify(windowsFor([point])))
  return [...alike.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / groupSize) }, (_, n) =>
      group.slice(n * groupSize, (n + 1) * groupSize),
    ),
  )
}

test('the list of points: empty is an error, and so is a point without a name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-points-'))
  try {
    await assert.rejects(listPoints(['*.ts'], folder), /no failpoints were found/)
    await writeFile(join(folder, 'a.ts'), "await failpoint('a.b.beforeCommit')\nawait deps.failpoint(`c.d.afterSend`)")
    assert.deepEqual(await listPoints(['*.ts'], folder), ['a.b.beforeCommit', 'c.d.afterSend'])
    await writeFile(join(folder, 'b.ts'), 'await failpoint(name)')
    await assert.rejects(listPoints(['*.ts'], folder), /without a literal name/)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    await writeFile(join(folder, 'b.ts'), 'await failpoint(`a.${verb}.beforeCommit`)')
    await assert.rejects(listPoints(['*.ts'], folder), /which names/)
  } finally {
    await rm(folder, { recursive: true })
  }
})

describe('one point of each kind', { skip: campaign && 'the campaign has them all' }, () => {
  const order = shuffled(points, randomFrom(seed))
  const kinds: Kind[] = ['before commit', 'after commit', 'after an outside step']
  const chosen = kinds.map((kind) => ({ point: order.find((point) => kindOf(point) === kind)!, visit: 1 }))

  const names = chosen.map(({ point }) => point).join(', ')
  test(`killed at ${names}; PostgreSQL crashes; connections are cut every two seconds; SOUK_SEED=${seed}`, () =>
    killAt('start', chosen, seed, [crash, cut]))
})

const skipAll = !campaign && 'set SOUK_CAMPAIGN=1 for all points in both shapes'
// Most of the time they wait for locks to run out.
describe('all points', { skip: skipAll, concurrency: 2 }, () => {
  test('a round of the crowd passes every point, and none that is not listed', async () => {
    assert.deepEqual([...(await visitsOfOneRound(points, seed)).keys()].sort(), points)
  })

  for (const shape of shapes)
    for (const [place, group] of groupsOf(wanted).entries())
      test(`${shape}, group ${place}, killed at ${group.map(({ point }) => point).join(', ')}; SOUK_SEED=${seed}`, () =>
        killAt(shape, group, seed))
})
