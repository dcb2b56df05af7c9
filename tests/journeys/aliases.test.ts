import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import {
  type Answer,
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
import { problemOf, refusedField, refusedWith } from '../problem.ts'
import { routes } from '../samples.ts'
import { type System, shapes, startSystem } from '../system.ts'
import { tracesOf } from '../traces.ts'

/** The body of the first source's checkout, without what it must not carry. */
const flatForm = {
  firstname: 'John',
  lastname: 'Doe',
  email: 'test@example.com',
  address: { street_address: '123 Main St', city: 'City', state: 'State', country: 'China', zip_code: '12345' },
}
const card = {
  credit_card_number: '4111111111111111',
  credit_card_cvv: 123,
  credit_card_expiration_year: 2025,
  credit_card_expiration_month: 3,
}

for (const shape of shapes)
  describe(`flat addresses, ${shape}`, () => {
    let system: System
    let admin: Api

    before(async () => {
      system = await startSystem(shape, { env: { SOUK_LOG_LEVEL: 'debug' } })
      admin = await signIn(system.base, system.admin.email, system.admin.password)
    })
    after(() => system?.remove())

    /** As a simple client would: no Idempotency-Key. */
    const flat = (api: Api, path: string, body: object = {}): Promise<Answer> => api.send('POST', path, body)
    const withCart = async (quantity = 1) => {
      const { id, skuIds } = await createProduct(admin, { price: 2500 })
      const buyer = await registerBuyer(system.base)
      must(await flat(buyer, '/cart/additem', { sku_id: skuIds[0], quantity }), 201)
      return { buyer, productId: id, skuId: skuIds[0]! }
    }

    test('every flat address of the contract is the list of the specification', () => {
      const aliases = routes
        .filter(({ alias }) => alias)
        .map(({ verb, path }) => `${verb} ${path.replace(/\{[^}]+\}/, '{id}')}`)
      assert.deepEqual(aliases.toSorted(), [
        'GET /cart/get',
        'GET /products/list',
        'GET /products/search',
        'GET /products/{id}',
        'POST /cart/additem',
        'POST /cart/empty',
        'POST /checkout',
        'POST /login',
        'POST /order/listorder',
        'POST /order/place',
        'POST /payment/charge',
        'POST /product/create',
        'POST /register',
      ])
    })

    test('register → login → create → find → cart → place → list → charge, all of it flat and without keys', async () => {
      const nobody = createApi(system.base)
      const email = `flat-${randomUUID()}@example.com`
      const password = 'a long enough password 4'
      const registered = must(await flat(nobody, '/register', { email, password, nickname: 'Flat' }), 201)
      assert.deepEqual([registered.user.email, registered.user.nickname], [email, 'Flat'])
      const { accessToken, user } = must(await flat(nobody, '/login', { email, password }), 200)
      const buyer = createApi(system.base, accessToken)
      const name = `Flat lamp ${randomUUID().slice(0, 8)}`
      const form = {
        name,
        skus: [{ code: name, price: cny(9900), list_price: cny(12900), initial_stock: 7 }],
        publish: true,
      }
      const product = must(await flat(admin, '/product/create', form), 201)
      assert.deepEqual(product.skus[0].listPrice, cny(12900))
      const same = async (flatPath: string, path: string, by: Api = nobody) => {
        const [given, ordinary] = [await by.get(flatPath), await by.get(path)]
        assert.deepEqual(must(given, 200), must(ordinary, 200), flatPath)
        return given.body
      }
      assert.equal((await same(`/products/${product.id}`, `/v1/products/${product.id}`)).name, name)
      await same('/products/list?page_size=1', '/v1/products?pageSize=1')
      const found = await same(
        `/products/search?q=${encodeURIComponent(name)}`,
        `/v1/products?q=${encodeURIComponent(name)}`,
      )
      assert.deepEqual(
        found.products.map((one: { id: string }) => one.id),
        [product.id],
      )
      const skuId = product.skus[0].id
      must(await flat(buyer, '/cart/additem', { sku_id: skuId, quantity: 3 }), 201)
      assert.equal((await same('/cart/get', '/v1/cart', buyer)).lines[0].quantity, 3)
      assert.deepEqual(must(await flat(buyer, '/cart/empty'), 200).lines, [])
      must(await flat(buyer, '/cart/additem', { skuId, quantity: 2 }), 201)
      const { line1, ...rest } = address
      const order = must(
        await flat(buyer, '/order/place', { from_cart: true, address: { ...rest, line1, postal_code: '518000' } }),
        201,
      )
      assert.deepEqual(
        [order.status, order.total, order.address.postalCode],
        ['AWAITING_PAYMENT', cny(19800), '518000'],
      )
      const { orders } = must(await flat(buyer, '/order/listorder', { page_size: 5 }), 200)
      assert.deepEqual(orders, must(await buyer.get('/v1/orders?pageSize=5'), 200).orders)
      const payment = must(await flat(buyer, '/payment/charge', { order_id: order.id, method: 'sandbox' }), 201)
      assert.deepEqual([payment.orderId, payment.amount], [order.id, cny(19800)])
      must(await playSandbox(system.base, payment.redirectUrl, 'SUCCESS'), 200)
      await until(
        async () => must(await buyer.get(`/v1/orders/${order.id}`), 200),
        ({ paymentStatus }) => paymentStatus === 'PAID',
      )
      assert.equal(user.id, registered.user.id)
    })

    test('guests: the cart token travels in the same header', async () => {
      const { skuIds } = await createProduct(admin)
      const guest = createApi(system.base)
      const added = await flat(guest, '/cart/additem', { sku_id: skuIds[0], quantity: 1 })
      must(added, 201)
      guest.cartToken = added.headers.get('x-cart-token') ?? ''
      assert.equal(must(await guest.get('/cart/get'), 200).lines.length, 1)
      assert.deepEqual(must(await createApi(system.base).get('/cart/get'), 200).lines, [])
    })

    test('a key that is sent all the same is kept to', async () => {
      const { skuIds } = await createProduct(admin)
      const buyer = await registerBuyer(system.base)
      const key = { 'idempotency-key': randomUUID() }
      const wish = { lines: [{ sku_id: skuIds[0], quantity: 1 }], address }
      const [first, again] = [await buyer.post('/order/place', wish, key), await buyer.post('/order/place', wish, key)]
      must(first, 201)
      assert.equal(again.text, first.text)
      refusedWith(
        await buyer.post('/order/place', { ...wish, note: 'more' }, key),
        'IDEMPOTENCY_KEY_REUSED',
        'another body',
      )
      assert.equal(must(await flat(buyer, '/order/listorder'), 200).orders.length, 1)
    })

    test('snake_case is for flat addresses only, and one field in two spellings is refused', async () => {
      const buyer = await registerBuyer(system.base)
      refusedField(await buyer.post('/v1/cart/items', { sku_id: 'a', quantity: 1 }), 'sku_id', 'the versioned address')
      refusedField(await flat(buyer, '/cart/additem', { sku_id: 'a', skuId: 'b', quantity: 1 }), 'skuId', 'twice')
      refusedField(await flat(buyer, '/cart/additem', { sku_id: 'a', quantity: 1, user_id: 5 }), 'user_id', 'unknown')
      refusedWith(await createApi(system.base).get('/products/list?page_size=0'), 'VALIDATION_FAILED', 'page_size')
      for (const path of ['/order/place', '/order/listorder', '/payment/charge', '/checkout', '/product/create'])
        refusedWith(await flat(createApi(system.base), path), 'UNAUTHENTICATED', path)
      refusedWith(await flat(buyer, '/product/create', {}), 'FORBIDDEN', 'a buyer creates')
    })

    test('checkout: the flat form becomes the address of the order, paid in the sandbox', async () => {
      const { buyer, skuId } = await withCart(2)
      const { order, payment } = must(
        await flat(buyer, '/checkout', { ...flatForm, user_id: buyer.userId, phone: '+8613800138000' }),
        201,
      )
      const { recipient, line1, line2, city, province, country, postalCode, phone } = order.address
      assert.deepEqual(
        { recipient, line1, line2, city, province, country, postalCode, phone },
        {
          recipient: 'John Doe',
          line1: '123 Main St',
          line2: '',
          city: 'City',
          province: 'State',
          country: 'CN',
          postalCode: '12345',
          phone: '+8613800138000',
        },
      )
      assert.deepEqual([order.lines[0].skuId, order.lines[0].quantity, order.total], [skuId, 2, cny(5000)])
      assert.deepEqual([payment.orderId, payment.method], [order.id, 'sandbox'])
      must(await playSandbox(system.base, payment.redirectUrl, 'SUCCESS'), 200)
      await until(
        async () => must(await buyer.get(`/v1/orders/${order.id}`), 200),
        ({ status }) => status === 'ALLOCATED',
      )
      refusedWith(await flat(buyer, '/checkout', flatForm), 'CART_EMPTY', 'the cart is bought')
    })

    test("the source's own example works as it is, its card apart: no phone, a country nobody knows, camelCase too", async () => {
      for (const form of [
        { ...flatForm, address: { ...flatForm.address, country: 'Country' }, credit_card: {} },
        {
          firstname: 'John',
          lastname: 'Doe',
          email: '',
          address: { streetAddress: '123 Main St', city: 'City', state: 'State', country: 'Country', zipCode: '12345' },
        },
      ]) {
        const { buyer } = await withCart()
        const { order } = must(await flat(buyer, '/checkout', form), 201)
        assert.deepEqual([order.address.line2, order.address.postalCode], ['Country', '12345'])
      }
    })

    test("somebody else's user_id is refused, and nothing is ordered", async () => {
      const { buyer } = await withCart()
      const other = await registerBuyer(system.base)
      refusedWith(await flat(buyer, '/checkout', { ...flatForm, user_id: other.userId }), 'FORBIDDEN', 'user_id')
      for (const api of [buyer, other]) assert.deepEqual(must(await api.get('/v1/orders'), 200).orders, [])
      assert.equal(must(await buyer.get('/v1/cart'), 200).lines.length, 1)
    })

    test('a card in the form is refused, nothing is ordered, and its number is nowhere', async () => {
      const { buyer } = await withCart()
      const forms = [
        { ...flatForm, user_id: 5, credit_card: card },
        { ...flatForm, credit_card: { credit_card_number: '4111-1111-1111-1111' } },
        { ...flatForm, creditCard: { creditCardNumber: '4111 1111 1111 1111' } },
        { ...flatForm, credit_card: { credit_card_number: 4111111111111111 } },
        { ...flatForm, credit_card: { credit_card_cvv: 123 } },
        { ...flatForm, firstname: '4111111111111111' },
      ]
      for (const path of ['/checkout', '/v1/checkout/flat'])
        for (const form of forms) {
          const answer = await flat(buyer, path, form)
          refusedWith(answer, 'CARD_DATA_REFUSED', `${path} ${JSON.stringify(form)}`)
          assert.ok(!/4111/.test(answer.text + [...answer.headers.values()].join()), 'the refusal repeats the number')
        }
      problemOf(await flat(createApi(system.base), '/checkout', forms[0]), 'a stranger')
      assert.deepEqual(must(await buyer.get('/v1/orders'), 200).orders, [])
      const numbers = ['4111111111111111', '4111-1111-1111-1111', '4111 1111 1111 1111']
      assert.deepEqual(await tracesOf(system, numbers), [])
      assert.ok((await tracesOf(system, [buyer.email])).length > 0, 'the search finds nothing at all')
    })
  })
