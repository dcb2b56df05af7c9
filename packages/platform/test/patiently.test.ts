import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fault } from '@souk/kernel'
import { patiently } from '../src/lifecycle/patiently.ts'

const failing = (errors: unknown[]) => {
  const left = [...errors]
  let tries = 0
  return {
    work: async () => {
      tries++
      if (left.length > 0) throw left.shift()
      return 'done'
    },
    tries: () => tries,
  }
}
const busy = new Error('timeout exceeded when trying to connect')

test('trouble that passes is waited out, here and in the words of another process', async () => {
  for (const trouble of [busy, fault('UNAVAILABLE'), fault('OVERLOADED'), fault('OVERLOADED', {}, busy)]) {
    const { work, tries } = failing([trouble, trouble])
    assert.equal(await patiently(work), 'done')
    assert.equal(tries(), 3)
  }
})

test('what does not pass is thrown at once', async () => {
  for (const error of [new TypeError('a bug'), fault('FORBIDDEN')]) {
    const { work, tries } = failing([error])
    await assert.rejects(patiently(work), error)
    assert.equal(tries(), 1)
  }
})

test('after half a minute even passing trouble is thrown', async () => {
  let at = 0
  const { work, tries } = failing(Array(10).fill(busy))
  const now = () => {
    at += 20_000
    return at
  }
  await assert.rejects(patiently(work, now), busy)
  assert.equal(tries(), 2)
})
