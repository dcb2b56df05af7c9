import { deepEqual, equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import type { AttemptStatus, RefundStatus } from '@souk/contract/payment'
import { faultOf } from '@souk/kernel'
import fc from 'fast-check'
import {
  type AttemptEvent,
  after as attemptAfter,
  transitions as attemptTable,
  decideAttempt,
} from '../src/domain/attempt.ts'
import { askAgainAfterMs } from '../src/domain/backoff.ts'
import * as ledger from '../src/domain/ledger.ts'
import {
  decideRefund,
  type RefundEvent,
  after as refundAfter,
  transitions as refundTable,
} from '../src/domain/refund.ts'
import type { ChannelWord, Lost, RefundWord } from '../src/domain/words.ts'

const price = { currency: 'CNY', amount: 19900 }
const illegal = (work: () => unknown) => throws(work, (error) => faultOf(error)?.code === 'ILLEGAL_TRANSITION')

const matrix = <State extends string, Event extends string>(
  name: string,
  states: State[],
  events: Event[],
  legal: Record<string, string>,
  step: (from: State, event: Event) => string,
) => {
  for (const from of states)
    for (const event of events) {
      const to = legal[`${from} ${event}`]
      test(`${name} ${from} ${event} is ${to ?? 'refused'}`, () => {
        if (to) equal(step(from, event), to)
        else illegal(() => step(from, event))
      })
    }
}

const attemptEvents: AttemptEvent[] = ['send', 'lose', 'find', 'authorise', 'capture', 'fail', 'void']
matrix(
  'attempt',
  Object.keys(attemptTable) as AttemptStatus[],
  attemptEvents,
  {
    'INITIATED send': 'PROCESSING',
    'PROCESSING lose': 'UNKNOWN',
    'PROCESSING authorise': 'AUTHORISED',
    'PROCESSING capture': 'CAPTURED',
    'PROCESSING fail': 'FAILED',
    'PROCESSING void': 'VOIDED',
    'UNKNOWN find': 'PROCESSING',
    'UNKNOWN authorise': 'AUTHORISED',
    'UNKNOWN capture': 'CAPTURED',
    'UNKNOWN fail': 'FAILED',
    'UNKNOWN void': 'VOIDED',
    'AUTHORISED capture': 'CAPTURED',
    'AUTHORISED void': 'VOIDED',
  },
  attemptAfter,
)

const refundEvents: RefundEvent[] = ['approve', 'reject', 'send', 'lose', 'find', 'succeed', 'fail']
matrix(
  'refund',
  Object.keys(refundTable) as RefundStatus[],
  refundEvents,
  {
    'REQUESTED approve': 'APPROVED',
    'REQUESTED reject': 'REJECTED',
    'APPROVED send': 'SENT',
    'SENT lose': 'UNKNOWN',
    'SENT succeed': 'SUCCEEDED',
    'SENT fail': 'FAILED',
    'UNKNOWN find': 'SENT',
    'UNKNOWN succeed': 'SUCCEEDED',
    'UNKNOWN fail': 'FAILED',
    'FAILED send': 'SENT',
  },
  refundAfter,
)

const page = { redirectUrl: 'https://pay.example/1', reference: 'r' }
const words: Record<string, ChannelWord | Lost> = {
  OPEN: { status: 'OPEN', ...page },
  PENDING: { status: 'PENDING', ...page },
  SUCCEEDED: { status: 'SUCCEEDED', captured: price, reference: 'r' },
  OTHER_AMOUNT: { status: 'SUCCEEDED', captured: { ...price, amount: 19899 }, reference: 'r' },
  OTHER_CURRENCY: { status: 'SUCCEEDED', captured: { ...price, currency: 'USD' }, reference: 'r' },
  FAILED: { status: 'FAILED' },
  VOIDED: { status: 'VOIDED' },
  ABSENT: { status: 'ABSENT' },
  LOST: { status: 'LOST' },
}

const attemptDecisions: Record<AttemptStatus, Record<string, string>> = {
  INITIATED: {
    OPEN: 'wait PROCESSING',
    PENDING: 'wait PROCESSING',
    SUCCEEDED: 'capture PROCESSING>CAPTURED',
    OTHER_AMOUNT: 'suspend PROCESSING>FAILED',
    OTHER_CURRENCY: 'suspend PROCESSING>FAILED',
    FAILED: 'end PROCESSING>FAILED',
    VOIDED: 'end PROCESSING>VOIDED',
    ABSENT: 'recreate',
    LOST: 'lose PROCESSING>UNKNOWN',
  },
  PROCESSING: {
    SUCCEEDED: 'capture CAPTURED',
    OTHER_AMOUNT: 'suspend FAILED',
    OTHER_CURRENCY: 'suspend FAILED',
    FAILED: 'end FAILED',
    VOIDED: 'end VOIDED',
    ABSENT: 'recreate',
    LOST: 'lose UNKNOWN',
  },
  UNKNOWN: {
    OPEN: 'wait PROCESSING',
    PENDING: 'wait PROCESSING',
    SUCCEEDED: 'capture CAPTURED',
    OTHER_AMOUNT: 'suspend FAILED',
    OTHER_CURRENCY: 'suspend FAILED',
    FAILED: 'end FAILED',
    VOIDED: 'end VOIDED',
    ABSENT: 'recreate',
  },
  AUTHORISED: {
    SUCCEEDED: 'capture CAPTURED',
    OTHER_AMOUNT: 'suspend VOIDED',
    OTHER_CURRENCY: 'suspend VOIDED',
    FAILED: 'end VOIDED',
    VOIDED: 'end VOIDED',
    ABSENT: 'recreate',
  },
  CAPTURED: {},
  FAILED: { SUCCEEDED: 'stray', OTHER_AMOUNT: 'stray', OTHER_CURRENCY: 'stray' },
  VOIDED: { SUCCEEDED: 'stray', OTHER_AMOUNT: 'stray', OTHER_CURRENCY: 'stray' },
}
for (const [status, decisions] of Object.entries(attemptDecisions) as [AttemptStatus, Record<string, string>][])
  for (const [name, word] of Object.entries(words)) {
    const expected = decisions[name] ?? 'nothing'
    test(`${status} attempt, the channel says ${name}: ${expected}`, () => {
      const step = decideAttempt({ status, amount: price }, word)
      equal('path' in step ? `${step.do} ${step.path.join('>')}` : step.do, expected)
    })
  }

const refundWords: Record<string, RefundWord | Lost> = {
  PENDING: { status: 'PENDING', amount: price, reference: 'r' },
  SUCCEEDED: { status: 'SUCCEEDED', amount: price, reference: 'r' },
  OTHER_AMOUNT: { status: 'SUCCEEDED', amount: { ...price, amount: 1 }, reference: 'r' },
  FAILED: { status: 'FAILED', amount: price, reference: 'r' },
  ABSENT: { status: 'ABSENT' },
  LOST: { status: 'LOST' },
}
const refundDecisions: Record<RefundStatus, Record<string, string>> = {
  REQUESTED: {},
  APPROVED: {},
  SENT: {
    SUCCEEDED: 'succeed SUCCEEDED',
    OTHER_AMOUNT: 'mismatch',
    FAILED: 'fail FAILED',
    ABSENT: 'again',
    LOST: 'lose UNKNOWN',
  },
  UNKNOWN: {
    PENDING: 'wait SENT',
    SUCCEEDED: 'succeed SUCCEEDED',
    OTHER_AMOUNT: 'mismatch',
    FAILED: 'fail FAILED',
    ABSENT: 'again',
  },
  SUCCEEDED: {},
  FAILED: { SUCCEEDED: 'revive', OTHER_AMOUNT: 'mismatch' },
  REJECTED: {},
}
for (const [status, decisions] of Object.entries(refundDecisions) as [RefundStatus, Record<string, string>][])
  for (const [name, word] of Object.entries(refundWords)) {
    const expected = decisions[name] ?? 'nothing'
    test(`${status} refund, the channel says ${name}: ${expected}`, () => {
      const step = decideRefund({ status, amount: price }, word)
      equal('path' in step ? `${step.do} ${step.path.join('>')}` : step.do, expected)
    })
  }

const permutations = <T>(list: readonly T[]): T[][] =>
  list.length === 0
    ? [[]]
    : list.flatMap((head, place) => permutations(list.toSpliced(place, 1)).map((rest) => [head, ...rest]))

type World = { status: AttemptStatus; captures: number; endings: number; suspended: number }
const hear = (world: World, word: ChannelWord | Lost): World => {
  const step = decideAttempt({ status: world.status, amount: price }, word)
  return {
    status: 'path' in step ? step.path.at(-1)! : world.status,
    captures: world.captures + Number(step.do === 'capture'),
    endings: world.endings + Number(step.do === 'end' || step.do === 'suspend'),
    suspended: Number(world.suspended || step.do === 'suspend' || step.do === 'stray'),
  }
}

for (const [says, last, expected] of [
  ['a success', 'SUCCEEDED', { status: 'CAPTURED', captures: 1, endings: 0, suspended: 0 }],
  ['a decline', 'FAILED', { status: 'FAILED', captures: 0, endings: 1, suspended: 0 }],
  ['a wrong amount', 'OTHER_AMOUNT', { status: 'FAILED', captures: 0, endings: 1, suspended: 1 }],
] as const)
  test(`${says} and six older or repeated words end equal in all 5,040 orders`, () => {
    const heard = ['LOST', 'ABSENT', 'OPEN', 'PENDING', 'LOST', last, last]
    const orders = permutations(heard)
    equal(orders.length, 5040)
    for (const order of orders) {
      const start: World = { status: 'INITIATED', captures: 0, endings: 0, suspended: 0 }
      deepEqual(
        order.reduce((world, name) => hear(world, words[name]!), start),
        expected,
        order.join(),
      )
    }
  })

test('a refund ends equal in all 5,040 orders of what its channel said', () => {
  for (const [last, expected] of [
    ['SUCCEEDED', 'SUCCEEDED'],
    ['FAILED', 'FAILED'],
  ] as const)
    for (const order of permutations(['PENDING', 'LOST', 'ABSENT', 'PENDING', 'LOST', last, last])) {
      let status: RefundStatus = 'SENT'
      let ends = 0
      for (const name of order) {
        const step = decideRefund({ status, amount: price }, refundWords[name]!)
        if ('path' in step) status = step.path.at(-1)!
        ends += Number(step.do === 'succeed' || step.do === 'fail')
      }
      equal(`${status} ${ends}`, `${expected} 1`, order.join())
    }
})

test('every kind of ledger entry balances per currency, whatever the money', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      fc.constantFrom('CNY', 'USD'),
      (amount, currency) => {
        const money = { currency, amount }
        for (const entry of [
          ledger.captured('p', 'psp_clearing', money),
          ledger.refunded('r', 'courier_clearing', money),
          ledger.suspended('p', 'psp_clearing', money),
          ledger.suspenseReturned('r', 'psp_clearing', money),
        ]) {
          equal(
            entry.postings.reduce((sum, posting) => sum + posting.amount, 0),
            0,
          )
          equal(
            entry.postings.every((posting) => posting.currency === currency && posting.amount !== 0),
            true,
          )
        }
      },
    ),
  )
})

for (const [make, kind, sourceType] of [
  [ledger.captured, 'capture', 'payment'],
  [ledger.refunded, 'refund', 'refund'],
  [ledger.suspended, 'suspense', 'payment'],
  [ledger.suspenseReturned, 'suspense_return', 'refund'],
] as const)
  test(`an entry of ${kind} says what it is and where it comes from: that is what happens once`, () => {
    const entry = make('source', 'psp_clearing', price)
    deepEqual([entry.kind, entry.sourceType, entry.sourceId], [kind, sourceType, 'source'])
  })

test('a capture and its full refund leave nothing on any account', () => {
  const balance = new Map<string, number>()
  for (const { postings } of [
    ledger.captured('p', 'psp_clearing', price),
    ledger.refunded('r', 'psp_clearing', price),
    ledger.suspended('q', 'psp_clearing', price),
    ledger.suspenseReturned('s', 'psp_clearing', price),
  ])
    for (const { account, amount } of postings) balance.set(account, (balance.get(account) ?? 0) + amount)
  deepEqual([...balance.values()], [0, 0, 0])
})

test('channels are asked quickly at first, then every minute for an hour, then every ten', () => {
  deepEqual(
    [0, 1, 2, 3, 4, 63, 64, 1000].map(askAgainAfterMs),
    [2000, 5000, 15_000, 30_000, 60_000, 60_000, 600_000, 600_000],
  )
})
