import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Api, address, createApi, createProduct, must, playSandbox, signIn, until } from '../api.ts'
import { withDatabase } from '../database.ts'
import { refusedWith } from '../problem.ts'
import { type System, shapes, startSystem } from '../system.ts'
import { tracesOf } from '../traces.ts'

const canary = (name: string) => `canary-${name}-${randomBytes(12).toString('hex')}`
const card = '4111111111111111'
/** The part of a token that nothing else has in common with it. */
const signatureOf = (token: string) => token.split('.').at(-1)!

for (const shape of shapes)
  describe(`secrets leave no trace, ${shape}`, () => {
    let system: System
    let admin: Api
    const password = canary('password')
    const wrong = canary('wrong')
    const sandboxSecret = canary('sandbox')
    const adminPassword = canary('admin')
    /** What must be nowhere, by name. */
    const secrets = new Map<string, string>()

    before(async () => {
      system = await startSystem(shape, {
        env: {
          // Everything that could be said is said, so that silence means something.
          SOUK_LOG_LEVEL: 'debug',
          SOUK_SANDBOX_SECRET: sandboxSecret,
          SOUK_ADMIN_PASSWORD: adminPassword,
        },
      })
      admin = await signIn(system.base, system.admin.email, adminPassword)
      secrets
        .set('the password', password)
        .set('a wrong password', wrong)
        .set('the sandbox secret', sandboxSecret)
        .set("the administrator's password", adminPassword)
        .set("the administrator's token", signatureOf(admin.token!))
        .set('a card number', card)
    })
    after(() => system?.remove())

    const enter = async (email: string): Promise<Api> => {
      const buyer = createApi(system.base)
      const registered = must(await buyer.post('/v1/auth/register', { email, password }), 201)
      refusedWith(await buyer.post('/v1/auth/login', { email, password: wrong }), 'CREDENTIALS_REFUSED', 'wrong')
      const first = must(await buyer.post('/v1/auth/login', { email, password }), 200)
      const second = must(await buyer.post('/v1/auth/refresh', { refreshToken: first.refreshToken }), 200)
      buyer.token = second.accessToken
      must(await buyer.post('/v1/auth/step-up', { password }), 200)
      refusedWith(await buyer.post('/v1/auth/refresh', { refreshToken: wrong }), 'UNAUTHENTICATED', 'of nobody')
      for (const [name, issued] of Object.entries({ registered, first, second })) {
        secrets.set(`the refresh token ${name}`, issued.refreshToken)
        secrets.set(`the access token ${name}`, signatureOf(issued.accessToken))
      }
      return buyer
    }

    const purchase = async (buyer: Api): Promise<string> => {
      const { skuIds } = await createProduct(admin)
      const guest = createApi(system.base)
      const added = await guest.post('/v1/cart/items', { skuId: skuIds[0], quantity: 1 })
      buyer.cartToken = added.headers.get('x-cart-token')!
      secrets.set('the cart token', buyer.cartToken)
      must(await buyer.post('/v1/cart/merge'), 200)
      const wish = { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address }
      refusedWith(await buyer.post('/v1/orders', { ...wish, note: card }), 'CARD_DATA_REFUSED', 'a card')
      const order = must(await buyer.post('/v1/orders', wish), 201)
      const payment = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
      must(await playSandbox(system.base, payment.redirectUrl, 'SUCCESS'), 200)
      await until(
        () => buyer.get(`/v1/orders/${order.id}`),
        ({ body }) => body.status === 'ALLOCATED',
      )
      must(await admin.post(`/v1/payments/${payment.id}/refund`, { reason: 'all of it' }), 201)
      return order.id
    }

    test('a whole purchase, and every way to hand a secret over, rightly and wrongly', async () => {
      const buyer = await enter('canary@example.com')
      await purchase(buyer)
      const key = must(await admin.post('/v1/admin/api-keys', { name: 'canary', scopes: ['order:read'] }), 201)
      secrets.set('the API key', key.secret)
      must(await createApi(system.base, key.secret).get('/v1/admin/orders'), 200)
      const staff = { email: 'staff@example.com', password, roles: ['support'] }
      must(await admin.post('/v1/admin/staff', staff), 201)
      const misplaced = canary('misplaced')
      secrets.set('a secret in the wrong place', misplaced)
      for (const [path, body] of [
        ['/v1/auth/login', { email: misplaced, password: misplaced, token: misplaced }],
        ['/v1/auth/refresh', { refreshToken: misplaced, [misplaced]: misplaced }],
        [`/v1/orders/${misplaced}/cancel`, { reason: misplaced }],
        ['/v1/payments/callbacks/sandbox', { eventId: misplaced }],
      ] as const)
        await buyer.post(path, body, {
          'souk-signature': misplaced,
          cookie: `a=${misplaced}`,
          authorization: misplaced,
        })
      await buyer.get(`/v1/products?q=${misplaced}`, { authorization: `Bearer ${misplaced}` })
      must(await buyer.post('/v1/auth/logout'), 204)
    })

    test('no table, no file, no line and no metric holds any of them', async () => {
      assert.ok(secrets.size >= 14)
      const nameOf = new Map([...secrets].map(([name, text]) => [text, name]))
      const found = await tracesOf(system, [...nameOf.keys()])
      assert.deepEqual(
        found.map((trace) => [...nameOf].reduce((said, [text, name]) => said.replaceAll(text, name), trace)),
        [],
      )
    })

    test('one that is planted is found, wherever it is', async () => {
      const planted = canary('planted')
      assert.deepEqual(await tracesOf(system, [planted]), [])
      await withDatabase(system, async (client) => {
        await client.query('create table souk_order.planted (a text, b jsonb, c bytea)')
        for (const column of ['a', 'b', 'c']) {
          await client.query('truncate souk_order.planted')
          const value = { a: planted, b: JSON.stringify({ deep: [planted] }), c: Buffer.from(planted) }[column]
          await client.query(`insert into souk_order.planted (${column}) values ($1)`, [value])
          assert.ok((await tracesOf(system, [planted])).includes(`souk_order.planted: ${planted}`), column)
        }
        await client.query('drop table souk_order.planted')
      })
      const file = join(system.dataDir, `${randomUUID()}.txt`)
      await writeFile(file, `before ${planted} after`)
      const server = createServer((_, answer) => answer.end(`metric{label="${planted}"} 1`)).listen(0, '127.0.0.1')
      await new Promise((listening) => server.once('listening', listening))
      const ops = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const found = await tracesOf({ ...system, ops, output: () => `a line with ${planted}` }, [planted])
      server.close()
      for (const place of [file, 'output', 'metrics']) assert.ok(found.includes(`${place}: ${planted}`), place)
    })
  })
