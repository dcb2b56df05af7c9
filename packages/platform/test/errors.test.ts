import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectionError } from '../src/db/errors.ts'

const errorOf = (message: string, more: object) => Object.assign(new Error(message), more)

for (const [says, error, lost] of [
  [
    'a pipe that broke, whose code is as long as an SQLSTATE',
    errorOf('write EPIPE', { code: 'EPIPE', syscall: 'write' }),
    true,
  ],
  ['a reset connection', errorOf('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' }), true],
  ['a terminated back end', errorOf('terminating connection', { code: '57P01' }), true],
  ['a statement about sockets that is wrong', errorOf('column "socket" does not exist', { code: '42703' }), false],
  ['a broken rule', errorOf('duplicate key value', { code: '23505' }), false],
] as const)
  test(`${says}: ${lost ? 'the way to the database is gone' : 'the statement was wrong'}`, () =>
    equal(isConnectionError(error), lost))
