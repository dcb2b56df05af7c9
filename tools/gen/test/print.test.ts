import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { assert, jsonValue, property } from 'fast-check'
import { docComment, print, printJson, quote } from '../print.ts'

/** `__proto__` means something else in a literal; no name of the contract can be it. */
const plain = jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'))

test('printed TypeScript means the value', () => {
  assert(
    property(plain, (value) =>
      deepEqual(
        JSON.parse(JSON.stringify(new Function(`return ${print(value)}`)())),
        JSON.parse(JSON.stringify(value)),
      ),
    ),
  )
})

test('printed JSON means the value', () => {
  assert(property(plain, (value) => deepEqual(JSON.parse(printJson(value)), JSON.parse(JSON.stringify(value)))))
})

test('a short value stays on its line, a long one has an entry per line', () => {
  equal(print({ a: 1, 'b-c': ["it's"], d: undefined }), "{ a: 1, 'b-c': ['it\\'s'] }")
  equal(print(['x'.repeat(70), 'y'.repeat(70)]), `[\n  '${'x'.repeat(70)}',\n  '${'y'.repeat(70)}',\n]`)
})

test('text cannot leave its literal or its comment', () => {
  equal(quote('\\"\''), "'\\\\\"\\''")
  equal(docComment('ends */ here'), '/** ends * / here */\n')
})
