import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault, fault } from '@souk/kernel'
import { asFault, CommitUnknown, isConnectionError, isPassing, isVerdict, mayRetry } from '../src/db/errors.ts'

const coded = (code: string, message = 'said by the server', more: object = {}): Error =>
  Object.assign(new Error(message), { code, ...more })

type Row = [says: string, error: Error, becomes: string]

const gone: Row[] = [
  ['08000 connection exception', coded('08000'), 'UNAVAILABLE'],
  ['08003 connection does not exist', coded('08003'), 'UNAVAILABLE'],
  ['08006 connection failure', coded('08006'), 'UNAVAILABLE'],
  ['57P01 terminated by an administrator', coded('57P01'), 'UNAVAILABLE'],
  ['57P02 a crash of another back end', coded('57P02'), 'UNAVAILABLE'],
  ['57P03 starting up or shutting down', coded('57P03'), 'UNAVAILABLE'],
  ['57P05 idle for too long', coded('57P05'), 'UNAVAILABLE'],
  ['25P03 idle in a transaction for too long', coded('25P03'), 'UNAVAILABLE'],
  ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ENOTFOUND'].map(
    (code): Row => [code, coded(code, `write ${code}`, { syscall: 'write' }), 'UNAVAILABLE'],
  ),
  ['no socket file', coded('ENOENT', 'connect ENOENT /x/.s.PGSQL.1', { syscall: 'connect' }), 'UNAVAILABLE'],
  ['refused at every address', Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }), 'UNAVAILABLE'],
  ...[
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Cannot use a pool after calling end on the pool',
    'timeout expired',
  ].map((words): Row => [words, new Error(words), 'UNAVAILABLE']),
]

const there: Row[] = [
  ['58030 files cannot be read', coded('58030'), 'UNAVAILABLE'],
  ['25006 only reads for now', coded('25006'), 'UNAVAILABLE'],
  ['53000 short of something', coded('53000'), 'OVERLOADED'],
  ['53100 the disk is full', coded('53100'), 'OVERLOADED'],
  ['53200 out of memory', coded('53200'), 'OVERLOADED'],
  ['53300 too many connections', coded('53300'), 'OVERLOADED'],
  ['40001 serialization failure', coded('40001'), 'OVERLOADED'],
  ['40P01 deadlock', coded('40P01'), 'OVERLOADED'],
  ['55P03 lock not available', coded('55P03'), 'OVERLOADED'],
  ['our own disk is full', coded('ENOSPC', 'no space', { syscall: 'write' }), 'OVERLOADED'],
  ['no connection free', new Error('timeout exceeded when trying to connect'), 'OVERLOADED'],
]

describe('what passes by itself is a refusal that may be tried again', () => {
  for (const [says, error, becomes] of [...gone, ...there])
    test(says, () => {
      const found = asFault(error)
      assert.ok(found instanceof Fault)
      assert.equal(found.code, becomes)
      assert.equal(found.cause, error)
      assert.ok(isPassing(error))
      assert.ok(isPassing(found))
    })

  for (const [says, error] of gone)
    test(`${says}: the connection is not used again, and a COMMIT under way stays open`, () => {
      assert.ok(isConnectionError(error))
      assert.ok(!isVerdict(error))
    })

  for (const [says, error] of there)
    test(`${says}: the connection is as good as before`, () => assert.ok(!isConnectionError(error)))
})

describe('what does not', () => {
  test('57014, a statement that ran too long, may be tried again but is no outage', () => {
    const found = asFault(coded('57014'))
    assert.equal(found instanceof Fault && found.code, 'OVERLOADED')
    assert.ok(!isPassing(found))
  })

  for (const code of ['23505', '23514', '42P01', '42703', '22P02', '25P02', 'P0001', 'XX000'])
    test(`${code} is a bug or a rule: it stays what it is`, () => {
      const error = coded(code)
      assert.equal(asFault(error), error)
      assert.ok(!isPassing(error) && !isConnectionError(error) && !mayRetry(error))
      assert.ok(isVerdict(error))
    })

  test('a file that is missing, a bug, a refusal', () => {
    for (const error of [
      coded('ENOENT', 'open picture.webp', { syscall: 'open' }),
      new TypeError('x is undefined'),
      new RangeError('int8 9007199254740993 is beyond the safe integers'),
      fault('OUT_OF_STOCK'),
    ]) {
      assert.equal(asFault(error), error)
      assert.ok(!isPassing(error) && !isConnectionError(error) && !isVerdict(error))
    }
  })

  test('an unknown COMMIT stays unknown, and passes', () => {
    const error = new CommitUnknown(coded('EPIPE'))
    assert.equal(asFault(error), error)
    assert.ok(isPassing(error))
  })
})
