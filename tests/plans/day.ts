import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Api, address, cny, createApi, createProduct, must, playSandbox, registerBuyer, until } from '../api.ts'
import { writeCsv } from '../csv.ts'
import { withDatabase } from '../database.ts'
import type { System } from '../system.ts'

export type Shop = { system: System; admin: Api; skuId: string }

const wishFor = (skuId: string) => ({ lines: [{ skuId, quantity: 1 }], address })

export const placeOne = async (buyer: Api, skuId: string) => must(await buyer.post('/v1/orders', wishFor(skuId)), 201)

const all = async (api: Api, paths: readonly string[]): Promise<void> => {
  for (const path of paths) must(await api.get(path), 200)
}

const inStatus = (buyer: Api, id: string, status: string) =>
  until(
    () => buyer.get(`/v1/orders/${id}`),
    ({ body }) => body.status === status,
  )

const paid = async ({ system, skuId }: Shop, buyer: Api) => {
  const order = await placeOne(buyer, skuId)
  const payment = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
  must(await playSandbox(system.base, payment.redirectUrl, 'SUCCESS'), 200)
  await inStatus(buyer, order.id, 'ALLOCATED')
  return { order, payment }
}

const parcelOf = async (admin: Api, orderId: string) =>
  (
    await until(
      async () => must(await admin.get(`/v1/admin/shipments?orderId=${orderId}`), 200),
      (page) => page.shipments.length > 0,
    )
  ).shipments[0]

const sendParcel = async (admin: Api, orderId: string): Promise<void> => {
  const { id } = await parcelOf(admin, orderId)
  must(await admin.post(`/v1/admin/shipments/${id}/ship`, { carrier: 'SF', trackingNumber: 'SF1234567890' }), 200)
  must(await admin.post(`/v1/admin/shipments/${id}/deliver`), 200)
}

/** A buyer looks around, fills a cart, buys, asks again, cancels another order. */
const buying = async (shop: Shop): Promise<void> => {
  const { system, admin, skuId } = shop
  const buyer = await registerBuyer(system.base)
  const guest = createApi(system.base)
  const { refreshToken } = must(
    await buyer.post('/v1/auth/login', { email: buyer.email, password: buyer.password }),
    200,
  )
  must(await buyer.post('/v1/auth/refresh', { refreshToken }), 200)
  const { products } = must(await guest.get('/v1/products?pageSize=100'), 200)
  await all(guest, [
    `/v1/products/${products[0].slug}`,
    `/v1/products/${products[0].id}/page`,
    `/v1/inventory/${skuId}`,
  ])
  const added = await guest.post('/v1/cart/items', { skuId, quantity: 1 })
  buyer.cartToken = added.headers.get('x-cart-token') ?? undefined
  must(await buyer.post('/v1/cart/merge'), 200)
  must(await buyer.patch(`/v1/cart/items/${skuId}`, { quantity: 2 }), 200)
  must(await buyer.post('/v1/cart/quote', {}), 200)
  const prepared = must(await buyer.post('/v1/orders/prepare', { fromCart: true, address }), 201)
  const key = { 'idempotency-key': `day ${prepared.preparationId}` }
  const body = { preparationId: prepared.preparationId }
  const order = must(await buyer.post('/v1/orders', body, key), 201)
  must(await buyer.post('/v1/orders', body, key), 201)
  const failing = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
  must(await playSandbox(system.base, failing.redirectUrl, 'DECLINE'), 200)
  await until(
    () => buyer.get(`/v1/payments/${failing.id}`),
    ({ body }) => body.status === 'FAILED',
  )
  const payment = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
  must(await playSandbox(system.base, payment.redirectUrl, 'SUCCESS'), 200)
  await inStatus(buyer, order.id, 'ALLOCATED')
  await all(buyer, [
    '/v1/orders',
    '/v1/orders?status=PAID',
    `/v1/orders/${order.id}/page`,
    `/v1/payments?orderId=${order.id}`,
  ])
  await all(admin, [
    `/v1/admin/orders?q=${order.number}`,
    `/v1/admin/orders?buyerId=${buyer.userId}`,
    `/v1/admin/orders?buyerId=${buyer.userId}&status=ALLOCATED`,
    `/v1/admin/orders/${order.id}`,
    `/v1/admin/payments?orderId=${order.id}`,
    `/v1/admin/payments/cases?orderId=${order.id}`,
    `/v1/admin/payments/cases?closed=true&orderId=${order.id}`,
  ])
  await sendParcel(admin, order.id)
}

/** Orders that end otherwise than bought and kept. */
const undoing = async (shop: Shop): Promise<void> => {
  const { system, admin, skuId } = shop
  const buyer = await registerBuyer(system.base)
  const unpaid = await placeOne(buyer, skuId)
  must(await buyer.post(`/v1/orders/${unpaid.id}/cancel`), 200)
  const first = await paid(shop, buyer)
  must(await admin.post(`/v1/admin/orders/${first.order.id}/cancel`, { reason: 'the shop has none' }), 200)
  await inStatus(buyer, first.order.id, 'CANCELLED')
  const second = await paid(shop, buyer)
  for (const refund of [{ amount: cny(100) }, {}])
    must(await admin.post(`/v1/payments/${second.payment.id}/refund`, { ...refund, reason: 'goodwill' }), 201)
  await until(
    () => admin.get(`/v1/admin/orders/${second.order.id}`),
    ({ body }) => body.paymentStatus === 'REFUNDED',
  )
  const courier = await placeOne(buyer, skuId)
  must(await buyer.post('/v1/payments', { orderId: courier.id, method: 'pay_on_delivery' }), 201)
  await inStatus(buyer, courier.id, 'ALLOCATED')
  await sendParcel(admin, courier.id)
  const amount = courier.total
  must(await admin.post(`/v1/admin/orders/${courier.id}/record-payment`, { amount }), 200)
  const late = await placeOne(buyer, skuId)
  must(await buyer.post('/v1/payments', { orderId: late.id, method: 'sandbox' }), 201)
  const left = must(await buyer.post('/v1/orders/prepare', wishFor(skuId)), 201)
  await withDatabase(system, async (client) => {
    const deadline = "update souk_order.timer set due_at = now() where kind = 'order.payment' and aggregate_id = $1"
    await client.query(deadline, [late.id])
    const past = 'update souk_inventory.hold set expires_at = now(), check_at = now() where order_id = $1'
    await client.query(past, [left.preparationId])
  })
  await inStatus(buyer, late.id, 'CANCELLED')
}

/** Every list that visitors may ask for. */
const browsing = async ({ system, admin }: Shop): Promise<void> => {
  const name = `Shelf ${randomUUID().slice(0, 8)}`
  const parent = must(await admin.post('/v1/admin/categories', { name }), 201)
  const child = must(await admin.post('/v1/admin/categories', { name: `${name} below`, parentId: parent.id }), 201)
  const other = must(await admin.post('/v1/admin/categories', { name: `${name} beside` }), 201)
  const { id, version } = await createProduct(admin)
  const brand = name.replaceAll(' ', '')
  must(await admin.patch(`/v1/admin/products/${id}`, { version, brand, categoryIds: [child.id] }), 200)
  must(await admin.patch(`/v1/admin/categories/${child.id}`, { parentId: other.id }), 200)
  const guest = createApi(system.base)
  await until(
    async () => must(await guest.get(`/v1/products?categoryId=${other.slug}`), 200),
    ({ products }) => products.length === 1,
  )
  for (const sort of ['newest', 'price', '-price', 'name'])
    for (const query of [
      '',
      'pageSize=5',
      'q=thing',
      'q=no-such-words',
      `categoryId=${other.id}`,
      `brandId=${brand}`,
      `categoryId=${other.id}&brandId=${brand}`,
      `categoryId=${other.id}&q=thing`,
      'minPrice=1000&maxPrice=100000',
      'minPrice=100000',
    ]) {
      const first = must(await guest.get(`/v1/products?sort=${sort}&${query}`), 200)
      if (first.nextPageToken)
        must(await guest.get(`/v1/products?sort=${sort}&${query}&pageToken=${first.nextPageToken}`), 200)
    }
  must(await guest.get('/v1/categories'), 200)
}

const columns = ['Handle', 'Title', 'Vendor', 'Type', 'Tags', 'Published', 'Option1 Name', 'Option1 Value']
const figures = ['Variant Price', 'Variant Inventory Qty', 'Image Src']

/** A file of products is imported, and once more with other prices. */
const importing = async ({ admin }: Shop): Promise<void> => {
  const mark = randomUUID().slice(0, 8)
  for (const price of ['10', '12']) {
    const rows = Array.from({ length: 200 }, (_, n) => ({
      Handle: `import-${mark}-${n}`,
      Title: `Imported thing ${mark} ${n}`,
      Vendor: `Maker ${n % 7}`,
      Type: `Type ${n % 5}`,
      Published: 'TRUE',
      'Option1 Name': 'Size',
      'Option1 Value': 'S',
      'Variant Price': price,
      'Variant Inventory Qty': '3',
      'Image Src': `https://${hostname()}/${n}.png`,
    }))
    const file = writeCsv([...columns, ...figures], rows)
    const { jobId } = must(
      await admin.send('POST', '/v1/admin/products/import', file, { 'content-type': 'text/csv' }),
      202,
    )
    const job = await until(
      async () => must(await admin.get(`/v1/admin/jobs/${jobId}`), 200),
      ({ state, warnings }) => state === 'DONE' && warnings.length >= 100,
      60_000,
    )
    if (job.failed > 0) throw new Error(JSON.stringify(job.errors))
  }
  must(await admin.get('/v1/admin/products/export'), 200)
}

/** Staff's lists, and what staff change. */
const minding = async ({ system, admin, skuId }: Shop): Promise<void> => {
  const { userId } = await registerBuyer(system.base)
  for (const verb of ['freeze', 'unfreeze']) must(await admin.post(`/v1/admin/users/${userId}/${verb}`), 200)
  const email = `staff-${randomUUID()}@example.com`
  const staff = { email, password: 'a long enough password 1', roles: ['support'] }
  const { id } = must(await admin.post('/v1/admin/staff', staff), 201)
  must(await admin.send('PUT', `/v1/admin/users/${id}/roles`, { roles: ['catalog'] }), 200)
  must(await admin.post('/v1/admin/inventory/adjustments', { skuId, delta: 5, reason: 'counted' }), 200)
  must(await admin.send('PUT', `/v1/admin/inventory/${skuId}/safety-stock`, { skuId, safetyStock: 1 }), 200)
  const key = must(await admin.post('/v1/admin/api-keys', { name: 'tills', scopes: ['inventory:operate'] }), 201)
  const till = createApi(system.base, key.secret)
  for (const verb of ['release', 'commit']) {
    const orderId = randomUUID()
    must(await till.post('/v1/inventory/reserve', { orderId, lines: [{ skuId, quantity: 1 }] }), 200)
    must(await till.post(`/v1/inventory/${verb}`, { orderId }), 200)
  }
  must(await admin.delete(`/v1/admin/api-keys/${key.id}`), 204)
  const lists = ['orders', 'payments', 'payments/cases', 'ledger/entries', 'users', 'shipments', 'api-keys', 'products']
  for (const list of lists) {
    const { nextPageToken } = must(await admin.get(`/v1/admin/${list}?pageSize=3`), 200)
    if (nextPageToken) must(await admin.get(`/v1/admin/${list}?pageSize=3&pageToken=${nextPageToken}`), 200)
  }
  await all(admin, [
    '/v1/admin/orders?status=CANCELLED',
    '/v1/admin/orders?status=PAID',
    '/v1/admin/payments?status=FAILED',
    '/v1/admin/payments?status=AUTHORISED',
    '/v1/admin/payments/cases?closed=true',
    '/v1/admin/shipments?status=CREATED',
    '/v1/admin/shipments?status=LOST',
    '/v1/admin/users?q=buyer-1',
    '/v1/admin/users?role=support',
    '/v1/admin/users?status=FROZEN',
    '/v1/admin/users?status=FROZEN&q=buyer',
    '/v1/admin/products?state=DRAFT',
    '/v1/admin/products?q=thing',
    '/v1/admin/products?q=no-such-words',
    '/v1/admin/products?q=thing&state=ARCHIVED',
    `/v1/admin/inventory/${skuId}`,
    `/v1/admin/inventory/${skuId}/movements`,
    '/v1/admin/warehouses',
  ])
}

/** A buyer's own things, to the last one. */
const leaving = async ({ system }: Shop): Promise<void> => {
  const buyer = await registerBuyer(system.base)
  must(await buyer.patch('/v1/me', { nickname: 'somebody' }), 200)
  const first = must(await buyer.post('/v1/me/addresses', address), 201)
  must(await buyer.post('/v1/me/addresses', { ...address, isDefault: true }), 201)
  must(await buyer.patch(`/v1/me/addresses/${first.id}`, { city: '广州市' }), 200)
  must(await buyer.delete(`/v1/me/addresses/${first.id}`), 204)
  await buyer.post('/v1/auth/login', { email: buyer.email, password: 'not the right one' })
  await all(buyer, ['/v1/me', '/v1/me/addresses', '/v1/auth/sessions', '/v1/auth/sessions?pageSize=1'])
  must(await buyer.post('/v1/auth/step-up', { password: buyer.password }), 200)
  must(await buyer.post('/v1/auth/logout-all'), 204)
}

/** What buyers, staff, relay, timers and callbacks do all day. */
export const wholeDay = async (shop: Shop): Promise<void> => {
  for (const part of [buying, undoing, browsing, importing, minding, leaving]) await part(shop)
}
