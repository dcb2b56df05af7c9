import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ListProductsRequest, type Product, UpdateProductRequest } from '@souk/contract/catalog'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { cny, matrixInput, productInput, skuInput } from './products.ts'
import { codeOf, openShop } from './shop.ts'

describe('products', () => {
  let it: Awaited<ReturnType<typeof openShop>>
  before(async () => {
    it = await openShop()
  })
  after(() => it.close())

  const create = (more: Parameters<typeof productInput>[0] = {}) =>
    it.admin.createProduct(productInput({ publish: true, ...more }), it.staff())
  const update = (product: Product, more: Partial<UpdateProductRequest>) =>
    it.admin.updateProduct(
      UpdateProductRequest.fromPartial({ id: product.id, version: product.version, ...more }),
      it.staff(),
    )
  const list = (more: Partial<ListProductsRequest> = {}, locale: 'en' | 'zh-CN' = 'en') =>
    it.shop.listProducts(ListProductsRequest.fromPartial(more), it.app.as({ locale }))
  const get = (idOrSlug: string, locale: 'en' | 'zh-CN' = 'en') =>
    it.shop.getProduct({ idOrSlug }, it.app.as({ locale }))
  const quote = async (ids: string[], locale = 'en') =>
    (await it.prices.quoteSkus({ skuIds: ids, locale }, it.app.as({ service: 'order' }))).quotes

  test('when the create answers, the SKU is known to inventory, listed, readable and can be quoted', async () => {
    const made = await create({
      name: 'Halo headphones',
      brand: 'Kesten',
      description: '<p onclick=x>Hi<script>1</script></p>',
    })
    const [sku] = made.skus
    ok(sku)
    equal(it.inventory.stock.get(sku.id), 10)
    deepEqual(
      [made.state, made.slug, made.availability, made.description, made.version],
      ['PUBLISHED', 'halo-headphones', 'IN_STOCK', '<p>Hi</p>', 1],
    )
    equal((await get('halo-headphones')).id, made.id)
    equal((await get(made.id)).price?.amount, 19900)
    ok((await list()).products.some(({ id }) => id === made.id))
    const [frozen] = await quote([sku.id])
    deepEqual(
      [frozen?.price, frozen?.buyable, frozen?.availability, frozen?.productSlug],
      [cny(19900), true, 'IN_STOCK', 'halo-headphones'],
    )
    deepEqual(await it.factsOf(made), ['ProductPublished'])
  })

  test('a SKU without stock is known to inventory too and shown as sold out', async () => {
    const made = await create({ skus: [skuInput(newId(), { initialStock: undefined })] })
    equal(it.inventory.stock.get(made.skus[0]!.id), 0)
    equal(made.availability, 'OUT_OF_STOCK')
  })

  test('drafts do not exist for buyers and cannot be bought', async () => {
    const draft = await create({ name: 'Secret thing', publish: undefined })
    equal(await codeOf(get(draft.id)), 'NOT_FOUND')
    equal(await codeOf(get(draft.slug)), 'NOT_FOUND')
    equal((await list({ q: 'secret thing' })).products.length, 0)
    equal((await quote([draft.skus[0]!.id]))[0]?.buyable, false)
    equal((await it.admin.getProductForStaff({ idOrSlug: draft.id }, it.staff())).state, 'DRAFT')
    deepEqual(await it.factsOf(draft), [])
  })

  test('publish, unpublish, publish, archive: seen and unseen, each said once', async () => {
    const product = await create({ publish: false, name: 'Life of a thing' })
    const verb = { id: product.id }
    equal((await it.admin.publishProduct(verb, it.staff())).state, 'PUBLISHED')
    equal(await codeOf(it.admin.publishProduct(verb, it.staff())), 'ILLEGAL_TRANSITION')
    equal((await it.admin.unpublishProduct(verb, it.staff())).state, 'UNPUBLISHED')
    equal(await codeOf(get(product.id)), 'NOT_FOUND')
    equal(await codeOf(it.admin.unpublishProduct(verb, it.staff())), 'ILLEGAL_TRANSITION')
    equal((await it.admin.publishProduct(verb, it.staff())).state, 'PUBLISHED')
    await it.admin.archiveProduct(verb, it.staff())
    equal(await codeOf(get(product.id)), 'NOT_FOUND')
    equal(await codeOf(it.admin.publishProduct(verb, it.staff())), 'ILLEGAL_TRANSITION')
    equal(await codeOf(update(product, { name: 'x' })), 'ILLEGAL_TRANSITION')
    deepEqual(await it.factsOf(product), [
      'ProductPublished',
      'ProductUnpublished',
      'ProductPublished',
      'ProductUnpublished',
    ])
    const audits = await it.app.db.all<{ action: string }>(
      sql`select action from ${it.app.db.schema}.audit where target = ${`product:${product.id}`} order by at`,
    )
    deepEqual(
      audits.map(({ action }) => action),
      ['product.create', 'product.publish', 'product.unpublish', 'product.publish', 'product.archive'],
    )
  })

  test('unknown things are not found, whatever they look like', async () => {
    for (const id of [newId(), 'no-such-slug', "x' or 1=1 --", '😀']) {
      equal(await codeOf(get(id)), 'NOT_FOUND')
      equal(await codeOf(it.admin.publishProduct({ id }, it.staff())), 'NOT_FOUND')
      equal(
        await codeOf(it.admin.updateProduct(UpdateProductRequest.fromPartial({ id, version: 1 }), it.staff())),
        'NOT_FOUND',
      )
    }
  })

  test('buyers and other staff may not write', async () => {
    equal(await codeOf(it.admin.createProduct(productInput(), it.app.as({ user: newId() }))), 'FORBIDDEN')
    equal(
      await codeOf(it.admin.createProduct(productInput(), it.app.as({ user: newId(), roles: ['warehouse'] }))),
      'FORBIDDEN',
    )
    equal(await codeOf(it.admin.createProduct(productInput(), it.app.as({}))), 'UNAUTHENTICATED')
    equal(
      await codeOf(it.prices.quoteSkus({ skuIds: [], locale: '' }, it.app.as({ user: newId(), roles: ['admin'] }))),
      'FORBIDDEN',
    )
  })

  test('slugs: a clash of names gets a suffix, an asked one is refused, Chinese gets one by id', async () => {
    const first = await create({ name: 'Twin name' })
    const second = await create({ name: 'Twin name' })
    deepEqual([first.slug, second.slug], ['twin-name', 'twin-name-2'])
    equal(await codeOf(create({ slug: 'twin-name' })), 'SLUG_TAKEN')
    const chinese = await create({ name: '光环无线耳机' })
    ok(/^p-[0-9a-f]{12}$/.test(chinese.slug))
    equal((await get(chinese.slug)).name, '光环无线耳机')
    equal(await codeOf(update(second, { slug: 'twin-name' })), 'SLUG_TAKEN')
  })

  test('forty creates of one name at once all succeed under different slugs', async () => {
    const made = await Promise.all(Array.from({ length: 40 }, () => create({ name: 'Rush hour' })))
    equal(new Set(made.map(({ slug }) => slug)).size, 40)
  })

  test('a SKU code belongs to one product, also when twenty ask at once', async () => {
    const code = newId()
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => codeOf(create({ skus: [skuInput(code)] }))))
    deepEqual(outcomes.sort(), [...Array<string>(19).fill('SKU_CODE_TAKEN'), 'none'])
  })

  test('the same key creates once and answers the same', async () => {
    const call = () => it.staff({ user: '00000000-0000-7000-8000-000000000001', key: 'create-1' })
    const input = productInput({ publish: true })
    const [one, two] = await Promise.all([it.admin.createProduct(input, call()), it.admin.createProduct(input, call())])
    deepEqual(one, two)
    deepEqual(await it.admin.createProduct(input, call()), one)
  })

  test('inventory down: the create says so and leaves a draft that a timer brings to life', async () => {
    const input = productInput({ name: 'Patient thing', publish: true })
    const call = () => it.staff({ user: '00000000-0000-7000-8000-000000000002', key: 'create-2' })
    it.inventory.state.down = true
    equal(await codeOf(it.admin.createProduct(input, call())), 'UNAVAILABLE')
    const found = await it.admin.getProductForStaff({ idOrSlug: 'patient-thing' }, it.staff())
    equal(found.state, 'DRAFT')
    await it.app.runTimers({ all: true })
    equal((await it.admin.getProductForStaff({ idOrSlug: found.id }, it.staff())).state, 'DRAFT')
    it.inventory.state.down = false
    await it.app.runTimers({ all: true })
    deepEqual([(await get(found.id)).availability, it.inventory.stock.get(found.skus[0]!.id)], ['IN_STOCK', 10])
    equal((await it.admin.createProduct(input, call())).id, found.id)
  })

  test('inventory down, then the same key again: one product, published', async () => {
    const input = productInput({ publish: true })
    const call = () => it.staff({ user: '00000000-0000-7000-8000-000000000003', key: 'create-3' })
    it.inventory.state.down = true
    equal(await codeOf(it.admin.createProduct(input, call())), 'UNAVAILABLE')
    it.inventory.state.down = false
    const made = await it.admin.createProduct(input, call())
    equal(made.state, 'PUBLISHED')
    equal(await it.app.runTimers({ all: true }), 0)
  })

  test('inventory down, then publish by hand', async () => {
    it.inventory.state.down = true
    equal(
      await codeOf(it.admin.createProduct(productInput({ name: 'By hand', publish: true }), it.staff())),
      'UNAVAILABLE',
    )
    const { id } = await it.admin.getProductForStaff({ idOrSlug: 'by-hand' }, it.staff())
    equal(await codeOf(it.admin.publishProduct({ id }, it.staff())), 'UNAVAILABLE')
    it.inventory.state.down = false
    equal((await it.admin.publishProduct({ id }, it.staff())).state, 'PUBLISHED')
    deepEqual(await it.factsOf({ id }), ['ProductPublished'])
  })

  test('two editors: one wins, the other is told', async () => {
    const product = await create({ name: 'Contested' })
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((name) => codeOf(update(product, { name }))))
    deepEqual(outcomes.sort(), ['VERSION_CONFLICT', 'VERSION_CONFLICT', 'VERSION_CONFLICT', 'none'])
    equal((await get(product.id)).version, 2)
  })

  test('a price change is said with old and new, and quoted at once', async () => {
    const product = await create({ skus: [skuInput(newId(), { price: cny(1000), listPrice: cny(2000) })] })
    const [sku] = product.skus
    const changed = await update(product, { skus: [{ code: sku!.code, options: {}, price: cny(900) }] })
    deepEqual([changed.price, changed.listPrice, changed.version], [cny(900), cny(2000), 2])
    equal((await quote([sku!.id]))[0]?.price?.amount, 900)
    const fact = (await it.app.said()).find(
      ({ type, aggregateId }) => type === 'catalog.PriceChanged' && aggregateId === product.id,
    )
    deepEqual(fact?.payload, {
      productId: product.id,
      version: 2,
      skus: [{ skuId: sku!.id, oldPrice: cny(1000), newPrice: cny(900) }],
    })
  })

  test('text and price together are two facts, and nothing is none', async () => {
    const product = await create()
    const same = await update(product, { name: product.name })
    equal(same.version, 1)
    await update(product, { name: 'Renamed', skus: [{ code: product.skus[0]!.code, options: {}, price: cny(5) }] })
    deepEqual(await it.factsOf(product), ['ProductPublished', 'ProductChanged', 'PriceChanged'])
  })

  test('a SKU added by an edit is received and sold, a retired one is neither shown nor sold', async () => {
    const product = await it.admin.createProduct(matrixInput(['Clay', 'Ink'], ['40'], { publish: true }), it.staff())
    const code = newId()
    const more = await update(product, {
      skus: [
        { code, options: { Colour: 'Sage', Size: '40' }, price: cny(1), initialStock: 3 },
        { code: product.skus[0]!.code, options: {}, retired: true },
      ],
    })
    const added = more.skus.find((sku) => sku.code === code)
    deepEqual([more.skus.length, added?.availability, it.inventory.stock.get(added!.id)], [2, 'LOW', 3])
    deepEqual(more.options[0]?.values, ['Clay', 'Ink', 'Sage'])
    deepEqual(
      (await quote([product.skus[0]!.id, added!.id])).map(({ buyable }) => buyable),
      [false, true],
    )
    equal(more.price?.amount, 1)
  })

  test('attributes: absent stay, sent ones replace all, null takes them away', async () => {
    const product = await create({ attributes: { Material: 'Wool', Care: 'By hand' } })
    const renamed = await update(product, { name: 'Warm thing' })
    deepEqual(renamed.attributes, { Material: 'Wool', Care: 'By hand' })
    const changed = await update(renamed, { attributes: { ' Material ': 'Silk' } })
    deepEqual(changed.attributes, { Material: 'Silk' })
    deepEqual((await get(product.id)).attributes, { Material: 'Silk' })
    equal(await codeOf(update(changed, { attributes: { '': 'nothing' } })), 'VALIDATION_FAILED')
    deepEqual((await update(changed, { clear: ['attributes'] })).attributes, {})
  })

  test('values may change places between SKUs', async () => {
    const product = await it.admin.createProduct(matrixInput(['A', 'B'], ['1'], { publish: true }), it.staff())
    const [a, b] = product.skus
    const swapped = await update(product, {
      skus: [
        { code: a!.code, options: b!.options },
        { code: b!.code, options: a!.options },
      ],
    })
    deepEqual(
      swapped.skus.map(({ options }) => options.Colour),
      ['B', 'A'],
    )
  })
})
