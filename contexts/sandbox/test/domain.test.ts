import { deepEqual, equal, notDeepEqual } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { ChargeStatus } from '@souk/contract/sandbox'
import fc from 'fast-check'
import { mayPlay, mayVoid, type Outcome, outcomes, plan, resendAfterMs } from '../src/domain.ts'
import { renderPage } from '../src/page.ts'
import { signatureOf } from '../src/sign.ts'

const price = { currency: 'CNY', amount: 19900 }

for (const [outcome, status, told] of [
  ['SUCCESS', 'SUCCEEDED', 'succeeded'],
  ['DECLINE', 'FAILED', 'failed'],
  ['PENDING', 'PENDING', ''],
  ['DELAY', 'PENDING', ''],
  ['DUPLICATE', 'SUCCEEDED', 'succeeded×3'],
  ['REORDER', 'SUCCEEDED', 'succeeded failed'],
  ['WRONG_AMOUNT', 'SUCCEEDED', 'succeeded'],
  ['WRONG_CURRENCY', 'SUCCEEDED', 'succeeded'],
  ['LOST_REPLY', 'SUCCEEDED', ''],
  ['DECLINE_AFTER_SUCCESS', 'SUCCEEDED', 'succeeded failed'],
] as const)
  for (const subject of ['payment', 'refund'] as const)
    test(`${outcome} of a ${subject} is ${status} and tells [${told}]`, () => {
      const verdict = plan(subject, outcome, price, 3)
      equal(verdict.status, status)
      equal(verdict.moved !== undefined, status === 'SUCCEEDED')
      const words = verdict.announcements.map(
        ({ type, copies }) => `${type.slice(subject.length + 1)}${copies > 1 ? `×${copies}` : ''}`,
      )
      equal(words.join(' '), told)
      equal(verdict.decideAfterMs, outcome === 'DELAY' ? 3000 : undefined)
    })

test('the late report of REORDER claims to be older, that of DECLINE_AFTER_SUCCESS younger than the success', () => {
  const second = (outcome: Outcome) => plan('payment', outcome, price, 0).announcements[1]!
  equal(second('REORDER').occurredMs < 0 && second('REORDER').afterMs > 0, true)
  equal(second('DECLINE_AFTER_SUCCESS').occurredMs > 0 && second('DECLINE_AFTER_SUCCESS').afterMs > 0, true)
})

test('a wrong charge really takes wrong money, a wrong refund only says so', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.constantFrom('CNY', 'USD', 'JPY'), (amount, currency) => {
      const asked = { currency, amount }
      for (const outcome of ['WRONG_AMOUNT', 'WRONG_CURRENCY'] as const) {
        const charge = plan('payment', outcome, asked, 0)
        notDeepEqual(charge.moved, asked)
        deepEqual(charge.announcements[0]!.amount, charge.moved)
        equal(charge.moved!.amount > 0, true)
        const refund = plan('refund', outcome, asked, 0)
        deepEqual(refund.moved, asked)
        notDeepEqual(refund.announcements[0]!.amount, asked)
      }
    }),
  )
})

const statuses: ChargeStatus[] = ['OPEN', 'PENDING', 'SUCCEEDED', 'FAILED', 'VOIDED']
for (const status of statuses)
  for (const outcome of [undefined, ...outcomes])
    test(`a charge ${status} after ${outcome ?? 'nothing'}`, () => {
      const open = status === 'OPEN' || (status === 'PENDING' && outcome === 'PENDING')
      equal(mayPlay({ status, outcome }), open)
      equal(mayVoid({ status, outcome }), open)
    })

test('tries grow apart: 1 s, 5 s, 30 s, 2 min, 10 min, then hourly', () => {
  deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 70].map(resendAfterMs),
    [1000, 5000, 30_000, 120_000, 600_000, 3_600_000, 3_600_000, 3_600_000],
  )
})

test('the first secret signs the exact bytes with the time of sending', () => {
  const at = new Date('2026-01-02T03:04:05.678Z')
  const body = '{"订单":"一"}'
  const digest = createHmac('sha256', 'new').update(`1767323045.${body}`).digest('hex')
  equal(signatureOf(body, at, ['new', 'old']), `t=1767323045,v1=${digest}`)
})

const content = {
  amount: price,
  description: 'Order S-1',
  returnUrl: 'https://shop.example/pay/1/return',
  status: 'OPEN',
  refundOutcome: 'SUCCESS',
  playable: true,
} as const

test('the page speaks both languages and offers every outcome', () => {
  const page = renderPage(content, 'en')
  for (const outcome of outcomes) equal(page.includes(`value="${outcome}"`), true, outcome)
  equal(page.includes('CN¥199.00'), true)
  const chinese = renderPage(content, 'zh-CN')
  equal(chinese.includes('lang="zh-CN"') && chinese.includes('沙箱支付') && chinese.includes('¥199.00'), true)
  equal(renderPage({ ...content, amount: { currency: 'JPY', amount: 500 } }, 'en').includes('¥500<'), true)
})

test('nothing from outside becomes markup, and only http addresses become links', () => {
  const hostile = `"><script>alert('x')</script>`
  const page = renderPage({ ...content, description: hostile, returnUrl: `https://a/${hostile}` }, 'en')
  equal(page.includes(hostile), false)
  equal(page.match(/<script>/g)?.length, 1)
  equal(renderPage({ ...content, returnUrl: 'javascript:alert(1)' }, 'en').includes('javascript:'), false)
})

test('a decided charge shows its state and no buttons', () => {
  const page = renderPage({ ...content, status: 'SUCCEEDED', playable: false }, 'en')
  equal(page.includes('<form'), false)
  equal(page.includes('Paid'), true)
})
