import { equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { errors } from '@souk/contract/errors'
import { isFinal } from '../src/intent.ts'
import { treatmentOf, treatments } from '../src/problem-map.ts'

test('every public error code has a treatment', () => {
  const missing = Object.keys(errors).filter((code) => !Object.hasOwn(treatments, code))
  equal(missing.join(), '')
})

test('no treatment is left over from a code that is gone', () => {
  const left = Object.keys(treatments).filter((code) => !Object.hasOwn(errors, code))
  equal(left.join(), '')
})

test('what is repeated with the same key is never a final answer', () => {
  for (const [code, treatment] of Object.entries(treatments)) {
    const { status } = errors[code as keyof typeof errors]
    if (treatment === 'repeat') ok(!isFinal({ status, code }), code)
  }
})

test('a code of a newer server is told in the server’s words', () => equal(treatmentOf('FROM_TOMORROW'), 'notice'))
