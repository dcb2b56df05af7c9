import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Answer, type Api, createApi, must, registerBuyer, signIn, until } from '../api.ts'
import { tablesHolding, withDatabase } from '../database.ts'
import { refusedWith } from '../problem.ts'
import { type System, shapes, startSystem } from '../system.ts'

const password = 'a long enough password 3'
/** Over connections of their own, so that they meet every gateway. */
const asked = (api: Api): Promise<Answer[]> =>
  Promise.all(Array.from({ length: 20 }, () => api.get('/v1/me', { connection: 'close' })))
const refusedSoon = async (api: Api): Promise<void> => {
  await until(
    () => asked(api),
    (answers) => answers.every(({ status }) => status === 401),
  )
  for (const answer of await asked(api)) refusedWith(answer, 'UNAUTHENTICATED', 'once refused, always refused')
}

for (const shape of shapes)
  describe(`sessions, ${shape}`, () => {
    let system: System
    let admin: Api

    before(async () => {
      // Two gateways, so that what one of them hears is not enough.
      system = await startSystem(shape, shape === 'start' ? {} : { args: ['--replicas', 'gateway=2'] })
      admin = await signIn(system.base, system.admin.email, system.admin.password)
    })
    after(() => system?.remove())

    const staff = async (role: string): Promise<Api & { email: string; userId: string }> => {
      const email = `${role}-${randomUUID()}@example.com`
      const { id } = must(await admin.post('/v1/admin/staff', { email, password, roles: [role] }), 201)
      return Object.assign(await signIn(system.base, email, password), { email, userId: id as string })
    }
    const opened = async (email: string, secret: string) => {
      const api = createApi(system.base)
      const body = must(await api.post('/v1/auth/login', { email, password: secret }), 200)
      return Object.assign(api, { token: body.accessToken as string, refreshToken: body.refreshToken as string })
    }
    const refresh = (refreshToken: string) => createApi(system.base).post('/v1/auth/refresh', { refreshToken })

    test('after logout the token is refused by every gateway, the refresh token at once; other devices stay', async () => {
      const buyer = await registerBuyer(system.base)
      const [phone, laptop] = [await opened(buyer.email, buyer.password), await opened(buyer.email, buyer.password)]
      must(await phone.post('/v1/auth/logout'), 204)
      refusedWith(await refresh(phone.refreshToken), 'UNAUTHENTICATED', 'refresh after logout')
      await refusedSoon(phone)
      must(await laptop.get('/v1/me'), 200)
      must(await refresh(laptop.refreshToken), 200)
    })

    test('sign-in says the same, byte for byte, to a wrong password, an unknown name and a frozen account', async () => {
      const [known, frozen] = [await registerBuyer(system.base), await registerBuyer(system.base)]
      must(await admin.post(`/v1/admin/users/${frozen.userId}/freeze`), 200)
      const tries = [
        { email: known.email, password: 'not the right one' },
        { email: `nobody-${randomUUID()}@example.com`, password: known.password },
        { email: frozen.email, password: frozen.password },
        { email: frozen.email, password: 'not the right one' },
        { phone: '+8613700000000', password: known.password },
      ]
      const answers = await Promise.all(
        tries.map(async (body) => {
          const answer = await createApi(system.base).post('/v1/auth/login', body)
          const { traceId } = refusedWith(answer, 'CREDENTIALS_REFUSED', JSON.stringify(body))
          const own = ['date', 'x-request-id', 'traceparent']
          const headers = [...answer.headers].filter(([name]) => !own.includes(name))
          return {
            headers,
            text: answer.text.replaceAll(traceId, 'trace').replaceAll(answer.headers.get('x-request-id')!, 'request'),
          }
        }),
      )
      for (const answer of answers) assert.deepEqual(answer, answers[0])
    })

    test('verbs that need step-up refuse an ended session at once', async () => {
      const body = { skuId: randomUUID(), delta: 1, reason: 'found' }
      const hand = await staff('warehouse')
      refusedWith(await hand.post('/v1/admin/inventory/adjustments', body), 'NOT_FOUND', 'a fresh session is let in')
      for (let round = 0; round < 10; round++) {
        const session = await opened(hand.email, password)
        must(await session.post('/v1/auth/logout'), 204)
        refusedWith(await session.post('/v1/admin/inventory/adjustments', body), 'UNAUTHENTICATED', `round ${round}`)
      }
    })

    test('logout everywhere, and one device of the list at a time', async () => {
      const buyer = await registerBuyer(system.base)
      const [phone, laptop] = [await opened(buyer.email, buyer.password), await opened(buyer.email, buyer.password)]
      const { sessions } = must(await phone.get('/v1/auth/sessions'), 200)
      assert.equal(sessions.length, 3)
      const own = sessions.filter((session: { current: boolean }) => session.current)
      assert.equal(own.length, 1)
      must(await laptop.delete(`/v1/auth/sessions/${own[0].id}`), 204)
      await refusedSoon(phone)
      assert.equal(must(await laptop.get('/v1/auth/sessions'), 200).sessions.length, 2)
      must(await laptop.post('/v1/auth/logout-all'), 204)
      for (const device of [laptop, buyer]) await refusedSoon(device)
      refusedWith(await refresh(laptop.refreshToken), 'UNAUTHENTICATED', 'refresh after logout everywhere')
      must(await signIn(system.base, buyer.email, buyer.password).then((api) => api.get('/v1/me')), 200)
    })

    test('a refresh token rotates; a lost answer and two tabs get the same successor', async () => {
      const buyer = await registerBuyer(system.base)
      const session = await opened(buyer.email, buyer.password)
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(session.refreshToken)))
      const successors = new Set(answers.map((answer) => must(answer, 200).refreshToken))
      assert.equal(successors.size, 1)
      const [next] = successors
      assert.notEqual(next, session.refreshToken)
      const third = must(await refresh(next), 200)
      assert.notEqual(third.refreshToken, next)
      must(await createApi(system.base, third.accessToken).get('/v1/me'), 200)
    })

    test('a rotated token that comes back later ends the whole family', async () => {
      const buyer = await registerBuyer(system.base)
      const session = await opened(buyer.email, buyer.password)
      const next = must(await refresh(session.refreshToken), 200)
      await withDatabase(system, (client) =>
        client.query(
          `update souk_identity.refresh_token set rotated_at = rotated_at - interval '11 seconds'
           where session_id in (select id from souk_identity.session where user_id = $1)`,
          [buyer.userId],
        ),
      )
      refusedWith(await refresh(session.refreshToken), 'UNAUTHENTICATED', 'a replay')
      refusedWith(await refresh(next.refreshToken), 'UNAUTHENTICATED', 'its successor')
      await refusedSoon(createApi(system.base, next.accessToken))
      must(await buyer.get('/v1/me'), 200)
    })

    test('passwords and tokens are nowhere in the database, and refresh tokens of nobody are refused', async () => {
      const buyer = await registerBuyer(system.base)
      const session = await opened(buyer.email, buyer.password)
      const next = must(await refresh(session.refreshToken), 200)
      const key = must(await admin.post('/v1/admin/api-keys', { name: 'kept', scopes: ['order:read'] }), 201)
      const secrets = [
        buyer.password,
        session.refreshToken,
        next.refreshToken,
        next.accessToken,
        session.token,
        key.secret,
      ]
      assert.deepEqual(await tablesHolding(system, secrets), [])
      assert.ok((await tablesHolding(system, [buyer.email])).length > 0, 'the search finds nothing at all')
      for (const token of ['', 'garbage', 'a'.repeat(43)])
        refusedWith(await refresh(token), 'UNAUTHENTICATED', `refresh with ${token.slice(0, 10)}`)
      refusedWith(await createApi(system.base).post('/v1/auth/refresh'), 'UNAUTHENTICATED', 'refresh with nothing')
    })

    test('a browser keeps its refresh token in a cookie that only its own pages can use', async () => {
      const buyer = await registerBuyer(system.base)
      const browser = createApi(system.base)
      const login = await browser.post(
        '/v1/auth/login',
        { email: buyer.email, password: buyer.password },
        { 'x-souk-session': 'cookie' },
      )
      assert.equal(must(login, 200).refreshToken, '')
      const set = login.headers.get('set-cookie') ?? ''
      assert.match(set, /^__Host-[\w-]+=[^;]+;/)
      for (const word of ['HttpOnly', 'Secure', 'SameSite', 'Path=/']) assert.ok(set.includes(word), set)
      assert.ok(!/domain=/i.test(set))
      const cookie = set.split(';')[0]!
      const renew = (headers: Record<string, string>) => browser.post('/v1/auth/refresh', {}, { cookie, ...headers })
      const foreign: Record<string, string>[] = [
        {},
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: system.base, 'sec-fetch-site': 'cross-site' },
        { origin: 'null' },
      ]
      for (const headers of foreign) refusedWith(await renew(headers), 'FORBIDDEN', JSON.stringify(headers))
      const renewed = await renew({ origin: system.base })
      assert.equal(must(renewed, 200).refreshToken, '')
      assert.match(renewed.headers.get('set-cookie') ?? '', /^__Host-/)
      const gone = await createApi(system.base, renewed.body.accessToken).post('/v1/auth/logout', {}, { cookie })
      assert.match(gone.headers.get('set-cookie') ?? '', /Max-Age=0/)
    })

    test('step-up: asked for when the proof is old, refused for a wrong password, good again after the right one', async () => {
      const hand = await staff('warehouse')
      const body = { skuId: randomUUID(), delta: 1, reason: 'found' }
      const adjust = () => hand.post('/v1/admin/inventory/adjustments', body)
      await withDatabase(system, (client) =>
        client.query(
          `update souk_identity.session set stepped_up_until = now() - interval '1 second' where user_id = $1`,
          [hand.userId],
        ),
      )
      refusedWith(await adjust(), 'STEP_UP_REQUIRED', 'an old proof')
      refusedWith(
        await hand.post('/v1/auth/step-up', { password: 'not the right one' }),
        'CREDENTIALS_REFUSED',
        'wrong',
      )
      refusedWith(await adjust(), 'STEP_UP_REQUIRED', 'after a wrong password')
      const { validUntil } = must(await hand.post('/v1/auth/step-up', { password }), 200)
      assert.ok(new Date(validUntil) > new Date())
      refusedWith(await adjust(), 'NOT_FOUND', 'stepped up')
    })

    test('freezing ends all sessions and closes the door in the words of a wrong password; unfreezing opens it', async () => {
      const buyer = await registerBuyer(system.base)
      const session = await opened(buyer.email, buyer.password)
      const login = (email: string, secret: string) =>
        createApi(system.base).post('/v1/auth/login', { email, password: secret })
      must(await admin.post(`/v1/admin/users/${buyer.userId}/freeze`, { reason: 'fraud' }), 200)
      for (const device of [buyer, session]) await refusedSoon(device)
      refusedWith(await refresh(session.refreshToken), 'UNAUTHENTICATED', 'refresh of a frozen account')
      const refusals = [
        await login(buyer.email, buyer.password),
        await login(buyer.email, 'not the right one'),
        await login(`nobody-${randomUUID()}@example.com`, buyer.password),
      ]
      const shown = refusals.map((answer) => {
        const { traceId, ...said } = refusedWith(answer, 'CREDENTIALS_REFUSED', 'sign-in')
        assert.ok(traceId)
        return { ...said, headers: [...answer.headers.keys()].toSorted() }
      })
      assert.deepEqual(shown[1], shown[0])
      assert.deepEqual(shown[2], shown[0])
      refusedWith(await admin.post(`/v1/admin/users/${buyer.userId}/freeze`), 'ILLEGAL_TRANSITION', 'frozen twice')
      must(await admin.post(`/v1/admin/users/${buyer.userId}/unfreeze`), 200)
      must(await login(buyer.email, buyer.password), 200)
      refusedWith(await refresh(session.refreshToken), 'UNAUTHENTICATED', 'an old session stays ended')
    })

    test('who already has an account hears so when registering, however the address is written', async () => {
      const buyer = await registerBuyer(system.base)
      for (const email of [buyer.email, buyer.email.toUpperCase()]) {
        const again = await createApi(system.base).post('/v1/auth/register', { email, password })
        refusedWith(again, 'ACCOUNT_EXISTS', email)
      }
    })

    test('roles that change take effect: what was allowed is refused, and the last administrator stays', async () => {
      const hand = await staff('support')
      must(await hand.get('/v1/admin/orders'), 200)
      must(await admin.send('PUT', `/v1/admin/users/${hand.userId}/roles`, { roles: ['catalog'] }), 200)
      await refusedSoon(hand)
      const again = await signIn(system.base, hand.email, password)
      refusedWith(await again.get('/v1/admin/orders'), 'FORBIDDEN', 'the old role')
      must(await again.get('/v1/admin/products'), 200)
      const me = must(await admin.get('/v1/me'), 200)
      const deposed = await admin.send('PUT', `/v1/admin/users/${me.id}/roles`, { roles: [] })
      refusedWith(deposed, 'ILLEGAL_TRANSITION', 'the last administrator')
      refusedWith(await admin.post(`/v1/admin/users/${me.id}/freeze`), 'ILLEGAL_TRANSITION', 'the last administrator')
    })
  })
