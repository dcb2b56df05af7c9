import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from '@souk/platform'
import { asAdministrator, asOwner, login, newEmail, outcome, register, rightPassword, startIdentity } from './app.ts'

const app = await startIdentity()
after(() => app.close())

test('registering signs in, and the same e-mail in other letters is the same account', async () => {
  const { services } = app
  const answer = await services['identity.AuthService'].register(
    { email: ' Li.Wei@Example.COM ', password: rightPassword, nickname: ' 李伟 ', device: 'curl/8' },
    app.as({ locale: 'zh-CN' }),
  )
  assert.equal(answer.user?.email, 'li.wei@example.com')
  assert.equal(answer.user?.nickname, '李伟')
  assert.equal(answer.user?.locale, 'zh-CN')
  assert.deepEqual(answer.user?.roles, [])
  assert.equal(answer.expiresIn, 600)
  assert.equal((await login(app, 'LI.WEI@example.com')).user?.id, answer.user?.id)
  const me = await services['identity.AccountService'].getMe({}, asOwner(app, answer))
  assert.deepEqual(me, answer.user)
})
