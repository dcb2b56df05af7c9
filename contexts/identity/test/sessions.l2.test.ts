import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TokenAnswer } from '@souk/contract/identity'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { heldUp, type TestContext } from '@souk/platform/testing'
import { forgetEnded } from '../src/service/forget-ended.ts'
import { createLoginFailures } from '../src/store/login-failures.ts'
import { createSessions } from '../src/store/sessions.ts'
import { asAdministrator, asOwner, login, newEmail, outcome, register, sessionOf, startIdentity } from './app.ts'

describe('sessions', () => {
  let app: TestContext
  before(async () => {
    app = await startIdentity()
  })
  after(() => app.close())

  const auth = () => app.services['identity.AuthService']
  const internal = () => app.services['identity.IdentityService']
  const gateway = () => app.as({ service: 'gateway' })
  const refresh = (refreshToken: string | undefined) => auth().refresh({ refreshToken }, app.as())
  const check = (answer: TokenAnswer) => internal().checkSession({ sessionId: sessionOf(answer) }, gateway())
  const isLive = async (answer: TokenAnswer) => (await check(answer)).live
  const revokedFacts = async (userId: string) =>
    (await app.said()).flatMap((fact) =>
      fact.type === 'identity.SessionsRevoked' && fact.aggregateId === userId
        ? [fact as typeof fact & { payload: { sessionIds: string[] } }]
        : [],
    )
  const change = (answer: TokenAnswer, assignment: ReturnType<typeof sql>) =>
    app.db.run(sql`update ${app.db.schema}.session set ${assignment} where id = ${sessionOf(answer)}`)
  const tokensRotatedAgo = (answer: TokenAnswer, seconds: number) =>
    app.db.run(sql`update ${app.db.schema}.refresh_token set rotated_at = now() - make_interval(secs => ${seconds})
      where session_id = ${sessionOf(answer)} and rotated_at is not null`)

  test('a refresh gives a new token of the same session; the old one, at once, the same successor', async () => {
    const first = await register(app)
    const second = await refresh(first.refreshToken)
    notEqual(second.refreshToken, first.refreshToken)
    equal(sessionOf(second), sessionOf(first))
    deepEqual(second.user, first.user)
    equal((await refresh(first.refreshToken)).refreshToken, second.refreshToken)
    const third = await refresh(second.refreshToken)
    notEqual(third.refreshToken, second.refreshToken)
    ok(await isLive(first))
  })

  test('ten tabs at once get one successor', async () => {
    const { refreshToken, ...first } = await register(app)
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)))
    equal(new Set(answers.map((answer) => answer.refreshToken)).size, 1)
    const { count } = (await app.db.one<{ count: number }>(
      sql`select count(*) from ${app.db.schema}.refresh_token where session_id = ${sessionOf({ ...first, refreshToken })}`,
    ))!
    equal(count, 2)
  })

  test('a rotated token that comes back later ends the whole family and says so once', async () => {
    const first = await register(app)
    const other = await login(app, first.user!.email!)
    const second = await refresh(first.refreshToken)
    const third = await refresh(second.refreshToken)
    await tokensRotatedAgo(first, 11)
    const codes = await Promise.all([1, 2, 3, 4].map(() => outcome(refresh(first.refreshToken))))
    deepEqual(new Set(codes), new Set(['UNAUTHENTICATED']))
    equal(await outcome(refresh(third.refreshToken)), 'UNAUTHENTICATED')
    equal(await isLive(first), false)
    equal(await isLive(other), true)
    const facts = await revokedFacts(first.user!.id)
    deepEqual(
      facts.map(({ payload, aggregateVersion }) => [payload.sessionIds, aggregateVersion]),
      [[[sessionOf(first)], 2]],
    )
  })

  test('no token, a foreign one and a changed one are refused', async () => {
    const { refreshToken } = await register(app)
    for (const token of [undefined, '', 'x', `${refreshToken}A`, refreshToken.toLowerCase(), refreshToken.slice(1)])
      equal(await outcome(refresh(token)), 'UNAUTHENTICATED')
    equal(await outcome(refresh(refreshToken)), 'ok')
  })

  test('an idle session ends, and a refresh keeps it', async () => {
    const first = await register(app)
    await change(first, sql`expires_at = now() + interval '1 minute'`)
    const second = await refresh(first.refreshToken)
    const row = await app.db.one<{ days: number }>(
      sql`select extract(day from expires_at - last_seen_at)::int as days from ${app.db.schema}.session where id = ${sessionOf(first)}`,
    )
    equal(row?.days, 30)
    await change(first, sql`expires_at = now()`)
    equal(await isLive(first), false)
    equal(await outcome(refresh(second.refreshToken)), 'UNAUTHENTICATED')
  })

  test('logging out ends this session only, at once, and once', async () => {
    const here = await register(app)
    const there = await login(app, here.user!.email!)
    await auth().logout({}, asOwner(app, here))
    await auth().logout({}, asOwner(app, here))
    equal(await isLive(here), false)
    equal(await isLive(there), true)
    equal(await outcome(refresh(here.refreshToken)), 'UNAUTHENTICATED')
    equal((await revokedFacts(here.user!.id)).length, 1)
    const { sessionIds } = await internal().listRevoked({}, gateway())
    ok(sessionIds.includes(sessionOf(here)) && !sessionIds.includes(sessionOf(there)))
    await change(here, sql`revoked_at = now() - interval '12 minutes'`)
    ok(!(await internal().listRevoked({}, gateway())).sessionIds.includes(sessionOf(here)))
  })

  test('logging out everywhere ends them all in one fact', async () => {
    const first = await register(app)
    const all = [first, await login(app, first.user!.email!), await login(app, first.user!.email!)]
    await auth().logoutAll({}, asOwner(app, first))
    for (const answer of all) equal(await isLive(answer), false)
    const facts = await revokedFacts(first.user!.id)
    deepEqual(
      facts.map(({ payload }) => payload.sessionIds.toSorted()),
      [all.map(sessionOf).toSorted()],
    )
  })

  test('a buyer sees and ends own sessions, never those of another', async () => {
    const email = newEmail()
    const mine = await register(app, email)
    const phone = await auth().login(
      {
        email,
        password: 'correct horse 电池 staple',
        device: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1',
      },
      app.as({ address: '192.0.2.8' }),
    )
    const stranger = await register(app)
    const me = asOwner(app, mine)
    const { sessions, nextPageToken } = await auth().listSessions({ pageSize: 1, pageToken: '' }, me)
    deepEqual(
      sessions.map(({ id, device, address, current }) => ({ id, device, address, current })),
      [{ id: sessionOf(phone), device: 'Safari on iPhone', address: '192.0.2.8', current: false }],
    )
    const rest = await auth().listSessions({ pageSize: 1, pageToken: nextPageToken }, me)
    deepEqual(
      rest.sessions.map(({ id, current }) => [id, current]),
      [[sessionOf(mine), true]],
    )
    equal(rest.nextPageToken, '')
    for (const id of [sessionOf(stranger), newId(), 'x', "' or true --"])
      equal(await outcome(auth().revokeSession({ id }, me)), 'NOT_FOUND')
    equal(await isLive(stranger), true)
    await auth().revokeSession({ id: sessionOf(phone) }, me)
    equal(await isLive(phone), false)
    equal(await outcome(auth().revokeSession({ id: sessionOf(phone) }, me)), 'NOT_FOUND')
    for (const pageToken of ['x', Buffer.from('["x"]').toString('base64url'), Buffer.from('[1]').toString('base64url')])
      equal(await outcome(auth().listSessions({ pageSize: 1, pageToken }, me)), 'VALIDATION_FAILED')
  })

  test('signing in and the password lift a session for a while; a wrong password does not', async () => {
    const answer = await register(app)
    const me = asOwner(app, answer)
    ok((await check(answer)).steppedUpUntil)
    await change(answer, sql`stepped_up_until = now()`)
    deepEqual(await check(answer), { live: true, steppedUpUntil: undefined })
    await refresh(answer.refreshToken)
    equal((await check(answer)).steppedUpUntil, undefined)
    equal(await outcome(auth().stepUp({ password: 'wrong' }, me)), 'CREDENTIALS_REFUSED')
    equal((await check(answer)).steppedUpUntil, undefined)
    const { validUntil } = await auth().stepUp({ password: 'correct horse 电池 staple' }, me)
    equal((await check(answer)).steppedUpUntil, validUntil)
    await auth().logout({}, me)
    equal(await outcome(auth().stepUp({ password: 'correct horse 电池 staple' }, me)), 'UNAUTHENTICATED')
    equal(await outcome(auth().stepUp({ password: 'x' }, app.as({ user: newId() }))), 'CREDENTIALS_REFUSED')
  })

  test('guessing at step-up is slowed like guessing at sign-in', async () => {
    const me = asOwner(app, await register(app), { address: '192.0.2.77' })
    for (let tries = 0; tries < 5; tries++)
      equal(await outcome(auth().stepUp({ password: 'wrong' }, me)), 'CREDENTIALS_REFUSED')
    await app.db.run(
      sql`update ${app.db.schema}.login_failure set blocked_until = now() + interval '1 hour' where blocked_until is not null`,
    )
    equal(await outcome(auth().stepUp({ password: 'correct horse 电池 staple' }, me)), 'LOGIN_THROTTLED')
  })

  for (const [says, work] of [
    ['signs in', (answer: TokenAnswer) => login(app, answer.user!.email!)],
    ['refreshes', (answer: TokenAnswer) => refresh(answer.refreshToken)],
  ] as const)
    test(`whoever ${says} while a freeze is not yet committed waits for it and is refused`, async () => {
      const answer = await register(app)
      const frozen = Promise.withResolvers<void>()
      const commit = Promise.withResolvers<void>()
      const freeze = app.db.tx(async (tx) => {
        await tx.run(sql`update ${app.db.schema}.account set status = 'FROZEN' where id = ${answer.user!.id}`)
        frozen.resolve()
        await commit.promise
      })
      await frozen.promise
      const attempt = outcome(work(answer))
      const waited = await heldUp(app.db, attempt)
      commit.resolve()
      await freeze
      ok(waited, 'went past the freeze')
      match(await attempt, /^(CREDENTIALS_REFUSED|UNAUTHENTICATED)$/)
    })

  test('whoever refreshes or signs in while being frozen ends up with no live session', async () => {
    const admin = await asAdministrator(app)
    for (let round = 0; round < 10; round++) {
      const first = await register(app)
      const work = [
        app.services['identity.UserAdminService'].freezeUser({ id: first.user!.id }, admin),
        refresh(first.refreshToken),
        login(app, first.user!.email!),
        refresh(first.refreshToken),
      ]
      const settled = await Promise.allSettled(work)
      equal(settled[0]!.status, 'fulfilled')
      const { live } = (await app.db.one<{ live: number }>(
        sql`select count(*) as live from ${app.db.schema}.session where user_id = ${first.user!.id} and revoked_at is null`,
      ))!
      equal(live, 0)
      equal(await isLive(first), false)
    }
  })

  test('only services may ask for sessions', async () => {
    const answer = await register(app)
    for (const call of [app.as(), asOwner(app, answer), app.as({ apiKey: newId(), scopes: ['user:read'] })])
      equal(await outcome(internal().checkSession({ sessionId: sessionOf(answer) }, call)), 'FORBIDDEN')
    for (const sessionId of [newId(), 'x'])
      deepEqual(await internal().checkSession({ sessionId }, gateway()), { live: false, steppedUpUntil: undefined })
  })

  test('ended sessions are forgotten with their tokens a day later, living ones never', async () => {
    const living = await register(app)
    const idle = await register(app)
    const ended = await register(app)
    const lately = await register(app)
    await change(idle, sql`expires_at = now() - interval '25 hours'`)
    await change(ended, sql`revoked_at = now() - interval '25 hours'`)
    await change(lately, sql`revoked_at = now() - interval '1 hour'`)
    const { db } = app
    await forgetEnded({ db, sessions: createSessions(db.schema), loginFailures: createLoginFailures(db.schema) })()
    const all = [living, idle, ended, lately]
    const rows = await db.all<{ id: string; tokens: number }>(sql`
      select s.id, count(t.*) as tokens from ${db.schema}.session s join ${db.schema}.refresh_token t on t.session_id = s.id
      where s.id = any(${all.map(sessionOf)}::uuid[]) group by s.id order by s.id`)
    deepEqual(
      rows,
      [living, lately].map((answer) => ({ id: sessionOf(answer), tokens: 1 })),
    )
    equal(await outcome(refresh(living.refreshToken)), 'ok')
  })
})
