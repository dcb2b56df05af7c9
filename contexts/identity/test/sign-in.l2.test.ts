import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { faultOf } from '@souk/kernel'
import { sql } from '@souk/platform'
import type { TestContext } from '@souk/platform/testing'
import { throttleSubjects } from '../src/service/check-password.ts'
import { asAdministrator, asOwner, login, newEmail, outcome, register, rightPassword, startIdentity } from './app.ts'

const many = <T>(count: number, work: (place: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, place) => work(place)))

/** What a caller can see of a refusal. */
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: 'ok' }),
    (error: unknown) => {
      const { code, params, violations } = faultOf(error)!
      return { code, params, violations }
    },
  )

describe('signing in', () => {
  let app: TestContext
  before(async () => {
    app = await startIdentity()
  })
  after(() => app.close())

  const auth = () => app.services['identity.AuthService']
  /** Makes waits that began long enough for a slow machine. */
  const prolongWaits = () =>
    app.db.run(
      sql`update ${app.db.schema}.login_failure set blocked_until = now() + interval '1 hour' where blocked_until is not null`,
    )
  /** Lets every wait pass, as time would. */
  const waitsPass = () => app.db.run(sql`update ${app.db.schema}.login_failure set blocked_until = null`)
  const failuresOf = async (subject: string) =>
    (
      await app.db.one<{ failures: number }>(
        sql`select failures from ${app.db.schema}.login_failure where subject = ${subject}`,
      )
    )?.failures ?? 0

  test('registering signs in, and the same e-mail in other letters is the same account', async () => {
    const answer = await auth().register(
      { email: 'Li.Wei@Example.COM', password: rightPassword, nickname: ' 李伟 ', device: 'curl/8' },
      app.as({ locale: 'zh-CN' }),
    )
    equal(answer.user?.email, 'li.wei@example.com')
    equal(answer.user?.nickname, '李伟')
    equal(answer.user?.locale, 'zh-CN')
    deepEqual(answer.user?.roles, [])
    deepEqual(answer.user?.permissions, [])
    equal(answer.user?.status, 'ACTIVE')
    equal(answer.expiresIn, 600)
    equal((await login(app, ' LI.WEI@example.com ')).user?.id, answer.user?.id)
    deepEqual(await app.services['identity.AccountService'].getMe({}, asOwner(app, answer)), answer.user)
  })

  test('a phone is an account, with and without its country code', async () => {
    const { user } = await auth().register({ phone: '138 1111 2222', password: rightPassword, device: '' }, app.as())
    equal(user?.phone, '+8613811112222')
    equal(user?.email, undefined)
    ok(!user?.nickname.includes('2222'))
    const again = await auth().login({ phone: '+86 13811112222', password: rightPassword, device: '' }, app.as())
    equal(again.user?.id, user?.id)
    equal(
      await outcome(auth().register({ phone: '8613811112222', password: rightPassword, device: '' }, app.as())),
      'ACCOUNT_EXISTS',
    )
    equal(
      await outcome(auth().login({ phone: '010-1', password: rightPassword, device: '' }, app.as())),
      'CREDENTIALS_REFUSED',
    )
    equal(
      await outcome(auth().register({ phone: '010-1234', password: rightPassword, device: '' }, app.as())),
      'VALIDATION_FAILED',
    )
  })

  test('of twenty who register one e-mail or one phone at once, one succeeds and one fact says so', async () => {
    const spellings = ['13922223333', '+8613922223333', '139 2222 3333', '008613922223333']
    for (const typed of [
      (place: number) => ({ email: place % 2 ? 'Twin@example.com' : 'twin@EXAMPLE.com' }),
      (place: number) => ({ phone: spellings[place % 4] }),
    ]) {
      const answers = await many(20, (place) =>
        auth()
          .register({ ...typed(place), password: rightPassword, device: '' }, app.as({ address: `10.0.0.${place}` }))
          .then(
            ({ user }) => user!.id,
            (error) => String(error.code),
          ),
      )
      const [winner, ...others] = answers.filter((answer) => answer !== 'ACCOUNT_EXISTS')
      deepEqual(others, [])
      const facts = (await app.said()).filter(({ aggregateId }) => aggregateId === winner)
      deepEqual(
        facts.map(({ type, aggregateVersion }) => [type, aggregateVersion]),
        [['identity.UserRegistered', 1]],
      )
    }
  })

  test('common passwords, short ones and the name of the account are refused with a reason', async () => {
    for (const [password, rule] of [
      ['password123', 'common'],
      ['QWERTYUIOP', 'common'],
      ['七个字的密码啊', 'minLength'],
      ['ann.lee.smith@example.com', 'context'],
    ]) {
      const found = await refusal(
        auth().register({ email: 'ann.lee.smith@example.com', password: password!, device: '' }, app.as()),
      )
      deepEqual([found.code, 'violations' in found && found.violations[0]?.rule], ['VALIDATION_FAILED', rule])
    }
    await register(app, newEmail(), '🐎🔋📎 八个字符就够了')
  })

  test('unknown account, wrong password, wrong phone and frozen account cannot be told apart', async () => {
    const frozen = newEmail()
    const { user } = await register(app, frozen)
    const admin = await asAdministrator(app)
    await app.services['identity.UserAdminService'].freezeUser({ id: user!.id, reason: 'fraud' }, admin)
    const known = newEmail()
    await register(app, known)
    const answers = await Promise.all([
      refusal(login(app, known, 'not the password')),
      refusal(login(app, 'nobody@example.com', 'not the password')),
      refusal(login(app, frozen, rightPassword)),
      refusal(login(app, frozen, 'not the password')),
      refusal(auth().login({ phone: '13700000000', password: 'not the password', device: '' }, app.as())),
    ])
    for (const answer of answers) deepEqual(answer, { code: 'CREDENTIALS_REFUSED', params: {}, violations: [] })
    await app.services['identity.UserAdminService'].unfreezeUser({ id: user!.id }, admin)
    equal((await login(app, frozen)).user?.status, 'ACTIVE')
  })

  test('five failures make this address wait, for an existing and for an unknown account alike', async () => {
    const known = newEmail()
    await register(app, known)
    for (const [place, email] of [known, 'unknown@example.com'].entries()) {
      const address = `198.51.100.${place}`
      for (let tries = 0; tries < 5; tries++)
        equal(await outcome(login(app, email, 'wrong', address)), 'CREDENTIALS_REFUSED')
      await prolongWaits()
      const refused = await refusal(login(app, email, 'wrong', address))
      equal(refused.code, 'LOGIN_THROTTLED')
      ok('params' in refused && Number.isInteger(refused.params.retryAfter) && Number(refused.params.retryAfter) > 0)
    }
    equal(await outcome(login(app, known, rightPassword, '198.51.100.0')), 'LOGIN_THROTTLED')
    equal(await outcome(login(app, known, rightPassword, '198.51.100.9')), 'ok')
    await waitsPass()
    equal(await outcome(login(app, known, rightPassword, '198.51.100.0')), 'ok')
    const { pair } = throttleSubjects(`email:${known}`, '198.51.100.0')
    equal(await failuresOf(pair), 0)
  })

  test('each further failure waits longer, tries while waiting are not counted, and silence forgets', async () => {
    const email = 'guessed@example.com'
    const address = '2001:db8:77:1::5'
    const { pair } = throttleSubjects(`email:${email}`, address)
    const wait = async () =>
      (await app.db.one<{ seconds: number | null }>(
        sql`select extract(epoch from blocked_until - last_failed_at)::int as seconds from ${app.db.schema}.login_failure where subject = ${pair}`,
      ))!.seconds
    const waits: (number | null)[] = []
    for (let tries = 0; tries < 12; tries++) {
      await outcome(login(app, email, 'wrong', address))
      waits.push(await wait())
      if (waits.at(-1)) {
        await prolongWaits()
        equal(await outcome(login(app, email, 'wrong', '2001:db8:77:1:ffff::1')), 'LOGIN_THROTTLED')
        await waitsPass()
      }
    }
    deepEqual(waits, [null, null, null, null, 1, 2, 4, 8, 16, 32, 60, 60])
    equal(await failuresOf(pair), 12)
    await app.db.run(
      sql`update ${app.db.schema}.login_failure set last_failed_at = now() - interval '16 minutes' where subject = ${pair}`,
    )
    equal(await outcome(login(app, email, 'wrong', address)), 'CREDENTIALS_REFUSED')
    equal(await failuresOf(pair), 1)
  })

  test('a burst of guesses gains nothing: the right one among them is refused too', async () => {
    const email = newEmail()
    await register(app, email)
    const address = '203.0.113.50'
    const guesses = [...Array.from({ length: 50 }, (_, place) => `guess number ${place}`), rightPassword]
    // However long the comparing takes here, the first wait is not over before it.
    const prolonging = setInterval(() => void prolongWaits(), 50)
    const codes = await Promise.all(guesses.map((guess) => outcome(login(app, email, guess, address))))
    clearInterval(prolonging)
    ok(!codes.includes('ok'), 'the right guess was let in')
    ok((await failuresOf(throttleSubjects(`email:${email}`, address).pair)) < 10)
    equal(await outcome(login(app, email, rightPassword, '203.0.113.51')), 'ok')
  })

  test('thirty right sign-ins at once all succeed', async () => {
    const email = newEmail()
    await register(app, email)
    deepEqual(new Set(await many(30, () => outcome(login(app, email, rightPassword, '203.0.113.60')))), new Set(['ok']))
  })

  test('spraying many accounts from one address makes that address wait, and no other', async () => {
    const address = '192.0.2.200'
    const subject = throttleSubjects('', address).address
    await app.db.run(
      sql`insert into ${app.db.schema}.login_failure (subject, failures, last_failed_at) values (${subject}, 79, now())`,
    )
    equal(await outcome(login(app, 'first@example.com', 'wrong', address)), 'CREDENTIALS_REFUSED')
    await prolongWaits()
    equal(await outcome(login(app, 'second@example.com', 'wrong', address)), 'LOGIN_THROTTLED')
    equal(await outcome(login(app, 'second@example.com', 'wrong', '192.0.2.201')), 'CREDENTIALS_REFUSED')
  })

  test('load tests may lift the throttle', async () => {
    const unlimited = await startIdentity({ SOUK_RATE_LIMITS: 'off' })
    try {
      const codes = await many(20, () => outcome(login(unlimited, 'nobody@example.com', 'wrong')))
      deepEqual(new Set(codes), new Set(['CREDENTIALS_REFUSED']))
    } finally {
      await unlimited.close()
    }
  })

  test('work whose deadline passed in line is not done', async () => {
    const email = newEmail()
    await register(app, email)
    const codes = await many(40, () =>
      outcome(auth().login({ email, password: rightPassword, device: '' }, app.as({ deadlineMs: 30 }))),
    )
    ok(codes.includes('DEADLINE_EXCEEDED'))
    // Behind all others in line, so what they were going to do is done.
    const last = await login(app, email)
    const { sessions } = await auth().listSessions({ pageSize: 100, pageToken: '' }, asOwner(app, last))
    ok(sessions.length < 30, `${sessions.length} sessions`)
  })

  test('no password, token or API secret is in any table', async () => {
    const email = newEmail()
    const secret = 'canary 密码 7f3a9c'
    const { refreshToken, accessToken } = await register(app, email, secret)
    await outcome(login(app, email, `${secret} wrong`))
    const renewed = await auth().refresh({ refreshToken }, app.as())
    const { secret: apiSecret } = await app.services['identity.UserAdminService'].createApiKey(
      { name: 'canary', scopes: ['order:read'] },
      await asAdministrator(app),
    )
    const tables = await app.db.all<{ name: string }>(
      sql`select tablename as name from pg_tables where schemaname = 'souk_identity'`,
    )
    const found: string[] = []
    for (const { name } of tables) {
      const rows = await app.db.all<{ row: string }>(
        sql`select (xpath('//row', query_to_xml(${`select * from souk_identity.${name}`}, true, false, '')))::text as row`,
      )
      if (rows[0]!.row.includes(email)) found.push(name)
      for (const canary of [secret, refreshToken, renewed.refreshToken, accessToken, apiSecret])
        ok(!rows[0]!.row.includes(canary), `${name} holds a secret`)
    }
    deepEqual(found, ['account'], 'the search finds what is there')
  })
})
