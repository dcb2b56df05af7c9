import assert from 'node:assert/strict'
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Api, createApi, must, registerBuyer } from '../api.ts'
import { withDatabase } from '../database.ts'
import { refusedWith } from '../problem.ts'
import { type System, startSystem } from '../system.ts'

type Claims = Record<string, unknown>

const coded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decoded = (part: string): Claims => JSON.parse(Buffer.from(part, 'base64url').toString())
const now = () => Math.floor(Date.now() / 1000)

describe('forged access tokens', () => {
  let system: System
  let buyer: Api & { userId: string }
  let header: Claims
  let claims: Claims
  let ours: KeyObject

  before(async () => {
    system = await startSystem('start')
    buyer = await registerBuyer(system.base)
    const [first, second] = buyer.token!.split('.')
    header = decoded(first!)
    claims = decoded(second!)
    ours = await withDatabase(system, async (client) => {
      const { rows } = await client.query('select private_jwk from souk_identity.signing_key where kid = $1', [
        header.kid,
      ])
      return createPrivateKey({ key: rows[0].private_jwk, format: 'jwk' })
    })
  })
  after(() => system?.remove())

  const signed = (head: Claims, body: Claims, key: KeyObject = ours): string => {
    const text = `${coded(head)}.${coded(body)}`
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  const withHmac = (head: Claims, secret: string | Buffer): string => {
    const text = `${coded({ ...head, alg: 'HS256' })}.${coded(claims)}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const refused = async (token: string, says: string) => {
    for (const path of ['/v1/me', '/v1/products'])
      refusedWith(await createApi(system.base, token).get(path), 'UNAUTHENTICATED', `${says}: ${path}`)
  }

  test('a token signed here with our own key is taken, so the refusals below are about what is changed', async () => {
    assert.deepEqual([header.alg, header.typ], ['ES256', 'at+jwt'])
    const token = signed(header, { ...claims, exp: now() + 60 })
    assert.equal(must(await createApi(system.base, token).get('/v1/me'), 200).id, buyer.userId)
  })

  test('claims that are wrong, missing, old or not yet valid', async () => {
    const wrong: Record<string, Claims> = {
      expired: { ...claims, iat: now() - 700, exp: now() - 100 },
      'without an end': { ...claims, exp: undefined },
      'not yet valid': { ...claims, nbf: now() + 300 },
      'of another issuer': { ...claims, iss: 'https://evil.example' },
      'for another audience': { ...claims, aud: 'other' },
      'without a subject': { ...claims, sub: undefined },
      'without a session': { ...claims, sid: undefined },
      'with roles that are no list': { ...claims, roles: 'admin' },
    }
    for (const [says, body] of Object.entries(wrong)) await refused(signed(header, body), says)
  })

  test('headers that ask for another algorithm, type or key', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const strange = stranger.publicKey.export({ format: 'jwk' })
    const address = 'https://evil.example/jwks.json'
    const [first, second] = buyer.token!.split('.')
    const forged: Record<string, string> = {
      'alg none': `${coded({ ...header, alg: 'none' })}.${second}.`,
      'alg None': `${coded({ ...header, alg: 'None' })}.${second}.${buyer.token!.split('.')[2]}`,
      'no signature': `${first}.${second}.`,
      'an identity token': signed({ ...header, typ: 'JWT' }, claims),
      'no type': signed({ ...header, typ: undefined }, claims),
      'an unknown key id': signed({ ...header, kid: 'unknown' }, claims),
      'no key id': signed({ ...header, kid: undefined }, claims),
      'a path as key id': signed({ ...header, kid: '../../../dev/null' }, claims),
      'an injection as key id': signed({ ...header, kid: "' or '1'='1" }, claims),
      'another key under our id': signed(header, claims, stranger.privateKey),
      'its own key in the header': signed({ ...header, jwk: strange }, claims, stranger.privateKey),
      'a key address': signed({ ...header, jku: address, x5u: address, kid: 'evil' }, claims, stranger.privateKey),
      'a critical extension': signed({ ...header, crit: ['b64'], b64: false }, claims),
    }
    for (const [says, token] of Object.entries(forged)) await refused(token, says)
  })

  test('HS256 with anything that is public', async () => {
    const { keys } = must(await buyer.get('/.well-known/jwks.json'), 200)
    const jwk = keys.find((key: { kid: string }) => key.kid === header.kid)
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string
    for (const secret of [pem, pem.trim(), ` ${pem}`, `\n${pem}`, JSON.stringify(jwk), jwk.x, header.kid as string, ''])
      await refused(withHmac(header, secret), 'HS256')
  })

  test('the published key set holds no private part', async () => {
    const { keys } = must(await buyer.get('/.well-known/jwks.json'), 200)
    assert.ok(keys.length > 0)
    for (const key of keys) {
      assert.deepEqual([key.kty, key.crv, key.alg], ['EC', 'P-256', 'ES256'])
      assert.ok(!('d' in key))
    }
  })

  test('one changed character anywhere', async () => {
    const token = buyer.token!
    for (const place of [2, Math.floor(token.length / 2), token.lastIndexOf('.') + 5]) {
      const other = token[place] === 'A' ? 'B' : 'A'
      await refused(token.slice(0, place) + other + token.slice(place + 1), `place ${place}`)
    }
    const [first, , third] = token.split('.')
    await refused(`${first}.${coded({ ...claims, roles: ['admin'] })}.${third}`, 'a role added')
    for (const authorization of [
      `Basic ${token}`,
      token,
      `Bearer ${token}, Bearer ${token}`,
      'Bearer',
      `Bearer ${token}.a`,
    ])
      refusedWith(
        await createApi(system.base).get('/v1/me', { authorization }),
        'UNAUTHENTICATED',
        authorization.slice(0, 20),
      )
  })

  test('headers that name a user are nobody', async () => {
    const spoofed = {
      'x-user-id': buyer.userId,
      'x-forwarded-user': buyer.userId,
      'x-roles': 'admin',
      'x-souk-actor': 'admin',
    }
    refusedWith(await createApi(system.base).get('/v1/me', spoofed), 'UNAUTHENTICATED', 'no token')
    refusedWith(await buyer.get('/v1/admin/orders', spoofed), 'FORBIDDEN', 'a buyer')
  })
})
