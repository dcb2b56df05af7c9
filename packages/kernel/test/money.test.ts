import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { add, allocate, compare, type Fault, money, sameMoney, subtract, sum, times, zero } from '../src/index.ts'

const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })
const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 50 })
const refused = (reason: string) => (error: Fault) =>
  error.code === 'VALIDATION_FAILED' && error.params.reason === reason
const notSafe = 'not a whole number within ±(2^53−1)'
const badWeights = 'weights must be whole and not negative'

describe('allocate', () => {
  test('shares sum exactly to the amount', () => {
    fc.assert(
      fc.property(amount, weights, (whole, w) => allocate(whole, w).reduce((a, b) => a + b, 0) === whole),
      { numRuns: 5000 },
    )
  })
  test('every share is within one unit of its exact part, and has the sign of the amount', () => {
    fc.assert(
      fc.property(amount, weights, (whole, w) => {
        const total = w.reduce((a, b) => a + BigInt(b), 0n)
        if (total === 0n) return
        allocate(whole, w).forEach((share, i) => {
          const exact = BigInt(Math.abs(whole)) * BigInt(w[i]!)
          const scaled = BigInt(Math.abs(share)) * total
          assert.ok(scaled > exact - total && scaled < exact + total)
          assert.ok(share === 0 || Math.sign(share) === Math.sign(whole))
        })
      }),
      { numRuns: 2000 },
    )
  })
  test('nothing goes to a weight of zero while others weigh', () => {
    fc.assert(
      fc.property(
        amount,
        weights,
        (whole, w) => w.every((x) => x === 0) || allocate(whole, w).every((share, i) => w[i] !== 0 || share === 0),
      ),
    )
  })
  for (const [says, whole, w, shares] of [
    ['ties go to the earlier place', 2, [1, 1, 1], [1, 1, 0]],
    ['the largest remainder goes first', 10, [1, 2], [3, 7]],
    ['the larger remainder may belong to the smaller weight', 3, [1, 3], [1, 2]],
    ['no share is minus nothing', -1, [1, 1, 0], [-1, 0, 0]],
    ['weights of zero split evenly', 5, [0, 0], [3, 2]],
    ['a negative amount mirrors the positive', -2, [1, 1, 1], [-1, -1, 0]],
    ['nothing over nobody is nothing', 0, [], []],
    [
      'beyond 2^53 inside',
      Number.MAX_SAFE_INTEGER,
      [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      [4503599627370496, 4503599627370495],
    ],
  ] as const)
    test(says, () => assert.deepEqual(allocate(whole, w), [...shares]))
  for (const [says, whole, w, reason] of [
    ['something over nobody', 1, [], 'nothing to allocate to'],
    ['a negative weight', 1, [-1], badWeights],
    ['a negative weight among others', 1, [1, -1], badWeights],
    ['a broken weight', 1, [0.5], badWeights],
    ['an amount beyond the safe integers', 2 ** 53, [1], notSafe],
  ] as const)
    test(`${says} is refused`, () => assert.throws(() => allocate(whole, w), refused(reason)))
})

describe('money', () => {
  const cny = (n: number) => money('CNY', n)
  test('adding and subtracting are inverse, comparing agrees with subtracting', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        assert.deepEqual(subtract(add(cny(a), cny(b)), cny(b)), cny(a))
        assert.equal(compare(cny(a), cny(b)), Math.sign(subtract(cny(a), cny(b)).amount))
        assert.equal(sameMoney(cny(a), cny(b)), a === b)
      }),
    )
  })
  test('a price times a quantity is that many added up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 200 }), (price, n) =>
        sameMoney(times(cny(price), n), sum('CNY', Array(n).fill(cny(price)))),
      ),
    )
  })
  for (const [says, act, reason] of [
    ['mixed currencies', () => add(cny(1), money('EUR', 1)), 'CNY is not EUR'],
    ['subtracting another currency', () => subtract(cny(1), money('EUR', 1)), 'CNY is not EUR'],
    ['comparing currencies', () => compare(cny(1), money('EUR', 1)), 'CNY is not EUR'],
    ['overflow', () => add(cny(Number.MAX_SAFE_INTEGER), cny(1)), notSafe],
    ['a fraction', () => cny(0.5), notSafe],
    ['a fractional quantity', () => times(cny(1), 1.5), notSafe],
  ] as const)
    test(`${says} is refused`, () => assert.throws(act, refused(reason)))
  test('the same amount of another currency is not the same money', () =>
    assert.equal(sameMoney(cny(1), money('EUR', 1)), false))
  test('an empty sum is zero', () => assert.deepEqual(sum('CNY', []), zero('CNY')))
})
