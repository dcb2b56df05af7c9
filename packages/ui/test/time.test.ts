import { equal, match } from 'node:assert/strict'
import { test } from 'node:test'
import { formatLeft, formatNear } from '../src/time.ts'

for (const [ms, shown] of [
  [0, '0:00'],
  [-5_000, '0:00'],
  [1, '0:01'],
  [59_000, '0:59'],
  [60_000, '1:00'],
  [899_500, '15:00'],
  [3_600_000, '1:00:00'],
  [3_725_000, '1:02:05'],
] as const)
  test(`${ms} ms left reads ${shown}`, () => equal(formatLeft(ms), shown))

const noon = Date.parse('2026-05-04T12:00:00Z')

for (const [says, iso, locale, shown] of [
  ['seconds', '2026-05-04T11:59:30Z', 'en', '30 seconds ago'],
  ['minutes', '2026-05-04T11:55:00Z', 'en', '5 minutes ago'],
  ['hours', '2026-05-04T10:00:00Z', 'zh-CN', '2小时前'],
  ['what is to come', '2026-05-04T12:10:00Z', 'en', 'in 10 minutes'],
] as const)
  test(`within a day, ${says}`, () => equal(formatNear(iso, locale, noon), shown))

test('further away it is a date', () => match(formatNear('2026-05-01T12:00:00Z', 'en', noon), /May 1, 2026/))
