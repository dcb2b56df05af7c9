import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConfigError } from '@souk/platform'
import { contexts } from '../src/contexts.ts'
import { readSettings } from '../src/process.ts'
import { serverSettings } from '../src/settings.ts'

const all = contexts.map(({ name }) => name)
const settingsOf = (env: Record<string, string>) => readSettings(env, []).settings

/** What is refused, a line per problem; nothing when all is well. */
const problemsOf = (env: Record<string, string>, hosted: readonly string[] = []): string[] => {
  try {
    readSettings(env, hosted)
    return []
  } catch (error) {
    ok(error instanceof ConfigError, String(error))
    return error.problems
  }
}
const named = (problems: readonly string[]) => problems.map((line) => /^[A-Z_]+/.exec(line)?.[0])

describe('nothing set', () => {
  test('has the documented defaults', () => {
    const { port, opsPort, bind, opsBind, dataDir, currency, demo, rateLimits, publicUrl, corsOrigins, drainDelayMs } =
      settingsOf({})
    deepEqual(
      { port, opsPort, bind, opsBind, dataDir, currency, demo, rateLimits, publicUrl, corsOrigins, drainDelayMs },
      {
        port: 8889,
        opsPort: 9464,
        bind: '0.0.0.0',
        opsBind: '127.0.0.1',
        dataDir: '.souk',
        currency: 'CNY',
        demo: true,
        rateLimits: true,
        publicUrl: 'http://127.0.0.1:8889',
        corsOrigins: [],
        drainDelayMs: 0,
      },
    )
  })
  test('an empty value is the same as none', () => equal(settingsOf({ SOUK_PORT: '', SOUK_DEMO: '' }).port, 8889))
})

describe('problems', () => {
  const wrong = {
    SOUK_PORT: '70000',
    SOUK_CURRENCY: 'yuan',
    SOUK_RATE_LIMITS: 'perhaps',
    SOUK_DRAIN_DELAY: '5 minutes',
    SOUK_POOL: '0',
    SOUK_PAYMENT_WINDOW: 'soon',
  }

  test('are all said at once, those of hosted contexts too', () => {
    const problems = problemsOf({ ...wrong, SOUK_SANDBOX_SECRET: 's' }, all)
    deepEqual([...new Set(named(problems))].sort(), Object.keys(wrong).sort())
  })

  test('name the value and what the setting is about', () => {
    const [problem = ''] = problemsOf({ SOUK_PORT: '70000' })
    equal(problem, 'SOUK_PORT="70000": expected a whole number from 0 to 65535 (public port)')
  })

  test('of contexts that live elsewhere are theirs', () => {
    deepEqual(problemsOf({ SOUK_PAYMENT_WINDOW: 'soon' }, []), [])
    deepEqual(named(problemsOf({ SOUK_PAYMENT_WINDOW: 'soon' }, ['order'])), ['SOUK_PAYMENT_WINDOW'])
  })

  test('are said once, also when several contexts read the same variable', () => {
    const problems = problemsOf({ ...wrong, SOUK_SANDBOX_SECRET: 's' }, all)
    deepEqual(named(problems).sort(), Object.keys(wrong).sort())
  })

  test('two contexts that miss the same setting do not repeat each other', () => {
    const missed = problemsOf({}, ['payment', 'sandbox']).filter((line) => line.startsWith('SOUK_SANDBOX_SECRET'))
    ok(missed.length > 0)
    equal(new Set(missed).size, missed.length)
  })
})

test('a secret is never repeated in what is said about it', () => {
  const said = problemsOf({ SOUK_SANDBOX_SECRET: ' , ', SOUK_PORT: 'canary-port' }, ['payment', 'sandbox']).join('\n')
  match(said, /SOUK_SANDBOX_SECRET=\*\*\*/)
  doesNotMatch(said, /" , "/)
  match(said, /canary-port/)
})

test('everything that opens a door is marked as a secret', () => {
  const doors = /SECRET|PASSWORD|DATABASE_URL|TOKEN$/
  const specs = [serverSettings, ...contexts.map(({ config }) => config)].flatMap((spec) => Object.values(spec))
  ok(specs.some(({ env }) => doors.test(env)))
  deepEqual(
    specs.filter(({ env, secret }) => doors.test(env) && !secret).map(({ env }) => env),
    [],
  )
})

for (const [text, ms] of [
  ['0ms', 0],
  ['250ms', 250],
  ['5s', 5000],
  ['15m', 900_000],
  ['72h', 259_200_000],
  ['1d', 86_400_000],
  [' 30s ', 30_000],
] as const)
  test(`a duration of ${JSON.stringify(text)} is ${ms} ms`, () =>
    equal(settingsOf({ SOUK_DRAIN_DELAY: text }).drainDelayMs, ms))

for (const text of ['5', '-5s', '1.5s', '5 s', '5S', '5w', 's', '1e3ms', '１５m', '15m15s'])
  test(`${JSON.stringify(text)} is no duration`, () =>
    deepEqual(named(problemsOf({ SOUK_DRAIN_DELAY: text })), ['SOUK_DRAIN_DELAY']))

for (const [text, value] of [
  ['on', true],
  ['true', true],
  ['1', true],
  ['off', false],
  ['false', false],
  ['0', false],
] as const)
  test(`a switch set to ${text} is ${value}`, () => equal(settingsOf({ SOUK_RATE_LIMITS: text }).rateLimits, value))

for (const text of ['-1', '65536', '80.5', 'http', '8889x', '99999999999999999999', '0x10', '1e2', '0b1', '+80', '8 0'])
  test(`${text} is no port`, () => deepEqual(named(problemsOf({ SOUK_PORT: text })), ['SOUK_PORT']))

for (const text of ['cny', 'CN', 'CNYY', '¥', 'CNY\n'])
  test(`${JSON.stringify(text)} is no currency`, () =>
    deepEqual(named(problemsOf({ SOUK_CURRENCY: text })), ['SOUK_CURRENCY']))

test('a list is split at commas, blanks and empty places dropped', () =>
  deepEqual(settingsOf({ SOUK_CORS_ORIGINS: ' https://a.example , ,https://b.example' }).corsOrigins, [
    'https://a.example',
    'https://b.example',
  ]))

test('the address of browsers follows the port unless it is set', () => {
  equal(settingsOf({ SOUK_PORT: '1234' }).publicUrl, 'http://127.0.0.1:1234')
  equal(settingsOf({ SOUK_PORT: '1234', SOUK_PUBLIC_URL: 'https://souk.example' }).publicUrl, 'https://souk.example')
})
