import { randomUUID } from 'node:crypto'
import { type Api, address, createProduct, must, registerBuyer, signIn, until } from '../tests/api.ts'
import type { System } from '../tests/system.ts'
import type { Answer, Lane, Shot } from './lane.ts'
import type { Work } from './load.ts'

/** A stocked shop with buyers, and what they do, as requests ready to be sent. */
export type Shop = {
  admin: Api
  list: Shot
  detail: Shot
  page: Shot
  addToCart: Work
  place: Work
  /** An order of the n-th buyer is paid, or cancelled; see `payable`. */
  pay(lane: Lane, n: number, orderId: string): Promise<Answer>
  cancel(lane: Lane, n: number, orderId: string): Promise<Answer>
  /** Orders that wait for their payment. */
  payable(count: number): Promise<string[]>
  /** Waits until every callback has been applied. */
  captured(): Promise<void>
  buyOne: (skuId: string) => Work
  /** Everybody signs in again; tokens live ten minutes. */
  signInAgain(): Promise<void>
}

const buyers = 50
const goods = 100

const json = (verb: string, path: string, token: string, body: string): Shot => ({
  verb,
  path,
  body,
  headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
})

/** Payment and the sandbox's page, one after the other; the callback follows by itself. */
const payOne = async (lane: Lane, token: string, orderId: string): Promise<Answer> => {
  const made = await lane.send(json('POST', '/v1/payments', token, JSON.stringify({ orderId, method: 'sandbox' })))
  if (made.status !== 201) return made
  const { pathname } = new URL(JSON.parse(made.body).redirectUrl)
  return lane.send({ verb: 'POST', path: pathname, body: '{"outcome":"SUCCESS"}' })
}

/** Products to sell and people to buy them. */
const fill = async (system: System) => {
  const admin = await signIn(system.base, system.admin.email, system.admin.password)
  const products = []
  for (let i = 0; i < goods; i++) products.push(await createProduct(admin, { stock: 10_000_000, price: 9900 }))
  const people: Awaited<ReturnType<typeof registerBuyer>>[] = []
  for (let i = 0; i < buyers; i++) people.push(await registerBuyer(system.base))
  return { admin, products, people }
}

export const stockShop = async (system: System): Promise<Shop> => {
  const { admin, products, people } = await fill(system)
  const token = (n: number) => people[n % buyers]!.token!
  const wishes = products.map(({ skuIds }) => JSON.stringify({ lines: [{ skuId: skuIds[0], quantity: 1 }], address }))
  const items = products.map(({ skuIds }) => JSON.stringify({ skuId: skuIds[0], quantity: 1 }))
  const place: Work = (lane, n) => lane.send(json('POST', '/v1/orders', token(n), wishes[n % goods]!))
  return {
    admin,
    list: { verb: 'GET', path: '/v1/products?pageSize=20' },
    detail: { verb: 'GET', path: `/v1/products/${products[0]!.slug}` },
    page: { verb: 'GET', path: `/v1/products/${products[0]!.slug}/page` },
    addToCart: (lane, n) => lane.send(json('POST', '/v1/cart/items', token(n), items[n % goods]!)),
    place,
    payable: async (count) => {
      const ids: string[] = []
      let next = 0
      await Promise.all(
        Array.from({ length: 32 }, async () => {
          while (next < count) {
            const n = next++
            const buyer = people[n % buyers]!
            ids[n] = must(await buyer.post('/v1/orders', JSON.parse(wishes[n % goods]!)), 201).id
          }
        }),
      )
      return ids
    },
    pay: (lane, n, orderId) => payOne(lane, token(n), orderId),
    cancel: (lane, n, orderId) => lane.send(json('POST', `/v1/orders/${orderId}/cancel`, token(n), '{}')),
    captured: async () => {
      const open = async () => must(await admin.get('/v1/admin/payments?status=PROCESSING&pageSize=1'), 200).payments
      await until(open, (payments) => payments.length === 0, 60_000)
    },
    buyOne: (skuId) => (lane, n) =>
      lane.send(json('POST', '/v1/orders', token(n), JSON.stringify({ lines: [{ skuId, quantity: 1 }], address }))),
    signInAgain: async () => {
      admin.token = (await signIn(system.base, system.admin.email, system.admin.password)).token
      for (const buyer of people) buyer.token = (await signIn(system.base, buyer.email, buyer.password)).token
    },
  }
}
