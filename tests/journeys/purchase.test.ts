import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type Api,
  address,
  cny,
  createApi,
  createProduct,
  must,
  playSandbox,
  registerBuyer,
  signIn,
  until,
} from '../api.ts'
import { type System, shapes, startSystem } from '../system.ts'

for (const shape of shapes)
  describe(`purchase, ${shape}`, () => {
    let system: System
    let admin: Api
    const base = () => system.base

    before(async () => {
      system = await startSystem(shape)
      admin = await signIn(base(), system.admin.email, system.admin.password)
    })
    after(() => system?.remove())

    const orderOf = async (api: Api, id: string) => must(await api.get(`/v1/orders/${id}`), 200)
    const stockOf = async (skuId: string) => must(await admin.get(`/v1/admin/inventory/${skuId}`), 200).warehouses[0]
    const place = async (buyer: Api, skuId: string, quantity = 1) =>
      must(await buyer.post('/v1/orders', { lines: [{ skuId, quantity }], address }), 201)
    const pay = async (buyer: Api, orderId: string, outcome = 'SUCCESS') => {
      const payment = must(await buyer.post('/v1/payments', { orderId, method: 'sandbox' }), 201)
      must(await playSandbox(base(), payment.redirectUrl, outcome), 200)
      return payment
    }
    const allocated = (buyer: Api, id: string) =>
      until(
        () => orderOf(buyer, id),
        (order) => order.status === 'ALLOCATED',
      )
    const ship = async (orderId: string) => {
      const { shipments } = await until(
        async () => must(await admin.get(`/v1/admin/shipments?orderId=${orderId}`), 200),
        (page) => page.shipments.length > 0,
      )
      for (const { id } of shipments)
        must(await admin.post(`/v1/admin/shipments/${id}/ship`, { carrier: 'SF', trackingNumber: 'SF1234567890' }), 200)
      return shipments as { id: string }[]
    }

    test('options keep their declared order and the stage its hue, from the bag to the list of orders', async () => {
      const category = must(await admin.post('/v1/admin/categories', { name: `Hues ${shape}`, hue: 211 }), 201)
      const product = must(
        await admin.post('/v1/admin/products', {
          name: 'Two options',
          categoryIds: [category.id],
          options: [
            { name: 'Colour', values: ['Ink'] },
            { name: 'Size', values: ['40'] },
          ],
          skus: [{ code: `TWO-${shape}`, options: { Size: '40', Colour: 'Ink' }, price: cny(100), initialStock: 9 }],
          translations: { 'zh-CN': { name: '两项', words: { Colour: '颜色分类', Size: '码', Ink: '墨', 40: '四十' } } },
          publish: true,
        }),
        201,
      )
      const skuId = product.skus[0].id
      const buyer = await registerBuyer(base())
      const seen = ({ options, hue }: { options: object; hue: number }) => [Object.entries(options), hue]
      const wanted = [Object.entries({ Colour: 'Ink', Size: '40' }), 211]
      assert.deepEqual(seen({ ...product.skus[0], hue: product.hue }), wanted)
      must(await buyer.post('/v1/cart/items', { skuId, quantity: 1 }), 201)
      assert.deepEqual(seen(must(await buyer.get('/v1/cart'), 200).lines[0].product), wanted)
      const prepared = must(await buyer.post('/v1/orders/prepare', { fromCart: true, address }), 201)
      assert.deepEqual(seen(prepared.lines[0]), wanted)
      const order = must(await buyer.post('/v1/orders', { preparationId: prepared.preparationId }), 201)
      for (const { lines, groups } of [order, await orderOf(buyer, order.id)]) {
        assert.deepEqual(seen(lines[0]), wanted)
        assert.deepEqual(seen(groups[0].lines[0]), wanted)
      }
      assert.deepEqual(seen(must(await buyer.get('/v1/orders'), 200).orders[0].lines[0]), wanted)
      const chinese = await buyer.post(
        '/v1/orders',
        { lines: [{ skuId, quantity: 1 }], address },
        { 'accept-language': 'zh-CN' },
      )
      assert.deepEqual(Object.entries(must(chinese, 201).lines[0].options), [
        ['颜色分类', '墨'],
        ['码', '四十'],
      ])
    })

    test('register → browse → guest cart → merge → quote → prepare → place → pay → ship → deliver → refund in two parts', async () => {
      const product = await createProduct(admin, { price: 19900, stock: 10 })
      const skuId = product.skuIds[0]!
      const guest = createApi(base())
      const listed = must(await guest.get('/v1/products?sort=newest'), 200).products.find(
        (p: { id: string }) => p.id === product.id,
      )
      assert.deepEqual([listed.price, listed.availability], [cny(19900), 'IN_STOCK'])
      const detail = must(await guest.get(`/v1/products/${product.slug}`), 200)
      assert.equal(detail.skus[0].id, skuId)
      const added = await guest.post('/v1/cart/items', { skuId, quantity: 2 })
      must(added, 201)
      const cartToken = added.headers.get('x-cart-token')
      assert.ok(cartToken && cartToken.length >= 22)
      const buyer = await registerBuyer(base())
      buyer.cartToken = cartToken
      const merged = must(await buyer.post('/v1/cart/merge'), 200)
      assert.equal(merged.lines[0].quantity, 2)
      const quote = must(await buyer.post('/v1/cart/quote', {}), 200)
      assert.deepEqual([quote.subtotal, quote.freight, quote.total], [cny(39800), cny(0), cny(39800)])
      const kept = must(await buyer.post('/v1/me/addresses', { ...address, isDefault: true }), 201)
      const prepared = must(await buyer.post('/v1/orders/prepare', { fromCart: true, addressId: kept.id }), 201)
      assert.deepEqual(prepared.total, cny(39800))
      assert.equal((await stockOf(skuId)).reserved, 2)
      const order = must(await buyer.post('/v1/orders', { preparationId: prepared.preparationId }), 201)
      assert.deepEqual(
        [order.id, order.status, order.paymentStatus, order.total],
        [prepared.preparationId, 'AWAITING_PAYMENT', 'UNPAID', cny(39800)],
      )
      assert.equal(order.address.city, '深圳市')
      await until(
        async () => must(await buyer.get('/v1/cart'), 200),
        (cart) => cart.lines.length === 0,
      )
      const payment = await pay(buyer, order.id)
      const ready = await allocated(buyer, order.id)
      assert.equal(ready.paymentStatus, 'PAID')
      assert.deepEqual(ready.timeline.map((entry: { event: string }) => entry.event).length >= 3, true)
      assert.deepEqual(
        await stockOf(skuId).then(({ onHand, reserved, allocated: taken }) => [onHand, reserved, taken]),
        [10, 0, 2],
      )
      const [shipment] = await ship(order.id)
      await until(
        () => orderOf(buyer, order.id),
        (o) => o.status === 'SHIPPED' && o.fulfillmentStatus === 'FULFILLED',
      )
      await until(
        () => stockOf(skuId),
        (stock) => stock.onHand === 8 && stock.allocated === 0,
      )
      must(await admin.post(`/v1/admin/shipments/${shipment!.id}/deliver`), 200)
      await until(
        () => orderOf(buyer, order.id),
        (o) => o.status === 'DELIVERED',
      )
      const part = must(
        await admin.post(`/v1/payments/${payment.id}/refund`, { amount: cny(9900), reason: '包装破损' }),
        201,
      )
      assert.deepEqual(part.amount, cny(9900))
      await until(
        () => orderOf(buyer, order.id),
        (o) => o.paymentStatus === 'PART_REFUNDED',
      )
      must(await admin.post(`/v1/payments/${payment.id}/refund`, { reason: 'the rest' }), 201)
      await until(
        () => orderOf(buyer, order.id),
        (o) => o.paymentStatus === 'REFUNDED',
      )
      const settled = must(await buyer.get(`/v1/payments/${payment.id}`), 200)
      assert.deepEqual([settled.captured, settled.refunded], [cny(39800), cny(39800)])
      assert.equal(
        (await admin.post(`/v1/payments/${payment.id}/refund`, { amount: cny(1), reason: 'one too many' })).body.code,
        'REFUND_EXCEEDS_CAPTURED',
      )
    })

    test('pay on delivery: allocated without money, the courier brings it', async () => {
      const { skuIds } = await createProduct(admin, { price: 5000 })
      const buyer = await registerBuyer(base())
      const order = await place(buyer, skuIds[0]!)
      const payment = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'pay_on_delivery' }), 201)
      const ready = await allocated(buyer, order.id)
      assert.equal(ready.paymentStatus, 'UNPAID')
      const [shipment] = await ship(order.id)
      must(await admin.post(`/v1/admin/shipments/${shipment!.id}/deliver`), 200)
      assert.equal((await admin.post(`/v1/admin/orders/${order.id}/record-payment`, { amount: cny(4999) })).status, 422)
      must(await admin.post(`/v1/admin/orders/${order.id}/record-payment`, { amount: cny(5000) }), 200)
      await until(
        () => orderOf(buyer, order.id),
        (o) => o.paymentStatus === 'PAID' && o.status === 'DELIVERED',
      )
      assert.deepEqual(must(await buyer.get(`/v1/payments/${payment.id}`), 200).captured, cny(5000))
    })

    test('a zero total captures itself', async () => {
      const { skuIds } = await createProduct(admin, { price: 0 })
      const buyer = await registerBuyer(base())
      const order = await place(buyer, skuIds[0]!)
      assert.deepEqual((await allocated(buyer, order.id)).total, cny(0))
    })

    test('one-call checkout, repeated with its key: one order, one payment, equal bytes', async () => {
      const { skuIds } = await createProduct(admin)
      const buyer = await registerBuyer(base())
      const body = { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address, method: 'sandbox' }
      const first = await buyer.post('/v1/checkout', body, { 'idempotency-key': 'checkout-1' })
      must(first, 201)
      const again = await buyer.post('/v1/checkout', body, { 'idempotency-key': 'checkout-1' })
      assert.equal(again.text, first.text)
      assert.equal(must(await buyer.get('/v1/orders'), 200).orders.length, 1)
      must(await playSandbox(base(), first.body.payment.redirectUrl, 'SUCCESS'), 200)
      await allocated(buyer, first.body.order.id)
    })

    test('cancelled by the buyer before paying: at once, and the stock is free again', async () => {
      const { skuIds } = await createProduct(admin, { stock: 5 })
      const buyer = await registerBuyer(base())
      const order = await place(buyer, skuIds[0]!, 5)
      assert.equal((await stockOf(skuIds[0]!)).available, 0)
      assert.equal(
        must(await buyer.post(`/v1/orders/${order.id}/cancel`, { reason: '不想要了' }), 200).status,
        'CANCELLED',
      )
      await until(
        () => stockOf(skuIds[0]!),
        (stock) => stock.available === 5,
      )
      assert.equal((await buyer.post(`/v1/orders/${order.id}/cancel`)).body.code, 'ILLEGAL_TRANSITION')
    })

    test('cancelled with an open payment: CANCELLING, the channel is voided, then CANCELLED', async () => {
      const { skuIds } = await createProduct(admin)
      const buyer = await registerBuyer(base())
      const order = await place(buyer, skuIds[0]!)
      const payment = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
      assert.equal(must(await buyer.post(`/v1/orders/${order.id}/cancel`), 200).status, 'CANCELLING')
      await until(
        () => orderOf(buyer, order.id),
        (o) => o.status === 'CANCELLED',
      )
      assert.equal(must(await buyer.get(`/v1/payments/${payment.id}`), 200).status, 'VOIDED')
    })

    test('cancelled after paying: everything goes back, stock too', async () => {
      const { skuIds } = await createProduct(admin, { stock: 3 })
      const buyer = await registerBuyer(base())
      const order = await place(buyer, skuIds[0]!, 3)
      const payment = await pay(buyer, order.id)
      await allocated(buyer, order.id)
      must(await buyer.post(`/v1/orders/${order.id}/cancel`), 200)
      await until(
        () => orderOf(buyer, order.id),
        (o) => o.status === 'CANCELLED' && o.paymentStatus === 'REFUNDED',
      )
      const settled = must(await buyer.get(`/v1/payments/${payment.id}`), 200)
      assert.deepEqual([settled.captured, settled.refunded], [cny(59700), cny(59700)])
      await until(
        () => stockOf(skuIds[0]!),
        (stock) => stock.available === 3,
      )
    })

    test('a declined payment leaves the order payable; the next attempt pays it', async () => {
      const { skuIds } = await createProduct(admin)
      const buyer = await registerBuyer(base())
      const order = await place(buyer, skuIds[0]!)
      const first = await pay(buyer, order.id, 'DECLINE')
      await until(
        async () => must(await buyer.get(`/v1/payments/${first.id}`), 200),
        (p) => p.status === 'FAILED',
      )
      await pay(buyer, order.id)
      await allocated(buyer, order.id)
      const { payments } = must(await buyer.get(`/v1/payments?orderId=${order.id}`), 200)
      assert.deepEqual(payments.map((p: { status: string }) => p.status).toSorted(), ['CAPTURED', 'FAILED'])
    })

    test("other people's objects answer 404 on every route, and nothing happens to them", async () => {
      const { skuIds } = await createProduct(admin)
      const [owner, stranger] = [await registerBuyer(base()), await registerBuyer(base())]
      const kept = must(await owner.post('/v1/me/addresses', address), 201)
      const order = await place(owner, skuIds[0]!)
      const payment = must(await owner.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
      for (const answer of [
        await stranger.get(`/v1/orders/${order.id}`),
        await stranger.get(`/v1/orders/${order.id}/page`),
        await stranger.post(`/v1/orders/${order.id}/cancel`),
        await stranger.get(`/v1/payments/${payment.id}`),
        await stranger.get(`/v1/payments?orderId=${order.id}`),
        await stranger.post('/v1/payments', { orderId: order.id, method: 'sandbox' }),
        await stranger.get(`/v1/me/addresses/${kept.id}`),
        await stranger.patch(`/v1/me/addresses/${kept.id}`, { line1: 'mine now' }),
        await stranger.delete(`/v1/me/addresses/${kept.id}`),
        await stranger.post('/v1/orders', { lines: [{ skuId: skuIds[0]!, quantity: 1 }], addressId: kept.id }),
      ])
        assert.deepEqual([answer.status, answer.body.code], [404, 'NOT_FOUND'], answer.text)
      assert.equal((await orderOf(owner, order.id)).status, 'AWAITING_PAYMENT')
      assert.equal(must(await owner.get('/v1/me/addresses'), 200).addresses[0].line1, address.line1)
    })

    test('prepare then prepare, place without prepare: nobody is refused because of his own earlier hold', async () => {
      const { skuIds } = await createProduct(admin, { stock: 1 })
      const skuId = skuIds[0]!
      const buyer = await registerBuyer(base())
      const wish = { lines: [{ skuId, quantity: 1 }], address }
      const first = must(await buyer.post('/v1/orders/prepare', wish), 201)
      const second = must(await buyer.post('/v1/orders/prepare', wish), 201)
      assert.notEqual(first.preparationId, second.preparationId)
      assert.equal(
        (await buyer.post('/v1/orders', { preparationId: first.preparationId })).body.code,
        'PREPARATION_EXPIRED',
      )
      const direct = must(await buyer.post('/v1/orders', wish), 201)
      assert.equal(
        (await buyer.post('/v1/orders', { preparationId: second.preparationId })).body.code,
        'PREPARATION_EXPIRED',
      )
      const other = await registerBuyer(base())
      assert.equal((await other.post('/v1/orders', wish)).body.code, 'OUT_OF_STOCK')
      must(await buyer.post(`/v1/orders/${direct.id}/cancel`), 200)
      await until(
        () => stockOf(skuId),
        (stock) => stock.available === 1,
      )
      const third = must(await buyer.post('/v1/orders/prepare', wish), 201)
      const [a, b] = await Promise.all(
        [1, 2].map(() => buyer.post('/v1/orders', { preparationId: third.preparationId })),
      )
      assert.deepEqual([must(a!, 201).id, must(b!, 201).id], [third.preparationId, third.preparationId])
    })

    test('the price that was agreed to is honoured or the change is said', async () => {
      const { id, skuIds, version } = await createProduct(admin, { price: 1000 })
      const buyer = await registerBuyer(base())
      const wish = { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address }
      const prepared = must(await buyer.post('/v1/orders/prepare', wish), 201)
      const product = must(await admin.get(`/v1/admin/products/${id}`), 200)
      must(
        await admin.patch(`/v1/admin/products/${id}`, {
          version: product.version,
          skus: [{ code: product.skus[0].code, price: cny(1200) }],
        }),
        200,
      )
      assert.equal(
        (await admin.patch(`/v1/admin/products/${id}`, { version, name: 'stale edit' })).body.code,
        'VERSION_CONFLICT',
      )
      const refused = await buyer.post('/v1/orders', { ...wish, expectedTotal: cny(1000) })
      assert.deepEqual([refused.status, refused.body.code], [409, 'PRICE_CHANGED'])
      const again = must(await buyer.post('/v1/orders/prepare', wish), 201)
      assert.deepEqual([prepared.total, again.total], [cny(1000), cny(1200)])
      must(await buyer.post('/v1/orders', { preparationId: again.preparationId }), 201)
    })
  })
