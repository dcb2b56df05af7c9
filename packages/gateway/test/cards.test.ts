import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriesCard, holdsCard, namesCard } from '@souk/kernel'
import fc from 'fast-check'
import { headersCarryCard } from '../src/input/cards.ts'
import { asStaff, asUser, openShop, problem } from './harness.ts'
import { sampleAnswer } from './samples.ts'

const cards = [
  ['Visa', '4111111111111111'],
  ['Visa of 13 digits', '4222222222222'],
  ['Mastercard', '5555555555554444'],
  ['Mastercard of the second series', '2223003122003222'],
  ['American Express', '378282246310005'],
  ['Discover', '6011111111111117'],
  ['Diners Club', '30569309025904'],
  ['JCB', '3530111333300000'],
  ['UnionPay', '6200000000000005'],
  ['UnionPay of 19 digits', '6205500000000000004'],
  ['Maestro', '6759649826438453'],
] as const

for (const [network, number] of cards) test(`${network} is found`, () => assert.ok(holdsCard(number)))

for (const [says, text] of [
  ['in groups of four', '4111 1111 1111 1111'],
  ['with dashes', '4111-1111-1111-1111'],
  ['with other dashes', '4111–1111–1111–1111'],
  ['with dots', '4111.1111.1111.1111'],
  ['with no-break spaces', '4111\u00a01111\u00a01111\u00a01111'],
  ['in groups of four, six, five', '3782 822463 10005'],
  ['in full-width digits', '４１１１１１１１１１１１１１１１'],
  ['inside a sentence', 'please charge 4111111111111111, thanks'],
  ['after another number', 'order 12 card 4111 1111 1111 1111 cvv 123'],
  ['right behind another number', '12 4111111111111111 34'],
  ['glued to Chinese', '卡号4111111111111111谢谢'],
  ['glued to a word', 'visa4111111111111111'],
] as const)
  test(`a card number is found ${says}`, () => assert.ok(holdsCard(text)))

for (const [says, text] of [
  ['one digit off', '4111111111111112'],
  ['too long', '41111111111111111111111'],
  ['of no network', '9111111111111111'],
  ['a time in milliseconds', '1790000000000'],
  ['a time', '2026-11-21T09:48:52.123456789Z'],
  ['an id whose digits look like one', '41111111-1111-4111-8111-111111111111'],
  ['a hash whose digits look like one', '4111111111111111a4111111111111111b4111111111111111c4111111111111'],
  ['numbers in a sentence', 'between 5 10 15 20 25 30 35 40 and 45 50 55 60'],
  ['a phone', '+86 138 0000 0000'],
  ['nothing', ''],
] as const)
  test(`no card number: ${says}`, () => assert.ok(!holdsCard(text)))

test('ids and page tokens are never taken for cards', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => !holdsCard(id)),
    { numRuns: 5_000 },
  )
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 12, maxLength: 64 }),
      (bytes) => !holdsCard(`a${Buffer.from(bytes).toString('hex')}`),
    ),
    { numRuns: 2_000 },
  )
})

test('a long text is read once, not again and again', () => {
  for (const filler of ['4111 1111 ', '1', '1-', '4 ', '.1', ' 1111'])
    assert.equal(typeof holdsCard(filler.repeat(200_000 / filler.length)), 'boolean')
})

test('names of card fields are known in any spelling', () => {
  for (const name of [
    'credit_card_number',
    'creditCardNumber',
    'cardNumber',
    'card_no',
    'CVV',
    'cvc2',
    'credit_card_cvv',
    'pan',
    'cardSecurityCode',
  ])
    assert.ok(namesCard(name), name)
  for (const name of [
    'number',
    'card',
    'cardId',
    'company',
    'panel',
    'discardNumbers',
    'note',
    'creditCardExpirationYear',
  ])
    assert.ok(!namesCard(name), name)
})

test('values are searched to the bottom, exempt paths left out', () => {
  const pan = '4111111111111111'
  const exempt = new Set(['skus.barcode'])
  assert.ok(carriesCard({ skus: [{ name: 'x' }, { code: pan }] }, exempt))
  assert.ok(!carriesCard({ skus: [{ barcode: pan }] }, exempt))
  assert.ok(carriesCard({ barcode: pan }, exempt))
  assert.ok(carriesCard({ attributes: { [pan]: 'x' } }, exempt))
  assert.ok(carriesCard({ cvv: 123 }, exempt))
  assert.ok(!carriesCard({ cvv: '', cardNumber: null }, exempt))
  assert.ok(!carriesCard({ amount: 4_111_111_111_111_111 }, exempt))
})

test('headers are searched, secrets and machine-made ones left out', () => {
  assert.ok(headersCarryCard(['User-Agent', 'me 4111 1111 1111 1111']))
  assert.ok(headersCarryCard(['Idempotency-Key', '4111111111111111']))
  assert.ok(
    !headersCarryCard([
      'Authorization',
      'Bearer 4111111111111111',
      'User-Agent',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    ]),
  )
})

const pan = '4111111111111111'
for (const [says, send] of [
  ['in a note', { path: '/v1/orders/prepare', body: { note: `card ${pan}` } }],
  ['in a field that does not exist', { path: '/v1/orders/prepare', body: { creditCard: { creditCardNumber: pan } } }],
  ['as a name', { path: '/v1/orders/prepare', body: { [pan]: 1 } }],
  [
    'as a number in the flat checkout',
    { path: '/checkout', body: { credit_card: { credit_card_number: 4_111_111_111_111_111 } } },
  ],
  ['as a CVV alone', { path: '/checkout', body: { credit_card: { credit_card_cvv: 123 } } }],
  ['in an idempotency key', { path: '/v1/orders', body: {}, headers: { 'idempotency-key': pan } }],
  [
    'in the device name',
    { path: '/v1/auth/login', body: { email: 'a@b.cn', password: 'x' }, headers: { 'user-agent': `phone ${pan}` } },
  ],
  ['in a path', { path: `/v1/orders/${pan}/cancel`, body: {}, headers: { 'idempotency-key': 'k' } }],
] as const) {
  test(`a card number ${says} is refused and kept nowhere`, async (t) => {
    const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
    const answer = await shop.post(send.path, send.body, {
      ...asUser('anna'),
      ...('headers' in send ? send.headers : {}),
    })
    const text = await answer.clone().text()
    assert.equal((await problem(answer)).code, 'CARD_DATA_REFUSED', text)
    assert.equal(answer.status, 422)
    assert.equal(shop.calls.length, 0)
    await shop.gateway.drain()
    assert.ok(shop.lines.length > 0)
    assert.ok(!`${text}${JSON.stringify(shop.lines)}`.includes(pan))
  })
}

test('a card number in a query is refused, also when the answer would be at hand', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  assert.equal((await shop.get(`/v1/products?q=${pan}`)).status, 422)
  for (let i = 0; i < 2; i++) assert.equal((await shop.get('/v1/products?q=pan')).status, 200)
  assert.equal((await shop.get('/v1/products?q=pan', { 'x-note': pan })).status, 422)
})

test('the sample of the flat checkout is refused for its card', async (t) => {
  const shop = await openShop(t)
  const answer = await shop.post(
    '/checkout',
    {
      user_id: 5,
      firstname: 'John',
      lastname: 'Doe',
      email: 'test@example.com',
      address: { street_address: '123 Main St', city: 'City', state: 'State', country: 'Country', zip_code: '12345' },
      credit_card: {
        credit_card_number: pan,
        credit_card_cvv: 123,
        credit_card_expiration_year: 2025,
        credit_card_expiration_month: 3,
      },
    },
    asUser('5'),
  )
  assert.equal((await problem(answer)).code, 'CARD_DATA_REFUSED')
})

test('digits that are something else by nature pass', async (t) => {
  const shop = await openShop(t, ({ entry }) => sampleAnswer(entry))
  const sku = { code: pan, barcode: pan, price: { currency: 'CNY', amount: 100 } }
  assert.equal((await shop.post('/v1/admin/products', { name: 'pan', skus: [sku] }, asStaff('catalog'))).status, 201)
  const flat = { name: 'pan', skus: [{ ...sku, initial_stock: 1 }] }
  assert.equal((await shop.post('/product/create', flat, asStaff('catalog'))).status, 201)
  assert.equal(
    (await shop.post('/v1/admin/shipments/s/ship', { carrier: 'sf', trackingNumber: pan }, asStaff('warehouse')))
      .status,
    200,
  )
})
