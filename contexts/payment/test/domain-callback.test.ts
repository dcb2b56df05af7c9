import { deepEqual, equal, throws } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { faultOf } from '@souk/kernel'
import fc from 'fast-check'
import { checkSignature } from '../src/channels/signature.ts'
import { parseCallback } from '../src/domain/callback.ts'

const now = new Date('2026-03-01T12:00:00.900Z')
const seconds = Math.floor(now.getTime() / 1000)
const event = {
  eventId: 'evt_1',
  type: 'payment.succeeded',
  paymentId: '0190a0b0-0000-7000-8000-000000000001',
  channelReference: 'sbx_1',
  amount: { currency: 'CNY', amount: 19900 },
  occurredAt: '2026-02-26T00:00:00.123Z',
}
const body = JSON.stringify(event)
const sign = (text: string, secret = 'new', t = seconds) =>
  createHmac('sha256', secret).update(`${t}.${text}`).digest('hex')
const header = (text = body, secret = 'new', t = seconds) => `t=${t},v1=${sign(text, secret, t)}`
const check = (text: string, signature: string, secrets = ['new', 'old']) =>
  checkSignature(Buffer.from(text), signature, now, secrets)

for (const [says, text, signature, expected] of [
  ['an honest callback', body, header(), undefined],
  ['one signed with the old secret during rotation', body, header(body, 'old'), undefined],
  ['two signatures, the second holds', body, `t=${seconds},v1=${sign(body, 'other')},v1=${sign(body)}`, undefined],
  ['two signatures, the first holds', body, `t=${seconds},v1=${sign(body)},v1=${sign(body, 'other')}`, undefined],
  ['blanks around the parts', body, `t=${seconds}, v1=${sign(body)}`, undefined],
  ['a scheme we do not know beside ours', body, `t=${seconds},v0=abc,v1=${sign(body)}`, undefined],
  ['300 s old', body, header(body, 'new', seconds - 300), undefined],
  ['300 s ahead', body, header(body, 'new', seconds + 300), undefined],
  ['301 s old', body, header(body, 'new', seconds - 301), 'stale'],
  ['301 s ahead', body, header(body, 'new', seconds + 301), 'stale'],
  ['no signature', body, '', 'missing'],
  ['only blanks', body, '  ', 'missing'],
  [
    'eight signatures, the last holds',
    body,
    `t=${seconds}${`,v1=${sign(body, 'other')}`.repeat(7)},v1=${sign(body)}`,
    undefined,
  ],
  ['a signature with something behind it', body, `${header()}0`, 'malformed'],
  ['a signature with something before it', body, header().replace('v1=', 'v1=0'), 'malformed'],
  ['a signature in capitals', body, header().toUpperCase().replace('T=', 't=').replace('V1=', 'v1='), 'malformed'],
  ['a time with a letter before it', body, header().replace('t=', 't=a'), 'malformed'],
  ['a time without digits', body, header().replace(/t=\d+/, 't='), 'malformed'],
  ['another secret', body, header(body, 'stolen'), 'mismatch'],
  ['a time that was changed', body, header().replace(`t=${seconds}`, `t=${seconds - 1}`), 'mismatch'],
  ['one byte changed', body.replace('19900', '19901'), header(), 'mismatch'],
  ['the same JSON written anew', JSON.stringify(event, null, 1), header(), 'mismatch'],
  ['a trailing newline', `${body}\n`, header(), 'mismatch'],
  ['no time', body, `v1=${sign(body)}`, 'malformed'],
  ['two times', body, `t=${seconds},t=${seconds},v1=${sign(body)}`, 'malformed'],
  ['no v1', body, `t=${seconds}`, 'malformed'],
  ['half a signature', body, `t=${seconds},v1=${sign(body).slice(0, 32)}`, 'malformed'],
  ['nine signatures', body, `t=${seconds}${`,v1=${sign(body)}`.repeat(9)}`, 'malformed'],
  ['a time that is no number', body, `t=1e9,v1=${sign(body)}`, 'malformed'],
  ['rubbish', body, '💳'.repeat(100), 'malformed'],
] as const)
  test(`signature: ${says} → ${expected ?? 'accepted'}`, () => equal(check(text, signature), expected))

test('a secret that was rotated out no longer counts', () => {
  equal(check(body, header(body, 'old'), ['new']), 'mismatch')
})

test('the bytes count, not the text: a body that is not UTF-8 can be signed and is told apart', () => {
  const raw = Buffer.from([0xff, 0x7b, 0x7d])
  const digest = createHmac('sha256', 'new').update(`${seconds}.`).update(raw).digest('hex')
  equal(checkSignature(raw, `t=${seconds},v1=${digest}`, now, ['new']), undefined)
  equal(checkSignature(Buffer.from(raw.toString()), `t=${seconds},v1=${digest}`, now, ['new']), 'mismatch')
})

test('no header made of the right pieces without our secret is accepted', () => {
  const piece = fc.constantFrom('t=', `${seconds}`, 'v1=', sign(body, 'stolen'), '0'.repeat(64), ',', '=', ' ', '0', '')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      equal(check(body, pieces.join('')) === undefined, false)
    }),
    { numRuns: 1000 },
  )
})

test('an event is read; what we do not know is nobody’s fault', () => {
  deepEqual(parseCallback(JSON.stringify({ ...event, riskScore: 3, nested: { 深: [1] } })), {
    eventId: event.eventId,
    type: event.type,
    paymentId: event.paymentId,
    amount: event.amount,
  })
})

const without = (field: string) => JSON.stringify({ ...event, [field]: undefined })
for (const [says, text, field] of [
  ['no JSON', '{"eventId":', ''],
  ['an empty body', '', ''],
  ['a list', '[]', ''],
  ['null', 'null', ''],
  ['a number', '7', ''],
  ['no event id', without('eventId'), 'eventId'],
  ['no type', without('type'), 'type'],
  ['no payment id', without('paymentId'), 'paymentId'],
  ['no channel reference', without('channelReference'), 'channelReference'],
  ['no amount', without('amount'), 'amount.currency'],
  ['no time', without('occurredAt'), 'occurredAt'],
  ['an event id that is a number', JSON.stringify({ ...event, eventId: 1 }), 'eventId'],
  ['an endless event id', JSON.stringify({ ...event, eventId: 'x'.repeat(201) }), 'eventId'],
  ['a NUL', JSON.stringify({ ...event, eventId: 'a\0b' }), 'eventId'],
  ['half a surrogate', `${body.slice(0, -1)},"eventId":"\\ud800"}`, 'eventId'],
  ['a type that is empty', JSON.stringify({ ...event, type: '' }), 'type'],
  ['an endless type', JSON.stringify({ ...event, type: 'x'.repeat(101) }), 'type'],
  ['an endless payment id', JSON.stringify({ ...event, paymentId: 'x'.repeat(65) }), 'paymentId'],
  ['an endless reference', JSON.stringify({ ...event, channelReference: 'x'.repeat(201) }), 'channelReference'],
  ['an amount that is null', JSON.stringify({ ...event, amount: null }), 'amount.currency'],
  ['a currency in a list', JSON.stringify({ ...event, amount: { currency: ['CNY'], amount: 1 } }), 'amount.currency'],
  [
    'a currency of four letters',
    JSON.stringify({ ...event, amount: { currency: 'CNYX', amount: 1 } }),
    'amount.currency',
  ],
  ['an amount as text', JSON.stringify({ ...event, amount: { currency: 'CNY', amount: '1' } }), 'amount.amount'],
  ['a broken amount', JSON.stringify({ ...event, amount: { currency: 'CNY', amount: 1.5 } }), 'amount.amount'],
  ['a negative amount', JSON.stringify({ ...event, amount: { currency: 'CNY', amount: -1 } }), 'amount.amount'],
  ['an amount beyond 2^53', body.replace('19900', '9007199254740993'), 'amount.amount'],
  [
    'a currency in small letters',
    JSON.stringify({ ...event, amount: { currency: 'cny', amount: 1 } }),
    'amount.currency',
  ],
  ['a time in words', JSON.stringify({ ...event, occurredAt: 'yesterday' }), 'occurredAt'],
] as const)
  test(`event with ${says} is refused`, () =>
    throws(
      () => parseCallback(text),
      (error) => faultOf(error)?.code === 'VALIDATION_FAILED' && faultOf(error)?.violations[0]?.field === field,
    ))

for (const [text, message] of [
  ['{', 'is not JSON'],
  ['[]', 'is not an object'],
  [without('type'), 'must be a text of 1 to 100 characters'],
  [JSON.stringify({ ...event, type: 'a\0b' }), 'must be plain text'],
  [JSON.stringify({ ...event, amount: { currency: 'cny', amount: 1 } }), 'must be three capitals'],
  [JSON.stringify({ ...event, amount: { currency: 'CNY', amount: -1 } }), 'must be a whole number of minor units'],
  [JSON.stringify({ ...event, occurredAt: 'now' }), 'must be an RFC 3339 time'],
] as const)
  test(`whoever sends a wrong event is told: ${message}`, () =>
    throws(
      () => parseCallback(text),
      (error) => faultOf(error)?.violations[0]?.message === message,
    ))

test('the longest words and no money at all are still an event', () => {
  const longest = {
    eventId: 'e'.repeat(200),
    type: 't'.repeat(100),
    paymentId: 'p'.repeat(64),
    amount: { currency: 'CNY', amount: 0 },
  }
  deepEqual(parseCallback(JSON.stringify({ ...event, ...longest, channelReference: 'r'.repeat(200) })), longest)
})

for (const [occurredAt, good] of [
  ['2026-02-26T00:00:00Z', true],
  ['2026-02-26T00:00:00.1Z', true],
  ['2026-02-26T08:00:00.123456+08:00', true],
  ['2026-02-26T00:00:00-05:30', true],
  ['2026-02-26T00:00:00', false],
  ['2026-02-26 00:00:00Z', false],
  ['2026-02-26T00:00Z', false],
  ['2026-02-26T00:00:00.Z', false],
  ['2026-02-26T00:00:00+8:00', false],
  ['2026-2-26T00:00:00Z', false],
  ['26-02-26T00:00:00Z', false],
  ['at 2026-02-26T00:00:00Z', false],
  ['2026-02-26T00:00:00Z or so', false],
] as const)
  test(`${occurredAt} is ${good ? 'a' : 'no'} RFC 3339 time`, () => {
    const read = () => parseCallback(JSON.stringify({ ...event, occurredAt }))
    if (good) equal(read().eventId, event.eventId)
    else throws(read, (error) => faultOf(error)?.violations[0]?.field === 'occurredAt')
  })

const card = '4111111111111111'
for (const [says, more] of [
  ['in a field we do not know', { note: `paid with ${card}` }],
  ['inside something nested', { source: { label: card } }],
  ['in the type', { type: card }],
] as const)
  test(`a card number ${says} is refused before anything else is looked at`, () =>
    throws(
      () => parseCallback(JSON.stringify({ ...event, ...more, amount: undefined })),
      (error) => faultOf(error)?.code === 'CARD_DATA_REFUSED',
    ))

test('ids that machines made may look like a card number', () => {
  for (const field of ['eventId', 'paymentId', 'refundId', 'channelReference'])
    equal(parseCallback(JSON.stringify({ ...event, [field]: card })).type, event.type, field)
  equal(parseCallback(JSON.stringify({ ...event, occurredAt: `2026-02-26T00:00:00.${card}Z` })).type, event.type)
})
