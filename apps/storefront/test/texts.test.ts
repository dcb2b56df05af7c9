import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { identify } from '../src/data/identifier.ts'
import { optionsText } from '../src/parts/options-text.ts'

for (const [says, options, text] of [
  ['words speak for themselves', { Colour: 'Clay', Kit: 'Body' }, 'Clay, Body'],
  ['a number needs the name of its option', { Colour: 'Clay', 'EU size': '40' }, 'Clay, EU size 40'],
  ['so does a single letter', { Size: 'M' }, 'Size M'],
  ['Chinese words are words', { 颜色: '陶土', 鞋码: '40' }, '陶土, 鞋码 40'],
  ['nothing to choose', {}, ''],
  ['nothing known', undefined, ''],
] as const)
  test(`options of a line: ${says}`, () => equal(optionsText(options), text))

for (const [typed, account] of [
  [' jane@example.org ', { email: 'jane@example.org' }],
  ['138 0013 8000', { phone: '138 0013 8000' }],
] as const)
  test(`'${typed}' signs in by ${Object.keys(account)}`, () => deepEqual(identify(typed), account))
