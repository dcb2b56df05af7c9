import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, refusal } from './harness.ts'

test('a refused token is renewed once, for all who wait, and the call repeated with the new one', async (t) => {
  let token = 'old'
  let renewals = 0
  const { seen, client } = await open(
    t,
    ({ headers }) => (headers.authorization === 'Bearer new' ? { body: { id: 'u' } } : { status: 401 }),
    {
      getAccessToken: () => token,
      refresh: async () => {
        renewals += 1
        await new Promise((resolve) => setTimeout(resolve, 30))
        token = 'new'
        return true
      },
    },
  )
  const users = await Promise.all([client.account.getMe(), client.account.getMe(), client.account.getMe()])
  assert.deepEqual(
    users.map(({ id }) => id),
    ['u', 'u', 'u'],
  )
  assert.equal(renewals, 1)
  assert.equal(seen.length, 6)
})

test('a token refused twice, or that cannot be renewed, is the caller’s problem', async (t) => {
  let renewed = true
  const { seen, client } = await open(t, () => ({ status: 401, body: { code: 'UNAUTHENTICATED' } }), {
    getAccessToken: async () => 't',
    refresh: async () => renewed,
  })
  assert.equal((await refusal(client.account.getMe())).code, 'UNAUTHENTICATED')
  assert.equal(seen.length, 2)
  renewed = false
  assert.equal((await refusal(client.account.getMe())).code, 'UNAUTHENTICATED')
  assert.equal(seen.length, 3)
})

test('signing in and renewing send no token and never ask for a renewal', async (t) => {
  let renewals = 0
  const { seen, client } = await open(t, () => ({ status: 401 }), {
    session: 'cookie',
    getAccessToken: () => 'old',
    refresh: async () => {
      renewals += 1
      return true
    },
  })
  await refusal(client.auth.login({ email: 'a@b.cn', password: 'x' }))
  await refusal(client.auth.refresh())
  assert.equal(renewals, 0)
  assert.deepEqual(
    seen.map(({ headers }) => [headers.authorization, headers['x-souk-session']]),
    [
      [undefined, 'cookie'],
      [undefined, 'cookie'],
    ],
  )
  await refusal(client.auth.logout())
  assert.equal(renewals, 1)
})

test('a guest’s cart token travels in headers and is kept', async (t) => {
  let kept: string | undefined
  const cartToken = {
    read: () => kept,
    write: (token: string) => {
      kept = token
    },
  }
  const { seen, client } = await open(
    t,
    (_, count) => ({ headers: count === 1 ? { 'x-cart-token': 'guest-1' } : undefined, body: { lines: [] } }),
    { cartToken },
  )
  assert.equal((await client.cart.addItem({ skuId: 'a', quantity: 1 })).cartToken, 'guest-1')
  assert.equal((await client.cart.getCart()).cartToken, '')
  await client.cart.mergeCart({ cartToken: 'another' })
  assert.deepEqual(
    seen.map(({ headers }) => headers['x-cart-token']),
    [undefined, 'guest-1', 'another'],
  )
  assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), { skuId: 'a', quantity: 1 })
  assert.equal(kept, 'guest-1')
})
