import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict'
import { createHmac, createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { testClock } from '@souk/kernel'
import {
  CompactSign,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { createTokenVerifier, tokenAudience, type VerifierOptions } from '../src/index.ts'

const issuer = 'https://souk.example'
const start = new Date('2026-03-01T12:00:00Z')
const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
const user = { userId: 'u-1', sessionId: 's-1', roles: ['support'] }

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>
const pair = await generateKeyPair('ES256', { extractable: true })
const other = await generateKeyPair('ES256', { extractable: true })

const publicJwk = async ({ publicKey }: KeyPair, kid: string, more: JWK = {}): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  kid,
  alg: 'ES256',
  use: 'sig',
  ...more,
})
const published: JSONWebKeySet = { keys: [await publicJwk(pair, 'k1')] }

type Changes = { header?: object; claims?: object; key?: KeyPair['privateKey'] }
const claims = {
  iss: issuer,
  aud: tokenAudience,
  sub: 'u-1',
  sid: 's-1',
  roles: ['support'],
  iat: seconds(start),
  exp: seconds(start) + 600,
}
const header = { alg: 'ES256', kid: 'k1', typ: 'at+jwt' }
const sign = ({ header: h = {}, claims: c = {}, key = pair.privateKey }: Changes = {}): Promise<string> =>
  new SignJWT(JSON.parse(JSON.stringify({ ...claims, ...c }))).setProtectedHeader({ ...header, ...h }).sign(key)

const verifier = (more: Partial<VerifierOptions> = {}) =>
  createTokenVerifier({
    loadKeys: async () => published,
    issuer,
    audience: tokenAudience,
    clock: testClock(start),
    ...more,
  })

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const hs256 = (secret: string | Buffer, h: object = {}) => {
  const body = `${encode({ ...header, alg: 'HS256', ...h })}.${encode(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

test('a token of ours is taken, again from memory, and cannot be changed by whoever got it', async () => {
  const { verify } = verifier()
  const token = await sign()
  const found = await verify(token)
  deepEqual(found, user)
  equal(await verify(token), found)
  ok(Object.isFrozen(found) && Object.isFrozen(found?.roles))
  deepEqual((await verify(await sign({ claims: { aud: ['other', tokenAudience], roles: [] } })))?.roles, [])
})

const spki = await exportSPKI(pair.publicKey)
const rawPublicKey = createPublicKey(spki).export({ type: 'spki', format: 'der' })
const es256 = await sign()
const [head = '', body = '', signature = ''] = es256.split('.')
const embedded = await publicJwk(other, 'k1')

const forged: [string, string | Promise<string>][] = [
  ['nothing', ''],
  ['a word', 'token'],
  ['an API key', 'sk_abcdefgh'],
  ['two parts', `${head}.${body}`],
  ['no signature', `${head}.${body}.`],
  ['alg none', new UnsecuredJWT(claims).encode()],
  ['alg none with our header and a signature', `${encode({ ...header, alg: 'none' })}.${body}.${signature}`],
  ['alg None', `${encode({ ...header, alg: 'None' })}.${body}.${signature}`],
  ['HS256 with our public key as PEM', hs256(spki)],
  ['HS256 with white space before the PEM', hs256(` \n${spki}`)],
  ['HS256 with our public key as DER', hs256(rawPublicKey)],
  ['HS256 with the JWK', hs256(JSON.stringify(published.keys[0]))],
  ['HS256 called ES256', hs256(spki, { alg: 'ES256' })],
  ['another key under our kid', sign({ key: other.privateKey })],
  ['another key, sent along as jwk', sign({ key: other.privateKey, header: { jwk: embedded } })],
  ['another key, found at jku', sign({ key: other.privateKey, header: { jku: 'https://evil.example/jwks.json' } })],
  ['another key, found at x5u', sign({ key: other.privateKey, header: { x5u: 'https://evil.example/cert.pem' } })],
  ['no kid', sign({ header: { kid: undefined } })],
  ['a kid that is a path', sign({ header: { kid: '../../dev/null' } })],
  ['a kid that is a query', sign({ header: { kid: "k1' or '1'='1" } })],
  ['a kid of the prototype', sign({ header: { kid: '__proto__' } })],
  ['another issuer', sign({ claims: { iss: 'https://souk.example.evil' } })],
  ['no issuer', sign({ claims: { iss: undefined } })],
  ['another audience', sign({ claims: { aud: 'other' } })],
  ['no audience', sign({ claims: { aud: undefined } })],
  ['an ID token', sign({ header: { typ: 'JWT' } })],
  ['no type', sign({ header: { typ: undefined } })],
  ['expired', sign({ claims: { iat: seconds(start) - 700, exp: seconds(start) - 6 } })],
  ['no expiry', sign({ claims: { exp: undefined } })],
  ['not valid yet', sign({ claims: { nbf: seconds(start) + 60 } })],
  ['no subject', sign({ claims: { sub: undefined } })],
  ['no session', sign({ claims: { sid: undefined } })],
  ['a subject that is a number', sign({ claims: { sub: 7 } })],
  ['a session that is a number', sign({ claims: { sid: 7 } })],
  ['more roles than any token of ours has room for', sign({ claims: { roles: Array(500).fill('support') } })],
  ['no roles', sign({ claims: { roles: undefined } })],
  ['roles in one word', sign({ claims: { roles: 'admin' } })],
  ['roles that are no words', sign({ claims: { roles: [{ admin: true }] } })],
  [
    'a critical header nobody knows',
    sign({ header: { crit: ['b64'], b64: false } }).catch(() =>
      es256.replace(head, encode({ ...header, crit: ['x'], x: 1 })),
    ),
  ],
  ['a changed body', `${head}.${encode({ ...claims, roles: ['admin'] })}.${signature}`],
  ['a changed signature', `${head}.${body}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`],
  ['white space before', ` ${es256}`],
  ['a line break behind', `${es256}\n`],
  ['padding behind', `${es256}=`],
  ['a fourth part', `${es256}.${signature}`],
  ['three words', 'a.b.c'],
  ['a line break inside', `${head}.\n${body}.${signature}`],
  ['something huge', `${head}.${'A'.repeat(100_000)}.${signature}`],
  [
    'a body that is no JSON',
    new CompactSign(new TextEncoder().encode('admin')).setProtectedHeader(header).sign(pair.privateKey),
  ],
]

for (const [says, token] of forged)
  test(`refused: ${says}`, async () => {
    const { verify } = verifier()
    equal(await verify(await token), undefined)
    deepEqual(await verify(es256), user)
  })

test('keys that are not for ES256 signatures are no keys of ours', async () => {
  const rsa = await generateKeyPair('RS256', { extractable: true })
  const p384 = await generateKeyPair('ES384', { extractable: true })
  const keys: JWK[] = [
    { kty: 'oct', k: Buffer.from('secret').toString('base64url'), kid: 'oct', alg: 'HS256' },
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
    { ...(await exportJWK(p384.publicKey)), kid: 'p384', alg: 'ES384' },
    await publicJwk(other, 'other'),
  ]
  const { verify } = verifier({ loadKeys: async () => ({ keys }) })
  equal(
    await verify(
      await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'RS256', kid: 'rsa' }).sign(rsa.privateKey),
    ),
    undefined,
  )
  equal(
    await verify(
      await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'ES384', kid: 'p384' }).sign(p384.privateKey),
    ),
    undefined,
  )
  equal(await verify(hs256('secret', { kid: 'oct' })), undefined)
  deepEqual(await verify(await sign({ key: other.privateKey, header: { kid: 'other' } })), user)
})

test('a key that only says it is ours is not taken, and keeps no other from being read', async () => {
  const rsa = await generateKeyPair('RS256', { extractable: true })
  const p384 = await generateKeyPair('ES384', { extractable: true })
  const keys: JWK[] = [
    await publicJwk(rsa, 'rsa'),
    await publicJwk(p384, 'p384'),
    { ...(await exportJWK(other.privateKey)), kid: 'private', alg: 'ES256' },
    await publicJwk(other, 'labelled', { alg: 'ES384' }),
    ...published.keys,
  ]
  const { verify } = verifier({ loadKeys: async () => ({ keys }) })
  deepEqual(await verify(es256), user)
  for (const kid of ['private', 'labelled'])
    equal(await verify(await sign({ key: other.privateKey, header: { kid } })), undefined, kid)
})

test('a token remembered as good ends when it expires', async () => {
  const clock = testClock(start)
  const { verify } = verifier({ clock })
  const found = await verify(es256)
  clock.advance(604_999)
  equal(await verify(es256), found, 'clocks may differ by a few seconds')
  clock.advance(1)
  equal(await verify(es256), undefined)
})

test('a thousand unknown key ids are one look, and the cool-down passes', async () => {
  const clock = testClock(start)
  let loads = 0
  let keys = published.keys
  const { verify } = verifier({
    clock,
    coolDownMs: 5000,
    loadKeys: async () => {
      loads++
      return { keys }
    },
  })
  deepEqual(await verify(es256), user)
  equal(loads, 1)
  const unknown = await Promise.all(Array.from({ length: 1000 }, (_, place) => sign({ header: { kid: `u${place}` } })))
  clock.advance(5000)
  for (const found of await Promise.all(unknown.map(verify))) equal(found, undefined)
  equal(loads, 2)
  keys = [...keys, await publicJwk(other, 'k2')]
  const fresh = await sign({ header: { kid: 'k2' }, key: other.privateKey })
  equal(await verify(fresh), undefined)
  equal(loads, 2)
  clock.advance(5000)
  const answers = await Promise.all([verify(fresh), verify(fresh), verify(es256)])
  deepEqual(answers, [user, user, user])
  equal(loads, 3)
})

test('a token that is no access token by its header makes nobody look for keys', async () => {
  const clock = testClock(start)
  let loads = 0
  const { verify } = verifier({
    clock,
    loadKeys: async () => {
      loads++
      return published
    },
  })
  await verify(es256)
  clock.advance(5000)
  for (const token of [
    await sign({ header: { kid: 'u', typ: 'JWT' } }),
    await sign({ header: { kid: undefined } }),
    hs256('secret', { kid: 'u' }),
    hs256('secret', { kid: 'u', typ: 'JWT' }),
  ])
    equal(await verify(token), undefined)
  equal(loads, 1)
})

test('known keys are read again when they are old, behind the answers: a silent identity keeps nobody waiting', async () => {
  const clock = testClock(start)
  let loads = 0
  const { verify } = verifier({
    clock,
    coolDownMs: 5000,
    keysAgeMs: 60_000,
    loadKeys: () => (++loads === 1 ? Promise.resolve(published) : new Promise(() => {})),
  })
  deepEqual(await verify(es256), user)
  clock.advance(59_999)
  deepEqual(await verify(es256), user)
  equal(loads, 1)
  clock.advance(1)
  for (const token of [es256, await sign({ claims: { sid: 's-2' } })]) equal((await verify(token))?.userId, 'u-1')
  equal(loads, 2)
})

test('a retired key is refused within the age of the keys, remembered tokens included', async () => {
  const clock = testClock(start)
  let keys = [...published.keys, await publicJwk(other, 'k2')]
  const { verify } = verifier({ clock, keysAgeMs: 60_000, loadKeys: async () => ({ keys }) })
  deepEqual(await verify(es256), user)
  keys = [await publicJwk(other, 'k2')]
  clock.advance(60_000)
  await verify(es256)
  // The keys are read behind the answers; a bounded number of looks later they are there.
  let found: unknown = user
  for (let looks = 0; looks < 1000 && found; looks++) {
    await new Promise((done) => setImmediate(done))
    found = await verify(es256)
  }
  equal(found, undefined)
  deepEqual(await verify(await sign({ header: { kid: 'k2' }, key: other.privateKey })), user)
})

test('while keys cannot be read: known ones serve on; without any the answer is "unavailable", not "refused"', async () => {
  const clock = testClock(start)
  let down = true
  const { verify } = verifier({
    clock,
    loadKeys: async () => {
      if (down) throw new Error('identity is down')
      return published
    },
  })
  await rejects(verify(es256), { code: 'UNAVAILABLE', params: { reason: 'no keys of access tokens' } })
  down = false
  deepEqual(await verify(es256), user)
  down = true
  clock.advance(300_000)
  deepEqual(await verify(es256), user)
  equal(await verify(await sign({ header: { kid: 'k9' }, key: other.privateKey })), undefined)
  deepEqual(await verify(await sign({ claims: { sid: 's-2' } })), { ...user, sessionId: 's-2' })
})

test('memory is bounded and nobody gets another’s place in it', async () => {
  const { verify } = verifier({ remembered: 10 })
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, place) => sign({ claims: { sub: `u-${place}` } })))
  const first = await Promise.all(tokens.map(verify))
  const second = await Promise.all(tokens.map(verify))
  for (const [place, found] of [...first, ...second].entries()) equal(found?.userId, `u-${place % 50}`)
  notEqual(await verify(tokens[0]!), first[0])
})

test('what was used last is remembered, what was not used for longest is forgotten', async () => {
  const { verify } = verifier({ remembered: 2 })
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((sub) => sign({ claims: { sub } })))
  const [foundA, foundB] = [await verify(a!), await verify(b!)]
  for (let again = 0; again < 2; again++) equal(await verify(a!), foundA)
  await verify(c!)
  equal(await verify(a!), foundA)
  notEqual(await verify(b!), foundB)
})
