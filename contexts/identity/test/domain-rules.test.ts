import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from '@souk/kernel'
import fc from 'fast-check'
import { type AccountStatus, grantRoles, moveAccount, nicknameFor, parseNickname } from '../src/domain/account.ts'
import { decideRefresh, type PresentedToken } from '../src/domain/refresh.ts'
import { acceptedKeysAt, type KeySchedule, nextKeyAt, overlapMs, signingKeyAt } from '../src/domain/signing-keys.ts'
import { delayAfter, forgottenAfterMs, networkOf, perAccountAndAddress, perAddress } from '../src/domain/throttle.ts'

const code = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return faultOf(error)?.code
  }
}

const noon = new Date('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(noon.getTime() + ms)
const fresh = { rotatedAt: undefined, revokedAt: undefined, expiresAt: at(1), accountActive: true }

for (const [says, token, verdict] of [
  ['an unknown token is refused', undefined, 'refuse'],
  ['the newest token is rotated', fresh, 'rotate'],
  ['its predecessor, at once, gets the same successor', { ...fresh, rotatedAt: noon }, 'repeat'],
  ['and when the other process is ahead of us', { ...fresh, rotatedAt: at(5) }, 'repeat'],
  ['and ten seconds later', { ...fresh, rotatedAt: at(-10_000) }, 'repeat'],
  ['a moment more is reuse', { ...fresh, rotatedAt: at(-10_001) }, 'reuse'],
  ['a month more is reuse', { ...fresh, rotatedAt: at(-30 * 86_400_000) }, 'reuse'],
  ['a revoked session is refused', { ...fresh, revokedAt: at(-1) }, 'refuse'],
  ['also for reuse: it has ended already', { ...fresh, revokedAt: at(-1), rotatedAt: at(-60_000) }, 'refuse'],
  ['an idle session is refused', { ...fresh, expiresAt: noon }, 'refuse'],
  ['a frozen account is refused', { ...fresh, accountActive: false }, 'refuse'],
  ['a frozen account is refused within ten seconds too', { ...fresh, accountActive: false, rotatedAt: noon }, 'refuse'],
] as const)
  test(`refresh: ${says}`, () => equal(decideRefresh(token as PresentedToken, noon), verdict))

test('the wait grows from nothing to its bound and never beyond', () => {
  deepEqual(
    [1, 4, 5, 6, 7, 10, 11, 12, 1000].map((n) => delayAfter(n, perAccountAndAddress)),
    [0, 0, 1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000],
  )
  for (const curve of [perAccountAndAddress, perAddress])
    fc.assert(
      fc.property(fc.nat(), (failures) => {
        const delay = delayAfter(failures, curve)
        ok(delay >= 0 && delay <= curve.longestMs && delay <= delayAfter(failures + 1, curve))
        equal(delay === 0, failures < curve.free)
      }),
    )
})

test('no wait outlives the memory of the failures it is for', () => {
  for (const { longestMs } of [perAccountAndAddress, perAddress]) ok(forgottenAfterMs > longestMs)
})

for (const [address, network] of [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:198.51.100.123', '198.51.100.123'],
  ['2001:db8:1:2::ffff:192.0.2.7', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
  ['2001:db8::4:5:6:7:8', '2001:db8:0:4::/64'],
  ['2001:db8:1::', '2001:db8:1:0::/64'],
  ['1:2:3:4:5:6:7:8:9', '1:2:3:4::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
] as const)
  test(`a guesser at ${address || 'no address'} is ${network || 'nobody in particular'}`, () =>
    equal(networkOf(address), network))

test('every address of a /64 is one guesser, however its zeros are written', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
  const groups = fc.array(group, { minLength: 8, maxLength: 8 })
  const place = fc.nat({ max: 7 })
  fc.assert(
    fc.property(groups, groups, place, place, (own, other, from, length) => {
      const text = own.map((each) => each.toString(16))
      const network = `${text.slice(0, 4).join(':')}::/64`
      equal(networkOf(text.join(':')), network)
      equal(networkOf(own.map((each) => each.toString(16).toUpperCase().padStart(4, '0')).join(':')), network)
      equal(networkOf([...text.slice(0, 4), ...other.slice(4).map((each) => each.toString(16))].join(':')), network)
      const zeros = own.slice(from, from + length + 1)
      if (zeros.every((each) => each === 0))
        equal(networkOf(`${text.slice(0, from).join(':')}::${text.slice(from + length + 1).join(':')}`), network)
    }),
    { numRuns: 1000 },
  )
})

const rule = { tokenLifeMs: 600_000, everyMs: 30 * 86_400_000 }

test('the first key signs at once, the next only after it was published for two token lives', () => {
  deepEqual(nextKeyAt([], rule, noon), { generation: 1, signsFrom: noon })
  const first = { kid: 'a', generation: 1, signsFrom: noon }
  equal(nextKeyAt([first], rule, at(rule.everyMs - 1)), undefined)
  const turn = at(rule.everyMs)
  deepEqual(nextKeyAt([first], rule, turn), { generation: 2, signsFrom: new Date(turn.getTime() + overlapMs(rule)) })
})

test('a key that is published signs nothing before its time; of those whose time has come the newest signs', () => {
  const keys = [2, 1, 3].map((generation) => ({ kid: `k${generation}`, generation, signsFrom: at(generation) }))
  deepEqual(
    [0, 1, 2, 3, 4].map((ms) => signingKeyAt(keys, at(ms))?.kid),
    [undefined, 'k1', 'k2', 'k3', 'k3'],
  )
})

test('rotation over years: whatever signed a living token is published, and what is retired never signs', () => {
  const step = 300_000
  const keys: KeySchedule[] = []
  const seen = new Map<string, number>()
  const quick = { tokenLifeMs: 600_000, everyMs: 3_600_000 }
  for (let now = noon.getTime(); now < noon.getTime() + 20 * quick.everyMs; now += step) {
    const next = nextKeyAt(keys, quick, new Date(now))
    if (next) keys.push({ kid: `k${next.generation}`, ...next })
    const signs = signingKeyAt(keys, new Date(now))!
    const accepted = acceptedKeysAt(keys, quick, new Date(now)).map(({ kid }) => kid)
    ok(accepted.includes(signs.kid))
    if (!seen.has(signs.kid)) {
      const published = keys.find(({ kid }) => kid === signs.kid)!
      seen.set(signs.kid, now)
      if (published.generation > 1) ok(seen.size === published.generation)
    }
    for (const [kid, since] of seen) {
      const follower = keys.find(({ generation }) => generation === Number(kid.slice(1)) + 1)
      const lastSigned = follower ? Math.max(since, follower.signsFrom.getTime() - 1) : now
      if (lastSigned + quick.tokenLifeMs >= now) ok(accepted.includes(kid), `${kid} still has living tokens`)
      if (follower && follower.signsFrom.getTime() + overlapMs(quick) <= now)
        ok(!accepted.includes(kid), `${kid} is retired`)
    }
    ok(accepted.length <= 3)
  }
  ok(seen.size >= 15)
})

const standing = (status: AccountStatus, roles: string[] = []) => ({ id: 'me', status, roles })

for (const [status, move, expected] of [
  ['ACTIVE', 'freeze', 'FROZEN'],
  ['ACTIVE', 'unfreeze', 'ILLEGAL_TRANSITION'],
  ['FROZEN', 'freeze', 'ILLEGAL_TRANSITION'],
  ['FROZEN', 'unfreeze', 'ACTIVE'],
] as const)
  test(`${move} of an account that is ${status}: ${expected}`, () =>
    equal(
      code(() => moveAccount(standing(status), move, ['somebody'])),
      expected,
    ))

for (const [says, work, expected] of [
  [
    'the last administrator cannot be frozen',
    () => moveAccount(standing('ACTIVE', ['admin']), 'freeze', ['me']),
    'ILLEGAL_TRANSITION',
  ],
  [
    'whoever comes back is not counted as the last one',
    () => moveAccount(standing('FROZEN', ['admin']), 'unfreeze', ['me']),
    'ACTIVE',
  ],
  ['one of two can', () => moveAccount(standing('ACTIVE', ['admin']), 'freeze', ['me', 'you']), 'FROZEN'],
  [
    'the last administrator stays one',
    () => grantRoles(standing('ACTIVE', ['admin']), ['support'], ['me']),
    'ILLEGAL_TRANSITION',
  ],
  [
    'with another word beside',
    () => grantRoles(standing('ACTIVE', ['admin']), ['support', 'admin'], ['me']).join(),
    'admin,support',
  ],
  ['one of two may go', () => grantRoles(standing('ACTIVE', ['admin']), [], ['me', 'you']).join(), ''],
  ['others may lose all', () => grantRoles(standing('ACTIVE', ['support']), [], ['you']).join(), ''],
  [
    'a role counts once',
    () => grantRoles(standing('ACTIVE'), ['support', 'catalog', 'support'], ['you']).join(),
    'catalog,support',
  ],
  [
    'a frozen administrator is not the last active one',
    () => grantRoles(standing('FROZEN', ['admin']), [], ['you']).join(),
    '',
  ],
] as const)
  test(says, () => equal(code(work), expected))

test('a nickname is one trimmed line; who gave none is called by his number, never by e-mail or phone', () => {
  equal(parseNickname(undefined), undefined)
  equal(parseNickname(' 小明 '), '小明')
  equal(nicknameFor('0190a1b2-0000-7000-8000-0000deadbeef'), 'souk-adbeef')
})

for (const typed of ['   ', 'a\u0007b'])
  test(`the nickname ${JSON.stringify(typed)} is refused`, () => {
    throws(
      () => parseNickname(typed),
      (error) => {
        deepEqual(faultOf(error)?.violations, [{ field: 'nickname', rule: 'format', message: 'one line of text' }])
        return true
      },
    )
  })
