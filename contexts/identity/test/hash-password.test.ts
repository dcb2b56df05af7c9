import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { hash, verify } from '@node-rs/argon2'
import { newId } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { AccountStatus } from '../src/domain/account.ts'
import { checkPassword } from '../src/service/check-password.ts'
import type { Deps } from '../src/service/deps.ts'
import { createPasswords } from '../src/service/hash-password.ts'
import type { Credentials } from '../src/store/accounts.ts'
import { outcome, rightPassword } from './app.ts'

const later = Date.now() + 60_000
const owner = { kind: 'email', value: 'ann@example.com' } as const

/** The real work, and a book of it: what each piece was asked, and how many were under way at most. */
const counted = () => {
  const book = { hashed: [] as unknown[], verified: [] as string[], most: 0 }
  let underWay = 0
  const during = async <T>(work: Promise<T>): Promise<T> => {
    book.most = Math.max(book.most, ++underWay)
    return work.finally(() => underWay--)
  }
  const passwords = createPasswords({
    hash: (password, cost) => {
      book.hashed.push(cost)
      return during(hash(password, cost))
    },
    verify: (encoded, password) => {
      book.verified.push(String(encoded))
      return during(verify(encoded, password))
    },
  })
  return { passwords, book }
}

/** Algorithm, version and cost of an encoded hash. */
const costOf = (encoded: string): string => encoded.split('$').slice(0, 4).join('$')

test('an unknown account costs the same work as a wrong and as the right password', async () => {
  const { passwords, book } = counted()
  const kept = await passwords.hashNew(rightPassword, owner, later)
  for (const [passwordHash, password, expected] of [
    [kept, rightPassword, true],
    [kept, 'not the password', false],
    [undefined, rightPassword, false],
  ] as const) {
    book.verified.length = 0
    equal(await passwords.matches(passwordHash, password, later), expected)
    deepEqual(book.verified.map(costOf), ['$argon2id$v=19$m=19456,t=2,p=1'])
  }
  equal(book.hashed.length, 2, 'nothing is hashed to compare')
})

test('every unknown account is compared with the same hash, made once', async () => {
  const { passwords, book } = counted()
  await passwords.matches(undefined, 'anything', later)
  const [first] = book.verified
  await passwords.matches(undefined, 'anything else', later)
  equal(book.verified[1], first)
  equal(book.hashed.length, 1)
  match(first!, /^\$argon2id\$/)
})

test('at most two are hashed or compared at once, however many wait', async () => {
  const { passwords, book } = counted()
  const kept = await passwords.hashNew(rightPassword, owner, later)
  await Promise.all(
    Array.from({ length: 8 }, (_, place) =>
      place % 2 === 0 ? passwords.matches(kept, 'wrong', later) : passwords.hashNew(rightPassword, owner, later),
    ),
  )
  equal(book.most, 2)
})

test('a password of 128 characters counts to its last one; a longer one is refused before any work', async () => {
  const { passwords, book } = counted()
  const long = `${'长'.repeat(127)}a`
  const kept = await passwords.hashNew(long, owner, later)
  ok(await passwords.matches(kept, long, later))
  ok(!(await passwords.matches(kept, `${'长'.repeat(127)}b`, later)))
  const hashedBefore = book.hashed.length
  await rejects(passwords.hashNew(`${long}a`, owner, later), { code: 'VALIDATION_FAILED' })
  equal(book.hashed.length, hashedBefore)
})

test('the most common passwords are refused, in any letters, before any work', async () => {
  const { passwords, book } = counted()
  for (const password of ['password123', 'QWERTYUIOP', 'ｐａｓｓｗｏｒｄ１', '1234567890'])
    await rejects(passwords.hashNew(password, owner, later), { code: 'VALIDATION_FAILED' }, password)
  await passwords.matches(undefined, 'password123', later)
  equal(book.hashed.length, 1, 'nobody and nothing else')
})

test('whoever is refused was compared once, whatever the reason', async () => {
  const { passwords, book } = counted()
  const kept = await passwords.hashNew(rightPassword, owner, later)
  const metrics = { count: () => {} } as unknown as Deps['metrics']
  const prove = checkPassword({ passwords, metrics, settings: { throttled: false } } as Deps)
  const account = (status: AccountStatus): Credentials => ({
    passwordHash: kept,
    account: {
      id: newId(),
      email: owner.value,
      phone: undefined,
      nickname: 'Ann',
      roles: [],
      status,
      locale: 'en',
      createdAt: new Date(0),
    },
  })
  for (const [says, found, password, expected] of [
    ['the owner', account('ACTIVE'), rightPassword, 'ok'],
    ['a wrong password', account('ACTIVE'), 'not the password', 'CREDENTIALS_REFUSED'],
    ['nobody', undefined, rightPassword, 'CREDENTIALS_REFUSED'],
    ['a frozen owner', account('FROZEN'), rightPassword, 'CREDENTIALS_REFUSED'],
    ['a wrong password of a frozen account', account('FROZEN'), 'not the password', 'CREDENTIALS_REFUSED'],
  ] as const) {
    book.verified.length = 0
    const call = { address: '192.0.2.1', deadline: later } as Call
    equal(await outcome(prove(`email:${owner.value}`, found, password, call)), expected, says)
    deepEqual(book.verified.map(costOf), ['$argon2id$v=19$m=19456,t=2,p=1'], says)
  }
})
