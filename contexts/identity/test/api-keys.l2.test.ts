import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { permissions } from '@souk/contract/permissions'
import { faultOf, newId } from '@souk/kernel'
import { type Call, sql } from '@souk/platform'
import type { TestContext } from '@souk/platform/testing'
import { asAdministrator, outcome, startIdentity } from './app.ts'

describe('API keys', () => {
  let app: TestContext
  let admin: Call
  before(async () => {
    app = await startIdentity()
    admin = await asAdministrator(app)
  })
  after(() => app.close())

  const keys = () => app.services['identity.UserAdminService']
  const create = (more: { name?: string; scopes?: string[]; expiresAt?: string } = {}) =>
    keys().createApiKey({ name: '仓库 ERP', scopes: ['inventory:read', 'inventory:operate'], ...more }, admin)
  const resolve = (secret: string, call = app.as({ service: 'gateway' })) =>
    app.services['identity.IdentityService'].resolveApiKey({ secret }, call)
  const unknown = { found: false, id: '', scopes: [], expiresAt: undefined }
  const list = async () => (await keys().listApiKeys({ pageSize: 100, pageToken: '' }, admin)).apiKeys

  test('the secret is shown once, stored as a hash, and stands for its scopes', async () => {
    const made = await create()
    ok(/^sk_[\w-]{43}$/.test(made.secret))
    ok(made.secret.startsWith(made.prefix) && made.prefix.length <= 10)
    deepEqual(await resolve(made.secret), {
      found: true,
      id: made.id,
      scopes: ['inventory:operate', 'inventory:read'],
      expiresAt: undefined,
    })
    const shown = (await list()).find(({ id }) => id === made.id)
    const { secret: _, ...rest } = made
    ok(shown?.lastUsedAt)
    deepEqual({ ...shown, lastUsedAt: undefined }, { ...rest, lastUsedAt: undefined })
    const row = await app.db.one<{ secret_hash: Buffer }>(
      sql`select secret_hash from ${app.db.schema}.api_key where id = ${made.id}`,
    )
    deepEqual(row?.secret_hash, createHash('sha256').update(made.secret).digest())
    notEqual((await create()).secret, made.secret)
  })

  test('a word that is no permission is named', async () => {
    for (const [scopes, place] of [
      [['order:read', 'order:*'], 1],
      [['admin'], 0],
      [['toString'], 0],
      [['ORDER:READ'], 0],
    ] as const) {
      const violation = await create({ scopes: [...scopes] }).then(
        () => undefined,
        (error: unknown) => faultOf(error)?.violations[0],
      )
      equal(violation?.field, `scopes[${place}]`)
      ok(violation?.message.includes(scopes[place] ?? 'missing'))
    }
    const all = await create({ scopes: [...Object.keys(permissions), 'order:read'] })
    deepEqual(all.scopes, Object.keys(permissions).sort())
  })

  test('a key ends when it expires', async () => {
    equal(await outcome(create({ expiresAt: '2020-01-01T00:00:00Z' })), 'VALIDATION_FAILED')
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const made = await create({ expiresAt })
    equal((await resolve(made.secret)).expiresAt, expiresAt)
    await app.db.run(sql`update ${app.db.schema}.api_key set expires_at = now() where id = ${made.id}`)
    deepEqual(await resolve(made.secret), unknown)
  })

  test('a revoked key is refused at once and everybody is told', async () => {
    const made = await create()
    await keys().revokeApiKey({ id: made.id }, admin)
    deepEqual(await resolve(made.secret), unknown)
    ok(!(await list()).some(({ id }) => id === made.id))
    for (const id of [made.id, newId(), 'x']) equal(await outcome(keys().revokeApiKey({ id }, admin)), 'NOT_FOUND')
    const facts = (await app.said()).filter(({ type }) => type === 'identity.ApiKeyRevoked')
    deepEqual(
      facts.map(({ aggregateId, payload }) => [aggregateId, payload]),
      [[made.id, { apiKeyId: made.id }]],
    )
    const trail = await app.db.all<{ action: string }>(
      sql`select action from ${app.db.schema}.audit where target = ${`apikey:${made.id}`} order by id`,
    )
    deepEqual(trail, [{ action: 'apikey.create' }, { action: 'apikey.revoke' }])
  })

  test('of ten who revoke one key at once, one does', async () => {
    const { id } = await create()
    const codes = await Promise.all(Array.from({ length: 10 }, () => outcome(keys().revokeApiKey({ id }, admin))))
    deepEqual(codes.toSorted(), [...Array(9).fill('NOT_FOUND'), 'ok'])
  })

  test('use is noted at most once a minute', async () => {
    const made = await create()
    const lastUsed = async () =>
      (
        await app.db.one<{ at: Date | null }>(
          sql`select last_used_at as at from ${app.db.schema}.api_key where id = ${made.id}`,
        )
      )?.at
    equal(await lastUsed(), null)
    await resolve(made.secret)
    const first = await lastUsed()
    ok(first)
    await Promise.all(Array.from({ length: 10 }, () => resolve(made.secret)))
    deepEqual(await lastUsed(), first)
    await app.db.run(
      sql`update ${app.db.schema}.api_key set last_used_at = now() - interval '61 seconds' where id = ${made.id}`,
    )
    await resolve(made.secret)
    ok((await lastUsed())! >= first)
  })

  test('what is no key is found nowhere, and nobody outside may ask', async () => {
    const made = await create()
    for (const secret of ['x', 'sk_', `${made.secret}x`, made.secret.slice(0, -1), made.prefix, "sk_' or true --"])
      deepEqual(await resolve(secret), unknown)
    for (const call of [app.as(), admin, app.as({ apiKey: made.id, scopes: ['apikey:manage'] })])
      equal(await outcome(resolve(made.secret, call)), 'FORBIDDEN')
  })

  test('an API key makes no API keys: it cannot re-authenticate', async () => {
    const call = app.as({ apiKey: newId(), scopes: Object.keys(permissions) })
    equal(await outcome(keys().createApiKey({ name: 'child', scopes: ['order:read'] }, call)), 'STEP_UP_REQUIRED')
    equal(
      await outcome(keys().createApiKey({ name: 'child', scopes: ['order:read'] }, { ...admin, steppedUp: false })),
      'STEP_UP_REQUIRED',
    )
  })

  test('the list goes in pages, newest first', async () => {
    const made = [await create(), await create(), await create()].map(({ id }) => id).reverse()
    const first = await keys().listApiKeys({ pageSize: 2, pageToken: '' }, admin)
    const second = await keys().listApiKeys({ pageSize: 1, pageToken: first.nextPageToken }, admin)
    deepEqual(
      [...first.apiKeys, ...second.apiKeys].map(({ id }) => id),
      made,
    )
  })
})
