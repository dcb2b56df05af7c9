import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { shapes } from '../system.ts'
import { killAt } from './kill.ts'
import { type Kind, kindOf, listPoints } from './points.ts'
import { randomFrom, shuffled } from './random.ts'

const seed = Number(process.env.SOUK_SEED ?? 1)
const campaign = process.env.SOUK_CAMPAIGN === '1'
const points = await listPoints()

describe('one kill of each kind', { skip: campaign }, () => {
  test(`seed ${seed}`, async () => {
    const some = (['before commit', 'after commit', 'after an outside step'] satisfies Kind[]).map(
      (kind) => shuffled(points, randomFrom(seed)).find((point) => kindOf(point) === kind)!,
    )
    console.log(some)
    assert.ok(await killAt('start', some.map((point) => ({ point })), seed))
  })
})
