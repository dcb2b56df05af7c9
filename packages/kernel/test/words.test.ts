import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  Fault,
  fault,
  faultOf,
  fromPageToken,
  invalid,
  isId,
  newId,
  newSecret,
  page,
  pageSize,
  testClock,
  toPageToken,
} from '../src/index.ts'

describe('ids', () => {
  test('100,000 ids are distinct, of version 7, and sort by their millisecond', () => {
    const ids = Array.from({ length: 100_000 }, newId)
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(ids.every((id) => isId(id) && id[14] === '7'))
    const times = ids.map((id) => id.slice(0, 13))
    assert.deepEqual(times, times.toSorted())
  })
  for (const text of [
    '',
    'x',
    '123',
    '018f0e0e-0000-7000-8000-00000000000',
    '018f0e0e-0000-7000-8000-00000000000g',
    '018F0E0E-0000-7000-8000-000000000000',
    '018f0e0e-0000-7000-8000-000000000000 ',
    "'; drop table orders; --",
  ])
    test(`${JSON.stringify(text)} is no id`, () => assert.equal(isId(text), false))
  test('secrets have at least 128 bits and are URL-safe', () => {
    assert.match(newSecret(), /^[\w-]{32}$/)
    assert.match(newSecret(16), /^[\w-]{22}$/)
  })
})

describe('page tokens', () => {
  test('every position comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (text, number) =>
        assert.deepEqual(fromPageToken(toPageToken([text, number]), ['string', 'number']), [text, number]),
      ),
    )
  })
  test('no token is no position', () => assert.equal(fromPageToken('', ['string']), undefined))
  for (const token of [
    'x',
    'e30',
    toPageToken(['a']),
    toPageToken([1, 'a']),
    toPageToken(['a', 1, 2]),
    Buffer.from('["a",null]').toString('base64url'),
    '😀',
  ])
    test(`${token} is refused as ["string","number"]`, () =>
      assert.throws(
        () => fromPageToken(token, ['string', 'number']),
        (error: Fault) => error.violations[0]?.field === 'pageToken',
      ))
  test('a page drops the row too many and points at the last one kept', () => {
    const rows = [1, 2, 3].map((n) => ({ n }))
    const first = page(rows, 2, ({ n }) => [n])
    assert.deepEqual(first.items, [{ n: 1 }, { n: 2 }])
    assert.deepEqual(fromPageToken(first.nextPageToken, ['number']), [2])
    assert.equal(page(rows, 3, ({ n }) => [n]).nextPageToken, '')
    assert.deepEqual(
      page([], 3, () => [1]),
      { items: [], nextPageToken: '' },
    )
  })
  test('page sizes stay within 1 and 100, 20 when nothing is asked', () =>
    assert.deepEqual([undefined, 0, -5, 1, 50, 1000].map(pageSize), [20, 20, 1, 1, 50, 100]))
})

describe('faults', () => {
  test('the fault inside a chain of causes is found, however deep; nothing else is', () => {
    const inner = fault('OUT_OF_STOCK', { skuId: 's' })
    assert.equal(faultOf(new Error('a', { cause: new Error('b', { cause: inner }) })), inner)
    assert.equal(faultOf(new Error('a')), undefined)
    assert.equal(faultOf('OUT_OF_STOCK'), undefined)
    const loop = new Error('loop')
    loop.cause = loop
    assert.equal(faultOf(loop), undefined)
  })
  test('violations travel in the fault', () =>
    assert.equal(invalid({ field: 'a', rule: 'b', message: 'c' }).violations.length, 1))
  test('a fault is an error with its code as message', () =>
    assert.deepEqual([fault('X') instanceof Error, fault('X') instanceof Fault, fault('X').message], [true, true, 'X']))
})

test('a test clock stands still until it is told to move', () => {
  const clock = testClock(new Date('2026-01-01T00:00:00Z'))
  clock.advance(1500)
  assert.equal(clock.now().toISOString(), '2026-01-01T00:00:01.500Z')
})
