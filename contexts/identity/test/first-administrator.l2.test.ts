import { deepEqual, equal, match, rejects, throws } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '@souk/kernel'
import { readConfig, silentLog, sql, systemCall } from '@souk/platform'
import type { TestContext } from '@souk/platform/testing'
import { identity } from '../src/index.ts'
import type { Deps } from '../src/service/deps.ts'
import { ensureAdministrator } from '../src/service/ensure-administrator.ts'
import { createPasswords } from '../src/service/hash-password.ts'
import { createAccounts } from '../src/store/accounts.ts'
import { createSessions } from '../src/store/sessions.ts'
import { login, outcome, register, rightPassword, startIdentity } from './app.ts'

describe('the first administrator', () => {
  let app: TestContext
  before(async () => {
    app = await startIdentity({ SOUK_ADMIN_EMAIL: 'Boss@Example.com' })
  })
  after(() => app.close())

  /** The step of the start that makes sure of one, on this database with other settings. */
  const ensure = (settings: { adminEmail?: string; adminPassword?: string }, lines: string[]) => {
    const { db } = app
    const deps = {
      db,
      clock: systemClock,
      log: silentLog,
      accounts: createAccounts(db.schema),
      sessions: createSessions(db.schema),
      passwords: createPasswords(),
      settings,
    }
    return ensureAdministrator(deps as unknown as Deps, (line) => void lines.push(line))()
  }
  const administrators = () =>
    app.db.all<{ email: string }>(
      sql`select email from ${app.db.schema}.account where roles @> '{admin}' order by email`,
    )
  const nobody = () => app.db.run(sql`delete from ${app.db.schema}.account`)

  test('is the configured one, can sign in, and is in the audit trail', async () => {
    const { user } = await login(app, 'boss@example.com', 'a password for tests only')
    deepEqual(user?.roles, ['admin'])
    const row = await app.db.one<{ actor: string; action: string }>(
      sql`select actor, action from ${app.db.schema}.audit where target = ${`user:${user?.id}`}`,
    )
    deepEqual(row, { actor: `system:${systemCall('identity').caller}`, action: 'staff.create' })
  })

  test('a second start changes nothing, another password included', async () => {
    const lines: string[] = []
    await ensure({ adminEmail: 'boss@example.com', adminPassword: 'quite another one' }, lines)
    await ensure({}, lines)
    deepEqual(lines, [])
    equal(await outcome(login(app, 'boss@example.com', 'a password for tests only')), 'ok')
    deepEqual(await administrators(), [{ email: 'boss@example.com' }])
  })

  test('an existing account is promoted and keeps its password', async () => {
    const before = await register(app, 'promoted@example.com')
    const lines: string[] = []
    await ensure({ adminEmail: 'promoted@example.com', adminPassword: 'quite another one' }, lines)
    deepEqual(lines, [])
    deepEqual((await login(app, 'promoted@example.com', rightPassword)).user?.roles, ['admin'])
    equal(
      await outcome(app.services['identity.AuthService'].refresh({ refreshToken: before.refreshToken }, app.as())),
      'UNAUTHENTICATED',
    )
  })

  test('without configuration one is drawn and said once, whichever of four processes was first', async () => {
    await nobody()
    const lines: string[] = []
    await Promise.all([1, 2, 3, 4].map(() => ensure({}, lines)))
    await ensure({}, lines)
    equal(lines.length, 1)
    match(lines[0]!, /^First administrator: admin@souk\.local \/ \S{16,}$/)
    const password = lines[0]!.split(' / ')[1]!
    deepEqual((await login(app, 'admin@souk.local', password)).user?.roles, ['admin'])
    deepEqual(await administrators(), [{ email: 'admin@souk.local' }])
  })

  test('a buyer who owns the default name does not become it: the start fails aloud', async () => {
    await nobody()
    await register(app, 'admin@souk.local')
    await rejects(ensure({}, []), /SOUK_ADMIN_EMAIL/)
    deepEqual(await administrators(), [])
  })

  test('settings that cannot work stop the start without showing the password', () => {
    for (const [name, value] of [
      ['SOUK_ADMIN_PASSWORD', 'short'],
      ['SOUK_ACCESS_TOKEN_TTL', '11m'],
      ['SOUK_ACCESS_TOKEN_TTL', '10ms'],
      ['SOUK_SIGNING_KEY_ROTATION', '1m'],
    ] as const)
      throws(
        () => readConfig(identity.config, { [name]: value }),
        ({ message }: Error) => message.includes(name) && !message.includes('short'),
      )
  })
})
