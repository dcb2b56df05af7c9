import { equal, notEqual } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { createServiceTokens } from '../src/auth/service-token.ts'

const secret = 'one installation'
const cart = () => createServiceTokens(secret, 'cart')
const order = () => createServiceTokens(secret, 'order')

test('a token names its caller to the one callee it was made for, as often as it is shown', async () => {
  const { verify } = order()
  const token = await cart().issue('order')
  for (let shown = 0; shown < 2; shown++) {
    equal(await verify(token, 'order'), 'cart')
    equal(await verify(token, 'payment'), undefined)
  }
  equal(await createServiceTokens('another installation', 'order').verify(token, 'order'), undefined)
  equal(await verify('', 'order'), undefined)
})

test('a token is good for five minutes, remembered or not; its caller makes a new one a minute before', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000_000 })
  const [caller, callee] = [cart(), order()]
  const token = await caller.issue('order')
  notEqual(await caller.issue('payment'), token)
  equal(await callee.verify(token, 'order'), 'cart')
  t.mock.timers.tick(239_999)
  equal(await caller.issue('order'), token)
  t.mock.timers.tick(1)
  notEqual(await caller.issue('order'), token)
  t.mock.timers.tick(59_999)
  for (const { verify } of [callee, order()]) equal(await verify(token, 'order'), 'cart')
  t.mock.timers.tick(1)
  for (const { verify } of [callee, order()]) equal(await verify(token, 'order'), undefined)
})

const header = { alg: 'HS256', typ: 'souk-service+jwt' }
const claims = { iss: 'cart', aud: 'order', exp: Math.floor(Date.now() / 1000) + 60 }
const key = createHash('sha256').update(secret).digest()

for (const [says, head, body, expected] of [
  ['made like ours', {}, {}, 'cart'],
  ['of another kind', { typ: 'at+jwt' }, {}, undefined],
  ['of no kind', { typ: undefined }, {}, undefined],
  ['of another algorithm', { alg: 'HS512' }, {}, undefined],
  ['without a caller', {}, { iss: undefined }, undefined],
  ['without an end', {}, { exp: undefined }, undefined],
] as const)
  test(`a token ${says}, signed with our secret, ${expected ? 'is taken' : 'is refused, also the second time'}`, async () => {
    const content = JSON.parse(JSON.stringify({ ...claims, ...body }))
    const token = await new SignJWT(content).setProtectedHeader({ ...header, ...head }).sign(key)
    const { verify } = order()
    for (let shown = 0; shown < 2; shown++) equal(await verify(token, 'order'), expected)
  })
