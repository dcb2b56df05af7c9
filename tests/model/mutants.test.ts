import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mutants } from './mutants.ts'
import { sound } from './ports.ts'
import { playScript, scriptOf, search, shrink, story } from './run.ts'

const seed = 1
const mostRuns = 5000

/** The starred rows of RELIABILITY section 7, but for coupons, which these contexts do not know yet. */
const peers = [
  'medusajs/medusa#16569',
  'medusajs/medusa#16502',
  'medusajs/medusa#16825',
  'medusajs/medusa#13301',
  'vendurehq/vendure#3065',
  'vendurehq/vendure#3269',
  'medusajs/medusa#6016',
  'vendurehq/vendure#2735',
  'duncanmcclean/statamic-cargo#190',
  'antiwork/gumroad#6193',
  'eugene-khyst/postgresql-event-sourcing#16',
  'juspay/hyperswitch#13182',
]

describe('a known mistake is noticed', () => {
  for (const { says, seen, notices, ports } of mutants)
    test(`${says} (${seen})`, () => {
      const found = search(seed, Array(mostRuns).keys(), { ...sound, ...ports })
      assert.ok(found, 'nobody noticed')
      assert.ok(notices.includes(found.id), found.says)
    })
})

test('every known failure of our peers that can happen here is among them', () => {
  for (const peer of peers)
    assert.ok(
      mutants.some(({ seen }) => seen.includes(peer)),
      peer,
    )
})

test('what was found can be played again, and cut down', () => {
  const ports = { ...sound, ...mutants.find(({ seen }) => seen === 'juspay/hyperswitch#13182')!.ports }
  const found = search(seed, Array(mostRuns).keys(), ports)!
  const { seed: _seed, run, ...failure } = found
  const script = scriptOf(seed, run)
  assert.deepEqual(playScript(script, ports).failure, failure)
  const shortest = shrink(script, found.id, ports)
  assert.ok(shortest.length < script.length / 2, `${shortest.length} lines are left`)
  assert.equal(playScript(shortest, ports).failure?.id, found.id)
  assert.equal(playScript(shortest).failure, undefined)
  assert.match(
    story(found, ports),
    new RegExp(`SOUK_MODEL_SEED=1 SOUK_MODEL_RUN=${run} node --test tests/model/model.test.ts`),
  )
})
