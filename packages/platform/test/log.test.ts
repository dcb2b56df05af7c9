import { deepEqual, equal, match } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { maskFields } from '../src/telemetry/mask.ts'

test('what the contract masks is masked in log fields, each in its own way', () =>
  deepEqual(
    maskFields({
      event: 'login',
      email: 'jane@example.com',
      phone: '+8613800138000',
      recipient: '王小明',
      password: 'hunter2',
      refreshToken: 'x',
      nickname: '',
      userId: 'u1',
      constructor: 'kept',
    }),
    {
      event: 'login',
      email: 'j***@example.com',
      phone: '***00',
      recipient: '王***',
      password: '***',
      refreshToken: '***',
      nickname: '',
      userId: 'u1',
      constructor: 'kept',
    },
  ))

test('what does not look as its kind should is not shown at all', () =>
  deepEqual(maskFields({ email: 'no at sign', password: 42 }), { email: '***', password: '***' }))

test('every line of the log goes through it, those of children too', async () => {
  const source = `
    import { createLog } from ${JSON.stringify(new URL('../src/telemetry/log.ts', import.meta.url).href)}
    const log = createLog({ service: 'test', version: '0' })
    log.info('one', { email: 'jane@example.com' })
    log.child({ password: 'hunter2' }).error('two', { phone: '13800138000' })`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source])
  const lines = stdout.trim().split('\n')
  equal(lines.length, 2)
  match(lines[0]!, /"email":"j\*\*\*@example\.com"/)
  match(lines[1]!, /"password":"\*\*\*".*"phone":"\*\*\*00"/)
})
