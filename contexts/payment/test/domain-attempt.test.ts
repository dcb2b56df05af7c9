import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { AttemptStatus } from '@souk/contract/payment'
import { type AttemptStep, decideAttempt, isOpen, transitions } from '../src/domain/attempt.ts'
import { askForMs } from '../src/domain/backoff.ts'
import type { ChannelWord, Lost } from '../src/domain/words.ts'

const price = { currency: 'CNY', amount: 19_900 }
const less = { currency: 'CNY', amount: 19_899 }
const page = { redirectUrl: 'https://pay.example/1', reference: 'r' }
const succeeded = { status: 'SUCCEEDED', captured: price, reference: 'r' } as const

const steps: [string, AttemptStatus, ChannelWord | Lost, AttemptStep][] = [
  [
    'the buyer is sent to the page that the channel opened',
    'INITIATED',
    { status: 'OPEN', ...page },
    { do: 'wait', path: ['PROCESSING'], ...page },
  ],
  [
    'also when the channel is found again after silence',
    'UNKNOWN',
    { status: 'PENDING', ...page },
    { do: 'wait', path: ['PROCESSING'], ...page },
  ],
  [
    'a capture keeps the name that the channel gave it',
    'PROCESSING',
    succeeded,
    { do: 'capture', path: ['CAPTURED'], reference: 'r' },
  ],
  [
    'money that is not what was asked is kept to the minor unit, under the channel’s name',
    'PROCESSING',
    { ...succeeded, captured: less },
    { do: 'suspend', path: ['FAILED'], received: less, reference: 'r' },
  ],
  ['money for what is over too', 'FAILED', { ...succeeded, captured: less }, { do: 'stray', received: less }],
  [
    'a decline is told to the buyer as one',
    'PROCESSING',
    { status: 'FAILED' },
    { do: 'end', path: ['FAILED'], failure: 'DECLINED' },
  ],
  [
    'authorised money that is refused in the end was voided, not declined',
    'AUTHORISED',
    { status: 'FAILED' },
    { do: 'end', path: ['VOIDED'], failure: '' },
  ],
  [
    'what we voided ourselves was not declined',
    'UNKNOWN',
    { status: 'VOIDED' },
    { do: 'end', path: ['VOIDED'], failure: '' },
  ],
]
for (const [says, status, word, expected] of steps)
  test(says, () => deepEqual(decideAttempt({ status, amount: price }, word), expected))

test('an attempt is open exactly as long as something can still happen to it', () => {
  for (const [status, exits] of Object.entries(transitions))
    equal(isOpen(status as AttemptStatus), Object.keys(exits).length > 0, status)
})

test('a channel is asked for three days, then a person has to look', () => equal(askForMs, 3 * 86_400_000))
