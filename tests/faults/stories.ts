import { randomUUID } from 'node:crypto'
import { address, cny, must } from '../api.ts'
import { createPatient, type Patient } from './patient.ts'
import { createProductPatiently, price, type Shop } from './shop.ts'

type Order = { id: string; status: string; paymentStatus: string }

/** One buyer's way through the shop. Returns when the shop has kept every promise of it. */
export type Story = (shop: Shop, buyer: Patient, skuId: string) => Promise<void>

/** Where an order may rest that was meant to be paid: its deadline may be short. */
const isOver = ({ status }: Order): boolean => status === 'CANCELLED'

const place = async (buyer: Patient, skuId: string, quantity = 1): Promise<Order> =>
  must(await buyer.post('/v1/orders', { lines: [{ skuId, quantity }], address }), 201)

const seeOrder = (buyer: Patient, id: string, good: (order: Order) => boolean): Promise<Order> =>
  buyer.see<Order>(`/v1/orders/${id}`, good)

/** Undefined: the deadline was faster. */
const startPaying = async (buyer: Patient, orderId: string) => {
  const answer = await buyer.post('/v1/payments', { orderId, method: 'sandbox' })
  if (answer.body?.code === 'ILLEGAL_TRANSITION') {
    await seeOrder(buyer, orderId, isOver)
    return undefined
  }
  const payment = must(answer, 201)
  return payment.redirectUrl
    ? payment
    : buyer.see(`/v1/payments/${payment.id}`, ({ redirectUrl }) => redirectUrl !== '')
}

const play = async (buyer: Patient, { redirectUrl }: { redirectUrl: string }, outcome: string, more: object = {}) =>
  must(await buyer.post(new URL(redirectUrl).pathname, { outcome, ...more }), 200)

const pay = async (buyer: Patient, orderId: string, outcome = 'SUCCESS', more: object = {}) => {
  const payment = await startPaying(buyer, orderId)
  if (payment) await play(buyer, payment, outcome, more)
  return payment as { id: string } | undefined
}

const allocated = (buyer: Patient, id: string): Promise<Order> =>
  seeOrder(buyer, id, (order) => order.status === 'ALLOCATED' || isOver(order))

/** Answers whether it came to be allocated. */
const buy = async (buyer: Patient, skuId: string, outcome?: string, more?: object) => {
  const order = await place(buyer, skuId)
  const payment = await pay(buyer, order.id, outcome, more)
  const { status } = await allocated(buyer, order.id)
  return status === 'ALLOCATED' && payment ? { order, payment } : undefined
}

const pays =
  (outcome?: string): Story =>
  async (_shop, buyer, skuId) =>
    void (await buy(buyer, skuId, outcome))

const isDeclinedThenPays: Story = async (_shop, buyer, skuId) => {
  const order = await place(buyer, skuId)
  const first = await pay(buyer, order.id, 'DECLINE')
  if (!first) return
  await buyer.see(`/v1/payments/${first.id}`, ({ status }) => status === 'FAILED' || status === 'VOIDED')
  await pay(buyer, order.id)
  await allocated(buyer, order.id)
}

const cancel = async (buyer: Patient, id: string): Promise<void> => {
  const answer = await buyer.post(`/v1/orders/${id}/cancel`, { reason: '不想要了' })
  if (answer.body?.code !== 'ILLEGAL_TRANSITION') must(answer, 200)
  await seeOrder(buyer, id, isOver)
}

const cancelsUnpaid: Story = async (_shop, buyer, skuId) => cancel(buyer, (await place(buyer, skuId)).id)

const cancelsWhilePaying: Story = async (_shop, buyer, skuId) => {
  const order = await place(buyer, skuId)
  await startPaying(buyer, order.id)
  await cancel(buyer, order.id)
}

const cancelsPaid: Story = async (_shop, buyer, skuId) => {
  const bought = await buy(buyer, skuId)
  if (bought) await cancel(buyer, bought.order.id)
}

/** The money is on its way and cannot be called back when the order is cancelled. */
const paysTooLate: Story = async (_shop, buyer, skuId) => {
  const order = await place(buyer, skuId)
  await pay(buyer, order.id, 'DELAY', { seconds: 2 })
  await cancel(buyer, order.id)
}

/** A guest's cart, merged at sign-in, prepared, placed from the preparation, paid. */
const comesWithACart: Story = async ({ system, diary }, buyer, skuId) => {
  const guest = createPatient(system.base, diary)
  const added = await guest.post('/v1/cart/items', { skuId, quantity: 1 })
  must(added, 201)
  buyer.api.cartToken = added.headers.get('x-cart-token') ?? undefined
  must(await buyer.post('/v1/cart/merge'), 200)
  const prepared = must(await buyer.post('/v1/orders/prepare', { fromCart: true, address }), 201)
  const answer = await buyer.post('/v1/orders', { preparationId: prepared.preparationId })
  if (answer.body?.code === 'PREPARATION_EXPIRED') return
  await pay(buyer, must(answer, 201).id)
  await allocated(buyer, prepared.preparationId)
}

const preparesOnly: Story = async (_shop, buyer, skuId) =>
  void must(await buyer.post('/v1/orders/prepare', { lines: [{ skuId, quantity: 2 }], address }), 201)

const checksOut: Story = async (_shop, buyer, skuId) => {
  const body = { lines: [{ skuId, quantity: 1 }], address, method: 'sandbox' }
  const { order } = must(await buyer.post('/v1/checkout', body), 201)
  await pay(buyer, order.id)
  await allocated(buyer, order.id)
}

const wantsTheLastOne: Story = async ({ scarce }, buyer) => {
  const answer = await buyer.post('/v1/orders', { lines: [{ skuId: scarce, quantity: 1 }], address })
  if (answer.body?.code !== 'OUT_OF_STOCK') must(answer, 201)
}

const neverPays: Story = async (_shop, buyer, skuId) => {
  const { id } = await place(buyer, skuId, 2)
  // Only a short deadline is waited for.
  const { payBefore } = must(await buyer.get(`/v1/orders/${id}`), 200)
  if (Date.parse(payBefore) - Date.now() < 60_000) await seeOrder(buyer, id, isOver)
}

/** Two parts, the answer to the first lost on its way; then all of it is back. */
const isRefunded: Story = async ({ admin }, buyer, skuId) => {
  const bought = await buy(buyer, skuId, 'SUCCESS', { refundOutcome: 'LOST_REPLY' })
  if (!bought) return
  const path = `/v1/payments/${bought.payment.id}`
  must(await admin.post(`${path}/refund`, { amount: cny(price / 4), reason: '包装破损' }), 201)
  must(await admin.post(`${path}/refund`, { amount: cny(price / 2), reason: 'a second part' }), 201)
  await buyer.see(path, ({ refunded }) => refunded.amount === (price * 3) / 4)
  await seeOrder(buyer, bought.order.id, ({ paymentStatus }) => paymentStatus === 'PART_REFUNDED')
}

const shipAndDeliver = async ({ admin }: Shop, buyer: Patient, orderId: string): Promise<void> => {
  const page = `/v1/admin/shipments?orderId=${orderId}`
  const { shipments } = await admin.see<{ shipments: { id: string }[] }>(page, (found) => found.shipments.length > 0)
  for (const { id } of shipments) {
    const parcel = { carrier: 'SF', trackingNumber: `SF${id.slice(0, 8)}` }
    must(await admin.post(`/v1/admin/shipments/${id}/ship`, parcel), 200)
    await seeOrder(buyer, orderId, ({ status }) => status === 'SHIPPED')
    must(await admin.post(`/v1/admin/shipments/${id}/deliver`), 200)
  }
  await seeOrder(buyer, orderId, ({ status }) => status === 'DELIVERED')
}

const isDelivered: Story = async (shop, buyer, skuId) => {
  const bought = await buy(buyer, skuId)
  if (bought) await shipAndDeliver(shop, buyer, bought.order.id)
}

const paysTheCourier: Story = async (shop, buyer, skuId) => {
  const order = await place(buyer, skuId)
  const answer = await buyer.post('/v1/payments', { orderId: order.id, method: 'pay_on_delivery' })
  if (answer.body?.code === 'ILLEGAL_TRANSITION') return void (await seeOrder(buyer, order.id, isOver))
  must(answer, 201)
  if (isOver(await allocated(buyer, order.id))) return
  await shipAndDeliver(shop, buyer, order.id)
  must(await shop.admin.post(`/v1/admin/orders/${order.id}/record-payment`, { amount: cny(price) }), 200)
  await seeOrder(buyer, order.id, ({ paymentStatus }) => paymentStatus === 'PAID')
}

/** One round of buyers: twenty orders and a few who leave without one. Together they pass every failpoint. */
export const stories: readonly (readonly [says: string, story: Story])[] = [
  ['pays', pays()],
  ['pays, reported thrice', pays('DUPLICATE')],
  ['pays, reported in the wrong order', pays('REORDER')],
  ['pays, never reported', pays('LOST_REPLY')],
  ['is declined, then pays', isDeclinedThenPays],
  ['cancels unpaid', cancelsUnpaid],
  ['cancels unpaid', cancelsUnpaid],
  ['cancels while paying', cancelsWhilePaying],
  ['cancels while paying', cancelsWhilePaying],
  ['cancels paid', cancelsPaid],
  ['cancels paid', cancelsPaid],
  ['pays too late', paysTooLate],
  ['comes with a cart', comesWithACart],
  ['prepares only', preparesOnly],
  ['checks out', checksOut],
  ['wants the last one', wantsTheLastOne],
  ['wants the last one', wantsTheLastOne],
  ['never pays', neverPays],
  ['is refunded', isRefunded],
  ['is refunded', isRefunded],
  ['is delivered', isDelivered],
  ['is delivered', isDelivered],
  ['pays the courier', paysTheCourier],
]

const stockOf = async ({ admin }: Shop, skuId: string) =>
  must(await admin.get(`/v1/admin/inventory/${skuId}`), 200).warehouses[0]

const countsStock = async (shop: Shop): Promise<void> => {
  const skuId = await createProductPatiently(shop.admin, 7)
  for (const delta of [5, -2])
    must(await shop.admin.post('/v1/admin/inventory/adjustments', { skuId, delta, reason: 'counted' }), 200)
  const { onHand } = await stockOf(shop, skuId)
  if (onHand !== 10) throw new Error(`7 + 5 - 2 are ${onHand}`)
}

const holdsByHand = async (shop: Shop): Promise<void> => {
  const skuId = await createProductPatiently(shop.admin, 10)
  for (const [quantity, verb] of [
    [1, 'commit'],
    [2, 'release'],
  ] as const) {
    const orderId = randomUUID()
    must(await shop.integrator.post('/v1/inventory/reserve', { orderId, lines: [{ skuId, quantity }] }), 200)
    must(await shop.integrator.post(`/v1/inventory/${verb}`, { orderId }), 200)
  }
  const { reserved, allocated: taken } = await stockOf(shop, skuId)
  if (reserved !== 0 || taken !== 1) throw new Error(`one is committed, not ${reserved} and ${taken}`)
}

const importsAFile = async ({ admin }: Shop): Promise<void> => {
  const handle = `imported-${randomUUID()}`
  const file = `Handle,Title,Variant SKU,Variant Inventory Qty,Variant Price,Published\n${handle},Imported,${handle},3,12.00,true\n`
  const path = '/v1/admin/products/import'
  const { jobId } = must(await admin.send('POST', path, Buffer.from(file), { 'content-type': 'text/csv' }), 202)
  await admin.see(`/v1/admin/jobs/${jobId}`, ({ state, done }) => state === 'DONE' && done === 1)
  must(await admin.get(`/v1/products/${handle}`), 200)
}

/** What staff and integrators do meanwhile; each on goods of its own, so that the figures at the end are known. */
export const chores = [
  ['counts stock', countsStock],
  ['holds stock by hand', holdsByHand],
  ['imports a file', importsAFile],
] as const
