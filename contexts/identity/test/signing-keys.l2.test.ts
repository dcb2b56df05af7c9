import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testClock } from '@souk/kernel'
import { silentLog, sql } from '@souk/platform'
import type { TestContext } from '@souk/platform/testing'
import { decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from 'jose'
import { createTokenVerifier, tokenAudience } from '../src/index.ts'
import { getKeys } from '../src/service/get-keys.ts'
import { rotateSigningKeys } from '../src/service/rotate-signing-keys.ts'
import { createSignToken } from '../src/service/sign-token.ts'
import { createSigningKeys } from '../src/store/signing-keys.ts'
import { asOwner, register, startIdentity } from './app.ts'

const minute = 60_000
const rotation = { tokenLifeMs: 10 * minute, everyMs: 24 * 60 * minute }
const claims = { userId: 'u-1', sessionId: 's-1', roles: ['support'] }

describe('keys of access tokens', () => {
  let app: TestContext
  before(async () => {
    app = await startIdentity({ SOUK_PUBLIC_URL: 'https://souk.example', SOUK_ACCESS_TOKEN_TTL: '5m' })
  })
  after(() => app.close())

  const keySet = async (): Promise<JSONWebKeySet> =>
    JSON.parse(Buffer.from((await app.services['identity.AuthService'].getKeys({}, app.as())).body).toString())

  /** Identity's own parts on a clock of their own; several stand for several processes. */
  const processAt = (clock: ReturnType<typeof testClock>) => {
    const { db } = app
    const signingKeys = createSigningKeys(db.schema)
    const deps = { db, clock, signingKeys, log: silentLog, settings: { rotation } as never }
    const loadKeys = async (): Promise<JSONWebKeySet> =>
      JSON.parse(Buffer.from((await getKeys(deps)({}, app.as())).body).toString())
    return {
      rotate: rotateSigningKeys(deps),
      sign: createSignToken({ db, clock, signingKeys, issuer: 'souk', tokenLifeMs: rotation.tokenLifeMs }),
      loadKeys,
      kids: async () => (await loadKeys()).keys.map(({ kid }) => kid),
      verifier: () => createTokenVerifier({ loadKeys, issuer: 'souk', audience: tokenAudience, clock }),
    }
  }
  const kidOf = (token: string) => decodeProtectedHeader(token).kid
  const noKeys = () => app.db.run(sql`delete from ${app.db.schema}.signing_key`)

  test('what register answers is an access token by the published key, and says who, for whom and how long', async () => {
    const answer = await register(app)
    const { sub, sid, iss, aud, iat, exp, roles, ...rest } = decodeJwt(answer.accessToken)
    deepEqual([sub, iss, aud, roles, exp! - iat!, rest], [answer.user?.id, 'https://souk.example', 'souk', [], 300, {}])
    equal(answer.expiresIn, 300)
    const { keys } = await keySet()
    equal(keys.length, 1)
    deepEqual(decodeProtectedHeader(answer.accessToken), { alg: 'ES256', kid: keys[0]?.kid, typ: 'at+jwt' })
    const { verify } = createTokenVerifier({
      loadKeys: keySet,
      issuer: 'https://souk.example',
      audience: tokenAudience,
    })
    deepEqual(await verify(answer.accessToken), { userId: answer.user!.id, sessionId: sid, roles: [] })
    equal(asOwner(app, answer).actor.kind, 'user')
  })

  test('the key set holds public parts only and may be kept for a minute', async () => {
    const answer = await app.services['identity.AuthService'].getKeys({}, app.as())
    equal(answer.contentType, 'application/jwk-set+json')
    equal(answer.headers['cache-control'], 'public, max-age=60')
    for (const key of (await keySet()).keys)
      deepEqual(Object.keys(key).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  })

  test('a rotation under way refuses no living token and accepts no retired key', async () => {
    await noKeys()
    const clock = testClock(new Date('2026-03-01T00:00:00Z'))
    const here = processAt(clock)
    await here.rotate()
    const { verify } = here.verifier()
    const alive: { token: string; until: number }[] = []
    const signers = new Set<string | undefined>()
    const known = new Set<string | undefined>()
    for (let minutes = 0; minutes < 3 * 24 * 60; minutes += 7) {
      clock.advance(7 * minute)
      await here.rotate()
      for (const kid of await here.kids()) known.add(kid)
      const token = await here.sign(claims)
      ok(known.has(kidOf(token)), 'signed by a key that was not published before')
      signers.add(kidOf(token))
      alive.push({ token, until: clock.now().getTime() + rotation.tokenLifeMs })
      while (alive[0]!.until <= clock.now().getTime()) alive.shift()
      for (const { token } of alive) deepEqual(await verify(token), claims)
    }
    equal(signers.size, 3)
    const { count } = (await app.db.one<{ count: number }>(sql`select count(*) from ${app.db.schema}.signing_key`))!
    ok(count <= 2, `${count} keys kept`)
  })

  test('a new key is published before it signs; the old one is accepted after it, then gone', async () => {
    await noKeys()
    const clock = testClock(new Date('2026-03-01T00:00:00Z'))
    const here = processAt(clock)
    await here.rotate()
    const [first] = await here.kids()
    const old = await here.sign(claims)
    equal(kidOf(old), first)
    clock.advance(rotation.everyMs)
    await here.rotate()
    const both = await here.kids()
    equal(both.length, 2)
    equal(kidOf(await here.sign(claims)), first)
    clock.advance(20 * minute)
    equal(
      kidOf(await here.sign(claims)),
      both.find((kid) => kid !== first),
    )
    deepEqual(await here.kids(), both)
    clock.advance(20 * minute)
    await here.rotate()
    deepEqual(
      await here.kids(),
      both.filter((kid) => kid !== first),
    )
    equal(await here.verifier().verify(old), undefined)
  })

  test('four processes that rotate at once make one key', async () => {
    await noKeys()
    const clock = testClock(new Date('2026-03-01T00:00:00Z'))
    const four = [1, 2, 3, 4].map(() => processAt(clock))
    await Promise.all(four.map(({ rotate }) => rotate()))
    equal((await four[0]!.kids()).length, 1)
    clock.advance(rotation.everyMs)
    await Promise.all(four.map(({ rotate }) => rotate()))
    equal((await four[0]!.kids()).length, 2)
    const kids = await Promise.all(four.map(async ({ sign }) => kidOf(await sign(claims))))
    equal(new Set(kids).size, 1)
  })
})
