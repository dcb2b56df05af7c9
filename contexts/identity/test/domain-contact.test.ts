import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from '@souk/kernel'
import fc from 'fast-check'
import {
  identifierOf,
  isChineseMobile,
  isOneLine,
  normaliseEmail,
  normalisePhone,
  parseIdentifier,
  searchPrefixes,
} from '../src/domain/contact.ts'
import { deviceName } from '../src/domain/device.ts'
import { checkPassword, passwordForm } from '../src/domain/password.ts'

test('an e-mail is one account in whatever letters it is typed', () => {
  equal(normaliseEmail('  Ann.Lee@Example.COM\n'), 'ann.lee@example.com')
  equal(normaliseEmail('JOSE\u0301@example.com'), normaliseEmail('josé@EXAMPLE.com'))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      equal(normaliseEmail(normaliseEmail(text)), normaliseEmail(text))
    }),
  )
  fc.assert(
    fc.property(fc.emailAddress(), (email) => {
      equal(normaliseEmail(` ${email.toUpperCase()} `), normaliseEmail(email))
    }),
  )
})

for (const [typed, expected] of [
  ['13800138000', '+8613800138000'],
  ['138 0013 8000', '+8613800138000'],
  ['+86 138-0013-8000', '+8613800138000'],
  ['0086 13800138000', '+8613800138000'],
  ['8613800138000', '+8613800138000'],
  ['+1 (415) 555-0100', '+14155550100'],
  ['+44 20 7946 0958', '+442079460958'],
  ['00442079460958', '+442079460958'],
  [' +13800138000', '+13800138000'],
  ['138001380001', '+138001380001'],
  ['+1234567', '+1234567'],
  ['+123456', undefined],
  ['+123456789012345', '+123456789012345'],
  ['+1234567890123456', undefined],
  ['010-1234 5678', undefined],
  ['+0123456789', undefined],
  ['+86', undefined],
  ['1234567890123456', undefined],
  ['', undefined],
] as const)
  test(`the phone ${JSON.stringify(typed)} is ${expected ?? 'no number'}`, () => equal(normalisePhone(typed), expected))

test('a normalised phone stays what it is, whatever separates its digits', () => {
  const digits = fc.stringMatching(/^[1-9][0-9]{6,14}$/)
  const separator = fc.constantFrom('', ' ', '-', '(', ')', ' - ')
  fc.assert(
    fc.property(digits, fc.array(separator, { minLength: 15, maxLength: 15 }), (number, separators) => {
      const spaced = `+${[...number].map((digit, place) => `${separators[place]}${digit}`).join('')}`
      equal(normalisePhone(spaced), `+${number}`)
      equal(normalisePhone(normalisePhone(spaced)!), `+${number}`)
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => ok(/^\+[1-9]\d{6,14}$/.test(normalisePhone(text) ?? '+8613800138000'))))
})

test('a mobile of mainland China is known with and without its country code', () => {
  for (const mobile of ['13800138000', '+8613800138000', '0086 138 0013 8000']) ok(isChineseMobile(mobile), mobile)
  for (const other of ['+14155550100', '010-12345678', '1380013800', '+86138001380000'])
    ok(!isChineseMobile(other), other)
})

test('a phone that is no number is refused for a new account and simply unknown to sign in with', () => {
  deepEqual(identifierOf({ phone: ' 010-1 ' }), { kind: 'phone', value: '010-1' })
  let field: string | undefined
  try {
    parseIdentifier({ phone: '010-1' })
  } catch (error) {
    field = faultOf(error)?.violations[0]?.field
  }
  equal(field, 'phone')
  deepEqual(parseIdentifier({ phone: '13800138000' }), { kind: 'phone', value: '+8613800138000' })
})

test('an account has an e-mail or a phone; neither is nobody’s', () => {
  for (const read of [identifierOf, parseIdentifier])
    deepEqual(read({ email: ' Ann@Example.com' }), { kind: 'email', value: 'ann@example.com' })
  deepEqual(identifierOf({}), { kind: 'phone', value: '' })
  throws(
    () => parseIdentifier({}),
    (error) => faultOf(error)?.violations[0]?.field === 'phone',
  )
})

test('a search word may be the beginning of a phone with the country code left out', () => {
  deepEqual(searchPrefixes(' 138 0013'), { text: '138 0013', phones: ['+1380013', '+861380013'] })
  deepEqual(searchPrefixes('+86138'), { text: '+86138', phones: ['+86138', '+8686138'] })
  for (const word of ['ann', '138a', 'a138', '+86138+']) deepEqual(searchPrefixes(word), { text: word, phones: [] })
  deepEqual(searchPrefixes('()'), { text: '()', phones: [] })
})

test('control characters make no line of text', () => {
  ok(isOneLine('李伟 O’Neil ☕'))
  for (const text of ['a\nb', 'a\u0000b', 'a\u001bb', 'a\u009fb']) ok(!isOneLine(text))
})

const common: ReadonlySet<string> = new Set(['password1', 'qwertyuiop'])
const owner = { kind: 'email', value: 'ann.lee.smith@example.com' } as const
for (const [says, password, rule] of [
  ['seven characters are too short', 'abc def', 'minLength'],
  ['length counts characters, not code units', '🙂🙂🙂🙂🙂🙂🙂', 'minLength'],
  ['eight characters of any kind are enough', '中文密码也可以哦', undefined],
  ['a long sentence is welcome', 'x'.repeat(128), undefined],
  ['beyond 128 characters is too much work', 'x'.repeat(129), 'maxLength'],
  ['a common password is refused', 'password1', 'common'],
  ['a common password in capitals too', 'PassWord1', 'common'],
  ['a common password in full-width letters too', 'ｐａｓｓｗｏｒｄ１', 'common'],
  ['the e-mail is no password', 'Ann.Lee.Smith@example.com', 'context'],
  ['nor is its first half', 'ann.lee.smith', 'context'],
] as const)
  test(says, () => equal(checkPassword(password, owner, common)[0]?.rule, rule))

test('a phone is no password for its own account', () => {
  const phone = { kind: 'phone', value: '+8613800138000' } as const
  equal(checkPassword('13800138000', phone, common)[0]?.rule, 'context')
  equal(checkPassword('8613800138000', phone, common)[0]?.rule, 'context')
  equal(checkPassword('+8613800138000', phone, common)[0]?.rule, 'context')
})

for (const [password, rule, message] of [
  ['short', 'minLength', 'at least 8 characters'],
  ['x'.repeat(129), 'maxLength', 'at most 128 characters'],
  ['password1', 'common', 'this password is among the first that attackers try'],
  ['ann.lee.smith', 'context', 'the password must not be the name of the account'],
] as const)
  test(`a refused password says ${message}`, () =>
    deepEqual(checkPassword(password, owner, common), [{ field: 'password', rule, message }]))

test('a good password has nothing against it', () => deepEqual(checkPassword('correct horse', owner, common), []))

test('one password typed on two keyboards is one password', () => {
  equal(passwordForm('cafe\u0301 Ⅷ'), passwordForm('café VIII'))
})

for (const [agent, expected] of [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    'Chrome on Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36 MicroMessenger/8.0.50',
    'WeChat on Android',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox on Linux'],
  ['souk-app/2.1\r\nX-Evil: 1', 'souk-app/2.1  X-Evil: 1'],
  ['x'.repeat(1000), 'x'.repeat(120)],
  ['', ''],
] as const)
  test(`a device list shows ${JSON.stringify(expected.slice(0, 30))}`, () => equal(deviceName(agent), expected))
