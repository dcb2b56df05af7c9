import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Role, rolePermissions, roles as roleWords } from '@souk/contract/permissions'
import { newId } from '@souk/kernel'
import { type Call, sql } from '@souk/platform'
import type { TestContext } from '@souk/platform/testing'
import { asAdministrator, login, newEmail, outcome, register, rightPassword, sessionOf, startIdentity } from './app.ts'

type AuditRow = { actor: string; action: string; target: string; before: unknown; after: unknown; reason: string }

describe('users and staff', () => {
  let app: TestContext
  let admin: Call
  before(async () => {
    app = await startIdentity()
    admin = await asAdministrator(app)
  })
  after(() => app.close())

  const people = () => app.services['identity.UserAdminService']
  const adminId = () => (admin.actor.kind === 'user' ? admin.actor.id : '')
  const hire = (roles: string[], email = newEmail()) =>
    people().createStaff({ email, password: rightPassword, roles }, admin)
  const setRoles = (id: string, roles: string[], call = admin) => people().setRoles({ id, roles }, call)
  const audits = (target: string) =>
    app.db.all<AuditRow>(
      sql`select actor, action, target, before, after, reason from ${app.db.schema}.audit where target = ${target} order by id`,
    )
  const search = (q: string, more: Partial<Parameters<ReturnType<typeof people>['listUsers']>[0]> = {}) =>
    people().listUsers({ pageSize: 100, pageToken: '', q, role: '', status: 'UNSPECIFIED', ...more }, admin)
  const names = (answer: { users: { nickname: string }[] }) => answer.users.map(({ nickname }) => nickname)

  test('staff sign in with their roles; what the roles allow is said, holds made by hand never', async () => {
    const email = newEmail()
    const made = await hire(['support', 'catalog'], email)
    deepEqual(made.roles, ['catalog', 'support'])
    const { user } = await login(app, email)
    deepEqual(user, made)
    deepEqual(new Set(user!.permissions), new Set([...rolePermissions.catalog, ...rolePermissions.support]))
    const everything = await hire([...roleWords])
    ok(!everything.permissions.includes('inventory:operate'))
    equal(everything.permissions.length, rolePermissions.admin.length - 1)
    await setRoles(everything.id, [])
    equal(await outcome(hire(['support'], email)), 'ACCOUNT_EXISTS')
    equal(
      await outcome(people().createStaff({ email: newEmail(), password: 'password123', roles: ['support'] }, admin)),
      'VALIDATION_FAILED',
    )
    const rows = await audits(`user:${made.id}`)
    deepEqual(rows, [
      {
        actor: `user:${adminId()}`,
        action: 'staff.create',
        target: `user:${made.id}`,
        before: null,
        after: { roles: ['catalog', 'support'] },
        reason: '',
      },
    ])
  })

  test('new roles hold at once and only they: the old sessions end', async () => {
    const email = newEmail()
    const { id } = await hire(['support'], email)
    const before = await login(app, email)
    deepEqual((await setRoles(id, ['finance', 'finance'])).roles, ['finance'])
    const { live } = await app.services['identity.IdentityService'].checkSession(
      { sessionId: sessionOf(before) },
      app.as({ service: 'gateway' }),
    )
    equal(live, false)
    const again = await login(app, email)
    deepEqual(again.user?.roles, ['finance'])
    await setRoles(id, ['finance'])
    const unchanged = await app.services['identity.IdentityService'].checkSession(
      { sessionId: sessionOf(again) },
      app.as({ service: 'gateway' }),
    )
    equal(unchanged.live, true)
    deepEqual((await setRoles(id, [])).permissions, [])
    deepEqual(
      (await audits(`user:${id}`)).map(({ action, before, after }) => [action, before, after]),
      [
        ['staff.create', null, { roles: ['support'] }],
        ['role.grant', { roles: ['support'] }, { roles: ['finance'] }],
        ['role.grant', { roles: ['finance'] }, { roles: ['finance'] }],
        ['role.grant', { roles: ['finance'] }, { roles: [] }],
      ],
    )
    equal(await outcome(setRoles(newId(), [])), 'NOT_FOUND')
    equal(await outcome(setRoles('x', [])), 'NOT_FOUND')
  })

  test('freezing ends sessions, refuses sign-in, and leaves a trace with its reason', async () => {
    const email = newEmail()
    const answer = await register(app, email)
    const id = answer.user!.id
    equal((await people().freezeUser({ id, reason: '盗号' }, admin)).status, 'FROZEN')
    equal(await outcome(login(app, email)), 'CREDENTIALS_REFUSED')
    equal(
      await outcome(app.services['identity.AuthService'].refresh({ refreshToken: answer.refreshToken }, app.as())),
      'UNAUTHENTICATED',
    )
    equal(await outcome(people().freezeUser({ id }, admin)), 'ILLEGAL_TRANSITION')
    equal((await people().unfreezeUser({ id }, admin)).status, 'ACTIVE')
    equal(await outcome(people().unfreezeUser({ id }, admin)), 'ILLEGAL_TRANSITION')
    equal(await outcome(login(app, email)), 'ok')
    equal(await outcome(people().freezeUser({ id: newId() }, admin)), 'NOT_FOUND')
    deepEqual(
      (await audits(`user:${id}`)).map(({ action, reason }) => [action, reason]),
      [
        ['user.freeze', '盗号'],
        ['user.unfreeze', ''],
      ],
    )
  })

  test('the last administrator stays one and stays free', async () => {
    equal(await outcome(setRoles(adminId(), ['support'])), 'ILLEGAL_TRANSITION')
    equal(await outcome(people().freezeUser({ id: adminId() }, admin)), 'ILLEGAL_TRANSITION')
    const second = await hire(['admin'])
    equal((await people().freezeUser({ id: second.id }, admin)).status, 'FROZEN')
    equal(await outcome(setRoles(adminId(), [])), 'ILLEGAL_TRANSITION', 'a frozen administrator does not count')
    await setRoles(second.id, [])
  })

  test('two administrators who depose each other at once: one remains', async () => {
    for (let round = 0; round < 10; round++) {
      const second = await hire(['admin'])
      const codes = await Promise.all([
        outcome(setRoles(adminId(), [])),
        outcome(setRoles(second.id, [])),
        outcome(people().freezeUser({ id: adminId() }, admin)),
      ])
      const { count } = (await app.db.one<{ count: number }>(
        sql`select count(*) from ${app.db.schema}.account where roles @> '{admin}' and status = 'ACTIVE'`,
      ))!
      ok(count >= 1, codes.join())
      const left = (await app.db.one<{ id: string }>(
        sql`select id from ${app.db.schema}.account where roles @> '{admin}' and status = 'ACTIVE'`,
      ))!.id
      if (left !== adminId()) {
        await app.db.run(
          sql`update ${app.db.schema}.account set roles = '{admin}', status = 'ACTIVE' where id = ${adminId()}`,
        )
        await setRoles(left, [])
      }
    }
  })

  test('every staff role meets a closed door where its permissions end', async () => {
    const { id } = (await register(app)).user!
    const verbs: [string, (call: Call) => Promise<unknown>][] = [
      [
        'user:read',
        (call) => people().listUsers({ pageSize: 1, pageToken: '', q: '', role: '', status: 'UNSPECIFIED' }, call),
      ],
      ['user:manage', (call) => people().freezeUser({ id: newId() }, call)],
      ['role:grant', (call) => people().setRoles({ id, roles: [] }, call)],
      ['apikey:manage', (call) => people().listApiKeys({ pageSize: 1, pageToken: '' }, call)],
    ]
    for (const role of roleWords)
      for (const [permission, verb] of verbs) {
        const allowed = rolePermissions[role as Role].some((word) => word === permission)
        const code = await outcome(verb(app.as({ user: newId(), roles: [role], steppedUp: true })))
        equal(code === 'FORBIDDEN', !allowed, `${role} ${permission}: ${code}`)
      }
    for (const [, verb] of verbs) {
      equal(await outcome(verb(app.as())), 'UNAUTHENTICATED')
      equal(await outcome(verb(app.as({ user: newId(), steppedUp: true }))), 'FORBIDDEN')
    }
    equal(await outcome(setRoles(id, ['admin'], app.as({ user: adminId(), roles: ['admin'] }))), 'STEP_UP_REQUIRED')
    equal(
      await outcome(
        people().createStaff(
          { email: newEmail(), password: rightPassword, roles: ['admin'] },
          app.as({ user: adminId(), roles: ['admin'] }),
        ),
      ),
      'STEP_UP_REQUIRED',
    )
  })

  test('search finds by the beginning of e-mail, phone or nickname, whatever the letters, and takes nothing for a pattern', async () => {
    const auth = app.services['identity.AuthService']
    const add = (who: { email?: string; phone?: string }, nickname: string) =>
      auth.register({ ...who, nickname, password: rightPassword, device: '' }, app.as())
    await add({ email: 'zoe.needle@example.com' }, 'Zoë')
    await add({ email: 'hay@example.com' }, 'zoe.NEEDLE')
    await add({ phone: '13655556666' }, '针%_')
    await add({ email: 'other@example.com' }, '针线')
    deepEqual(names(await search('Zoe.Need')), ['zoe.NEEDLE', 'Zoë'])
    deepEqual(names(await search('1365555')), ['针%_'])
    deepEqual(names(await search('+86 136 5555')), ['针%_'])
    deepEqual(names(await search('针')), ['针线', '针%_'])
    deepEqual(names(await search('针%')), ['针%_'])
    for (const q of ['%', '_oe', 'needle', "' or true --", '\\', '\u{10ffff}']) deepEqual(names(await search(q)), [], q)
  })

  test('the list goes newest first in pages, by role and by status', async () => {
    const staff: string[] = []
    for (let place = 0; place < 5; place++) staff.unshift((await hire(['warehouse'])).id)
    await people().freezeUser({ id: staff[1]! }, admin)
    const seen: string[] = []
    let pageToken = ''
    do {
      const answer = await search('', { pageSize: 2, pageToken, role: 'warehouse' })
      ok(answer.users.length <= 2)
      seen.push(...answer.users.map(({ id }) => id))
      pageToken = answer.nextPageToken
    } while (pageToken)
    deepEqual(seen, staff)
    deepEqual(
      (await search('', { role: 'warehouse', status: 'FROZEN' })).users.map(({ id }) => id),
      [staff[1]],
    )
    deepEqual((await search('', { role: 'nobody' })).users, [])
    equal(await outcome(search('', { pageToken: 'bm90IG9uZQ' })), 'VALIDATION_FAILED')
  })

  test('the tables answer a search by index, not by reading everybody', async () => {
    const { schema } = app.db
    await app.db.run(sql`
      insert into ${schema}.account (id, email, password_hash, nickname, roles, status, locale)
      select gen_random_uuid(), 'bulk' || n || '@example.com', 'x', 'bulk' || n, '{}', 'ACTIVE', 'en' from generate_series(1, 20000) n`)
    const plan = await app.db.tx(async (tx) => {
      await tx.run(sql`set local enable_seqscan = on`)
      const rows = await tx.all<{ 'QUERY PLAN': string }>(sql`
        explain select id from ${schema}.account
        where (email ~>=~ 'bulk77' and email ~<~ 'bulk78') or (lower(nickname) ~>=~ 'bulk77' and lower(nickname) ~<~ 'bulk78')
        order by id desc limit 21`)
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
    ok(
      plan.includes('account_email_prefix') && plan.includes('account_nickname_prefix') && !plan.includes('Seq Scan'),
      plan,
    )
  })
})
