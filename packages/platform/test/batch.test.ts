import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@souk/kernel'
import { createBatcher } from '../src/batch/batch.ts'
import { CommitUnknown } from '../src/db/errors.ts'

const soon = () => Date.now() + 10_000
const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms))

describe('natural micro-batching', () => {
  test('what arrives while a run is under way travels together in the next', async () => {
    const sizes: number[] = []
    const started = Promise.withResolvers<void>()
    const batcher = createBatcher<number, number>({
      name: 't',
      inFlight: 1,
      run: async (items) => {
        sizes.push(items.length)
        started.resolve()
        await pause(10)
        return items.map((n) => n * 2)
      },
    })
    const first = batcher.add(1, soon())
    await started.promise
    const rest = Array.from({ length: 50 }, (_, i) => batcher.add(i, soon()))
    assert.equal(await first, 2)
    assert.deepEqual(
      await Promise.all(rest),
      Array.from({ length: 50 }, (_, i) => i * 2),
    )
    assert.deepEqual(sizes, [1, 50])
  })

  test('each item gets its own verdict, in order', async () => {
    const batcher = createBatcher<number, string>({
      name: 't',
      run: async (items) => items.map((n) => (n % 2 ? new Fault('OUT_OF_STOCK') : `ok ${n}`)),
    })
    const outcomes = await Promise.allSettled([0, 1, 2].map((n) => batcher.add(n, soon())))
    assert.deepEqual(
      outcomes.map((o) => (o.status === 'fulfilled' ? o.value : o.reason.code)),
      ['ok 0', 'OUT_OF_STOCK', 'ok 2'],
    )
  })

  test('one hostile item among 63 good ones harms nobody', async () => {
    const batcher = createBatcher<number, number>({
      name: 't',
      run: async (items) => {
        if (items.includes(17)) throw new Error('hostile')
        return items
      },
    })
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, (_, n) => batcher.add(n, soon())))
    outcomes.forEach((outcome, n) => {
      assert.equal(outcome.status, n === 17 ? 'rejected' : 'fulfilled')
    })
  })

  for (const [what, error] of [
    ['a lost COMMIT makes every member unknown', new CommitUnknown(new Error('gone'))],
    ['an outage is told to every member', new Fault('UNAVAILABLE')],
  ] as const)
    test(`${what}; nobody is sent twice`, async () => {
      let runs = 0
      const batcher = createBatcher<number, number>({
        name: 't',
        run: async () => {
          runs++
          throw error
        },
      })
      const outcomes = await Promise.allSettled([1, 2, 3, 4].map((n) => batcher.add(n, soon())))
      assert.ok(outcomes.every((o) => o.status === 'rejected' && o.reason === error))
      assert.equal(runs, 1)
    })

  test('an expired deadline is dropped before it is sent, a full queue refuses at once', async () => {
    const seen: number[] = []
    const started = Promise.withResolvers<void>()
    const batcher = createBatcher<number, number>({
      name: 't',
      inFlight: 1,
      queue: 2,
      run: async (items) => {
        seen.push(...items)
        started.resolve()
        await pause(20)
        return items
      },
    })
    const first = batcher.add(1, soon())
    await started.promise
    const late = batcher.add(2, Date.now() - 1)
    const third = batcher.add(3, soon())
    await assert.rejects(batcher.add(4, soon()), { code: 'RATE_LIMITED' })
    await assert.rejects(late, { code: 'DEADLINE_EXCEEDED' })
    await Promise.all([first, third])
    assert.deepEqual(seen, [1, 3])
  })

  test('runs are bounded in items and bytes', async () => {
    const sizes: number[] = []
    const batcher = createBatcher<string, number>({
      name: 't',
      max: 10,
      maxBytes: 100,
      bytesOf: (text) => text.length,
      inFlight: 1,
      run: async (items) => {
        sizes.push(items.length)
        return items.map(() => 0)
      },
    })
    await Promise.all(
      [...Array.from({ length: 25 }, () => 'x'), ...Array.from({ length: 4 }, () => 'y'.repeat(60))].map((text) =>
        batcher.add(text, soon()),
      ),
    )
    assert.ok(sizes.every((size) => size <= 10))
    assert.equal(
      sizes.reduce((a, b) => a + b),
      29,
    )
    assert.ok(sizes.slice(-3).every((size) => size === 1))
  })
})
