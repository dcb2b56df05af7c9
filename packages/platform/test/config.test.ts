import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConfigError, readConfig } from '../src/config/read.ts'
import {
  duration,
  flag,
  integer,
  list,
  networks,
  optionalText,
  parseDuration,
  pattern,
  text,
} from '../src/config/spec.ts'

const spec = {
  name: text('NAME', { about: 'a name' }),
  port: integer('PORT', { about: 'a port', fallback: '80', max: 65535 }),
  wait: duration('WAIT', { about: 'a wait', fallback: '15m' }),
  on: flag('ON', { about: 'a switch', fallback: 'off' }),
  words: list('WORDS', { about: 'some words' }),
  secret: optionalText('SECRET', { about: 'a secret', secret: true }),
  currency: pattern('CURRENCY', { about: 'a currency', fallback: 'CNY', matches: /^[A-Z]{3}$/, secret: true }),
}

describe('configuration', () => {
  test('defaults, and values as they are typed', () => {
    assert.deepEqual(readConfig(spec, { NAME: 'x', ON: 'yes', WORDS: 'a, b ,,c', PORT: '' }), {
      name: 'x',
      port: 80,
      wait: 900_000,
      on: true,
      words: ['a', 'b', 'c'],
      secret: undefined,
      currency: 'CNY',
    })
  })
  test('everything wrong is said at once, secrets are not', () => {
    assert.throws(
      () => readConfig(spec, { PORT: '70000', WAIT: 'soon', ON: 'perhaps', CURRENCY: 'hunter2' }),
      (error: ConfigError) => {
        assert.equal(error.problems.length, 5)
        for (const word of ['NAME is missing', 'PORT="70000"', 'WAIT="soon"', 'ON="perhaps"', 'CURRENCY=***'])
          assert.match(error.message, new RegExp(word.replaceAll('*', '\\*')))
        assert.doesNotMatch(error.message, /hunter2/)
        return error instanceof ConfigError
      },
    )
  })
  for (const word of ['10.0.0.0/33', '10.0.0', 'proxy.local', '::1/129', '10.0.0.0/8/8', '10.0.0.0/'])
    test(`${word} is neither address nor network`, () =>
      assert.throws(() => networks('P', { about: '' }).parse(`127.0.0.1, ${word}`), new RegExp(`"${word}"`)))
  test('addresses and networks of both families', () =>
    assert.deepEqual(networks('P', { about: '' }).parse('10.0.0.0/8, ::1 ,fd00::/8'), [
      '10.0.0.0/8',
      '::1',
      'fd00::/8',
    ]))
  for (const [written, ms] of [
    ['250ms', 250],
    ['5s', 5000],
    ['15m', 900_000],
    ['72h', 259_200_000],
    ['30d', 2_592_000_000],
  ] as const)
    test(`${written} is ${ms} ms`, () => assert.equal(parseDuration(written), ms))
  for (const written of ['', '5', 's', '-5s', '1.5s', '5 s', '5w'])
    test(`${JSON.stringify(written)} is no duration`, () => assert.throws(() => parseDuration(written)))
})
