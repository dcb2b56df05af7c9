import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type MethodEntry, methods } from '@souk/contract/methods'
import { type Permission, permissions, type Role, rolePermissions, roles } from '@souk/contract/permissions'
import { createServiceTokens } from '@souk/platform'
import { type Answer, type Api, address, createApi, createProduct, must, registerBuyer, signIn, until } from '../api.ts'
import { inParallel } from '../parallel.ts'
import { problemOf, refusedWith } from '../problem.ts'
import { filledPath, type Route, routes, sampleBody } from '../samples.ts'
import { type System, shapes, startSystem } from '../system.ts'

type Caller =
  | { kind: 'nobody'; api: Api }
  | { kind: 'user'; roles: readonly Role[]; api: Api }
  | { kind: 'apiKey'; scopes: readonly Permission[]; api: Api }
  | { kind: 'not believed'; api: Api }

/** Proves processes to each other, and nobody to the gateway. */
const serviceSecret = randomUUID()

type Verdict = 'let in' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'STEP_UP_REQUIRED'

/** What the contract's annotations say; everybody who is a user here signed in a moment ago. */
const verdictOf = ({ access, permission, stepUp }: MethodEntry, caller: Caller): Verdict => {
  if (caller.kind === 'not believed') return 'UNAUTHENTICATED'
  if (access === 'PUBLIC') return 'let in'
  if (caller.kind === 'nobody') return 'UNAUTHENTICATED'
  if (access === 'SIGNED_IN') return caller.kind === 'user' ? 'let in' : 'FORBIDDEN'
  if (caller.kind === 'apiKey') {
    if (!caller.scopes.includes(permission!)) return 'FORBIDDEN'
    return stepUp ? 'STEP_UP_REQUIRED' : 'let in'
  }
  const held = caller.roles.some((role) => rolePermissions[role].includes(permission!))
  return held && permission !== 'inventory:operate' ? 'let in' : 'FORBIDDEN'
}

const used = [...new Set(methods.flatMap(({ permission, http }) => (http && permission ? [permission] : [])))]
const named = ({ verb, path }: Route) => `${verb} ${path}`

/** Whatever may not be done is asked for in full, so that a gap would show as an effect, not only as a status. */
const askInFull = (api: Api, { entry, verb, path }: Route): Promise<Answer> => {
  const hasBody = verb !== 'GET' && verb !== 'DELETE'
  const body = entry.body === 'JSON' ? sampleBody(entry) : 'Handle,Title,Variant Price\na,a,1\n'
  const type = {
    JSON: 'application/json',
    STREAM: 'text/csv',
    MULTIPART: 'multipart/form-data; boundary=x',
    RAW: 'application/json',
  }
  return api.send(verb, filledPath(path), hasBody ? body : undefined, {
    'idempotency-key': randomUUID(),
    ...(hasBody ? { 'content-type': type[entry.body] } : {}),
  })
}

/** Whoever is let in gets as far as the content of his request, which no method can take. */
const askNonsense = (api: Api, { entry, verb, path }: Route): Promise<Answer> => {
  const key = { 'idempotency-key': randomUUID() }
  if (verb === 'GET' || verb === 'DELETE') return api.send(verb, `${filledPath(path)}?surprise=1`, undefined, key)
  const type = {
    JSON: 'application/json',
    STREAM: 'text/csv',
    MULTIPART: 'multipart/form-data; boundary=x',
    RAW: 'text/plain',
  }
  return api.send(verb, filledPath(path), entry.body === 'STREAM' ? '' : '{"broken":', {
    ...key,
    'content-type': type[entry.body],
  })
}

const judge = async (caller: Caller, route: Route, says: string): Promise<void> => {
  const verdict = verdictOf(route.entry, caller)
  if (verdict !== 'let in') {
    const answer = await askInFull(caller.api, route)
    const { code } = problemOf(answer, says)
    // Public methods judge the message before the token, and a sample's ids belong to nothing.
    const validatesFirst = caller.kind === 'not believed' && route.entry.access === 'PUBLIC'
    assert.ok(
      code === verdict || (validatesFirst && answer.status === 400),
      `${says}: ${verdict} expected, ${answer.text}`,
    )
    return
  }
  const { code } = problemOf(await askNonsense(caller.api, route), says)
  assert.equal(code, route.entry.body === 'RAW' ? 'SIGNATURE_REFUSED' : 'VALIDATION_FAILED', says)
}

for (const shape of shapes)
  describe(`who may do what, ${shape}`, () => {
    let system: System
    let admin: Api
    const callers = new Map<string, Caller>()

    const staff = async (role: Role): Promise<Api> => {
      const email = `${role}@example.com`
      const password = 'a long enough password 2'
      must(await admin.post('/v1/admin/staff', { email, password, roles: [role] }), 201)
      return signIn(system.base, email, password)
    }
    const keyWith = async (scopes: readonly string[]): Promise<Api> =>
      createApi(system.base, must(await admin.post('/v1/admin/api-keys', { name: 'matrix', scopes }), 201).secret)

    before(async () => {
      system = await startSystem(shape, { env: { SOUK_SERVICE_SECRET: serviceSecret } })
      admin = await signIn(system.base, system.admin.email, system.admin.password)
      callers.set('nobody', { kind: 'nobody', api: createApi(system.base) })
      callers.set('a buyer', { kind: 'user', roles: [], api: await registerBuyer(system.base) })
      for (const role of roles)
        callers.set(role, { kind: 'user', roles: [role], api: role === 'admin' ? admin : await staff(role) })
      const all = Object.keys(permissions) as Permission[]
      for (const permission of used) {
        const others = all.filter((one) => one !== permission)
        callers.set(`a key for ${permission}`, {
          kind: 'apiKey',
          scopes: [permission],
          api: await keyWith([permission]),
        })
        callers.set(`a key without ${permission}`, { kind: 'apiKey', scopes: others, api: await keyWith(others) })
      }
      const gone = await registerBuyer(system.base)
      must(await gone.post('/v1/auth/logout'), 204)
      await until(
        () => gone.get('/v1/me'),
        ({ status }) => status === 401,
      )
      callers.set('a session that ended', { kind: 'not believed', api: gone })
      const services = createServiceTokens(serviceSecret, 'order')
      for (const callee of ['inventory', 'identity'])
        callers.set(`a service that may call ${callee}`, {
          kind: 'not believed',
          api: createApi(system.base, await services.issue(callee)),
        })
      callers.set('a token of nobody', { kind: 'not believed', api: createApi(system.base, 'garbage') })
      callers.set('a key of nobody', { kind: 'not believed', api: createApi(system.base, `sk_${'a'.repeat(32)}`) })
    })
    after(() => system?.remove())

    test('every method against every kind of caller: exactly as the contract says', async () => {
      assert.ok(routes.length > 90 && callers.size > 30)
      const cells = [...callers].flatMap(([name, caller]) => routes.map((route) => ({ name, caller, route })))
      await inParallel(cells, 8, ({ name, caller, route }) => judge(caller, route, `${name}: ${named(route)}`))
    })

    test('what was refused left nothing behind', async () => {
      assert.deepEqual(must(await admin.get('/v1/admin/products'), 200).products, [])
      assert.deepEqual(must(await admin.get('/v1/categories'), 200).categories, [])
      assert.deepEqual(must(await admin.get('/v1/admin/orders'), 200).orders, [])
      assert.equal(must(await admin.get('/v1/admin/warehouses'), 200).warehouses.length, 1)
      // The administrator, a member of staff for each other role, and the two buyers.
      assert.equal(must(await admin.get('/v1/admin/users?pageSize=100'), 200).users.length, roles.length + 2)
    })

    test('a revoked key and a key past its date are not believed', async () => {
      const made = must(await admin.post('/v1/admin/api-keys', { name: 'short', scopes: ['order:read'] }), 201)
      const expiresAt = new Date(Date.now() + 5000).toISOString()
      const dated = must(
        await admin.post('/v1/admin/api-keys', { name: 'dated', scopes: ['order:read'], expiresAt }),
        201,
      )
      const keys = [createApi(system.base, made.secret), createApi(system.base, dated.secret)]
      for (const key of keys) must(await key.get('/v1/admin/orders'), 200)
      must(await admin.delete(`/v1/admin/api-keys/${made.id}`), 204)
      for (const key of keys) {
        const answer = await until(
          () => key.get('/v1/admin/orders'),
          ({ status }) => status === 401,
        )
        refusedWith(answer, 'UNAUTHENTICATED', 'an ended key')
      }
    })

    test("every method on somebody's own object is closed to everybody else, staff included", async () => {
      const { skuIds } = await createProduct(admin)
      const owner = await registerBuyer(system.base)
      const wish = { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address }
      const order = must(await owner.post('/v1/orders', wish), 201)
      const payment = must(await owner.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
      const kept = must(await owner.post('/v1/me/addresses', address), 201)
      const { sessions } = must(await owner.get('/v1/auth/sessions'), 200)
      const objects: Record<string, string> = {
        '/v1/orders/': order.id,
        '/v1/payments/': payment.id,
        '/v1/me/addresses/': kept.id,
        '/v1/auth/sessions/': sessions[0].id,
      }
      const owned = routes.filter(
        ({ entry, path }) => entry.owner && path.includes('{') && !path.startsWith('/v1/cart/'),
      )
      assert.ok(owned.length >= 8)
      for (const { entry, verb, path } of owned) {
        const [, id] = Object.entries(objects).find(([prefix]) => path.startsWith(prefix)) ?? []
        assert.ok(id, `${verb} ${path}: this test knows no object of its kind`)
        for (const name of ['a buyer', 'admin', 'support']) {
          const body = verb === 'GET' || verb === 'DELETE' ? undefined : sampleBody(entry)
          const answer = await callers
            .get(name)!
            .api.send(verb, path.replace(/\{[^}]+\}/, id), body, { 'idempotency-key': randomUUID() })
          refusedWith(answer, 'NOT_FOUND', `${name}: ${verb} ${path}`)
        }
      }
      assert.equal(must(await owner.get(`/v1/orders/${order.id}`), 200).status, 'AWAITING_PAYMENT')
      assert.equal(must(await owner.get(`/v1/me/addresses/${kept.id}`), 200).line1, address.line1)
      assert.equal(must(await owner.get('/v1/me'), 200).id, owner.userId)
    })

    test('served is what the contract declares, no more: documents, verbs, inner methods, operations', async () => {
      const { body: openapi } = await admin.get('/openapi.json')
      const documented = Object.entries(openapi.paths).flatMap(([path, verbs]) =>
        Object.keys(verbs as object).map((verb) => `${verb.toUpperCase()} ${path}`),
      )
      assert.deepEqual(documented.toSorted(), routes.map(named).toSorted())
      for (const path of new Set(routes.map((route) => route.path))) {
        const known = routes.filter((route) => route.path === path).map(({ verb }) => verb)
        for (const verb of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
          if (routes.some((route) => route.verb === verb && matches(route.path, filledPath(path)))) continue
          const answer = await admin.send(verb, filledPath(path), verb === 'GET' ? undefined : {})
          // The storefront's pages share some paths with aliases: the pages are GET, the aliases POST (SPEC 2).
          if (verb === 'GET' && /^text\/html/.test(answer.headers.get('content-type') ?? '')) continue
          refusedWith(answer, 'METHOD_NOT_ALLOWED', `${verb} ${path}`)
          for (const verb of known) assert.match(answer.headers.get('allow') ?? '', new RegExp(`\\b${verb}\\b`))
        }
        const overridden = await admin.send(
          'POST',
          `${filledPath(path)}/nothing`,
          {},
          { 'x-http-method-override': 'GET' },
        )
        assert.ok([404, 405].includes(overridden.status), path)
      }
      const inner = methods
        .filter(({ http }) => !http)
        .map(({ fullService, name }) => `/${fullService}/${name.split('/')[1]}`)
      assert.ok(inner.length > 10)
      for (const path of [
        ...inner,
        '/internal',
        '/v1/internal',
        '/v2/products',
        '/debug',
        '/metrics',
        '/readyz',
        '/livez',
        '/v1/',
        '/.env',
      ])
        for (const verb of ['GET', 'POST']) {
          const answer = await admin.send(verb, path, verb === 'GET' ? undefined : {})
          assert.ok([404, 405].includes(answer.status), `${verb} ${path}: ${answer.status}`)
        }
    })
  })

const matches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path)

test('roles hold what SPEC 2.3 gives them, `admin` everything', () => {
  const table: Record<Exclude<Role, 'admin'>, Permission[]> = {
    catalog: ['catalog:write', 'inventory:read'],
    support: [
      'inventory:read',
      'order:read',
      'order:manage',
      'payment:read',
      'payment:refund',
      'aftersales:manage',
      'review:moderate',
      'user:read',
    ],
    warehouse: ['inventory:read', 'inventory:adjust', 'order:read', 'fulfillment:operate'],
    finance: ['order:read', 'payment:read', 'ledger:read', 'payment:refund'],
    marketing: ['inventory:read', 'order:read', 'promotion:write', 'review:moderate', 'user:read', 'ops:configure'],
    operator: [
      'inventory:read',
      'order:read',
      'order:manage',
      'user:read',
      'ops:configure',
      'audit:read',
      'system:read',
    ],
  }
  const sorted = (list: readonly Permission[]) => list.toSorted()
  assert.deepEqual(sorted(rolePermissions.admin), sorted(Object.keys(permissions) as Permission[]))
  assert.deepEqual(Object.keys(table).toSorted(), roles.filter((role) => role !== 'admin').toSorted())
  for (const [role, held] of Object.entries(table))
    assert.deepEqual(sorted(rolePermissions[role as Role]), sorted(held), role)
})
