import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  CreateCategoryRequest,
  ListAllProductsRequest,
  ListProductsRequest,
  type Product,
  UpdateProductRequest,
} from '@souk/contract/catalog'
import { faultOf, newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { cny, matrixInput, productInput, skuInput } from './products.ts'
import { codeOf, openShop } from './shop.ts'

describe('browsing', () => {
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

  test('both languages: names, options and quotes by the reader, base texts for staff', async () => {
    const words = { Colour: '颜色', Clay: '陶土' }
    const product = await it.admin.createProduct(
      matrixInput(['Clay'], ['40'], {
        name: 'Court sneaker',
        translations: { 'zh-CN': { name: '球场运动鞋', description: '<b>好</b><img src=x onerror=1>', words } },
        publish: true,
      }),
      it.staff(),
    )
    const zh = await get(product.id, 'zh-CN')
    deepEqual(
      [zh.name, zh.description, zh.options[0], zh.skus[0]?.options],
      ['球场运动鞋', '<b>好</b>', { name: '颜色', values: ['陶土'], colours: [''] }, { 颜色: '陶土', Size: '40' }],
    )
    deepEqual(zh.translations, {})
    equal((await get(product.id)).name, 'Court sneaker')
    const [frozen] = await quote([product.skus[0]!.id], 'zh-CN')
    deepEqual([frozen?.name, frozen?.options], ['球场运动鞋', { 颜色: '陶土', Size: '40' }])
    ok(
      (await list({ q: '运动鞋' }, 'zh-CN')).products.some(
        ({ id, name }) => id === product.id && name === '球场运动鞋',
      ),
    )
    const staff = await it.admin.getProductForStaff({ idOrSlug: product.id }, it.staff({ locale: 'zh-CN' }))
    deepEqual([staff.name, staff.translations['zh-CN']?.words], ['Court sneaker', words])
    const renamed = await update(staff, {
      translations: { 'zh-CN': { name: '新名', description: '', words: { Clay: '红陶' } } },
    })
    equal(renamed.version, 2)
    deepEqual((await quote([product.skus[0]!.id], 'zh-CN'))[0]?.options, { Colour: '红陶', Size: '40' })
  })

  test('stock bands: newer wins, older is ignored, the product shows the best, each change is said', async () => {
    const product = await it.admin.createProduct(matrixInput(['A', 'B'], ['1'], { publish: true }), it.staff())
    const [a, b] = product.skus
    await it.hearBand(a!.id, 'OUT_OF_STOCK', 5)
    await it.hearBand(b!.id, 'LOW', 2)
    await it.app.db.run(sql`delete from ${it.app.db.schema}.inbox`)
    await it.hearBand(a!.id, 'IN_STOCK', 4)
    const seen = await get(product.id)
    deepEqual([seen.availability, ...seen.skus.map(({ availability }) => availability)], ['LOW', 'OUT_OF_STOCK', 'LOW'])
    equal((await list({ q: product.name })).products.find(({ id }) => id === product.id)?.availability, 'LOW')
    deepEqual(await it.factsOf(product), ['ProductPublished', 'ShownAvailabilityChanged', 'ShownAvailabilityChanged'])
    equal(seen.version, 1)
    await it.hearBand(newId(), 'LOW', 1)
    await it.hearBand('not-an-id', 'LOW', 1)
  })

  test('bands and edits of one product at once lose nothing and every fact has its own version', async () => {
    const product = await it.admin.createProduct(
      matrixInput(['A', 'B', 'C', 'D'], ['1', '2'], { publish: true }),
      it.staff(),
    )
    let version = product.version
    const edits = async () => {
      for (let round = 0; round < 8; round++)
        version = (await update({ ...product, version }, { name: `Name ${round}` })).version
    }
    const bands = product.skus.map((sku) => it.hearBand(sku.id, 'OUT_OF_STOCK', 9))
    await Promise.all([edits(), ...bands])
    const seen = await get(product.id)
    deepEqual([seen.name, seen.availability, seen.version], ['Name 7', 'OUT_OF_STOCK', 9])
    const versions = (await it.app.said())
      .filter(({ aggregateId }) => aggregateId === product.id)
      .map(({ aggregateVersion }) => aggregateVersion)
    deepEqual(
      versions,
      versions.map((_, place) => place + 1),
    )
  })

  test('lists: every order, page by page, shows each product once, also those with equal prices', async () => {
    const brand = `Brand ${newId()}`
    const made = await Promise.all(
      Array.from({ length: 23 }, (_, n) =>
        create({ name: `Item ${String(n % 7)}`, brand, skus: [skuInput(newId(), { price: cny((n % 5) * 100) })] }),
      ),
    )
    for (const sort of ['newest', 'price', '-price', 'name']) {
      const seen: { id: string; price: number; name: string }[] = []
      for (let pageToken = ''; ; ) {
        const page = await list({ brandId: brand.toUpperCase(), sort, pageSize: 5, pageToken })
        seen.push(...page.products.map(({ id, price, name }) => ({ id, name, price: price!.amount })))
        pageToken = page.nextPageToken
        if (pageToken === '') break
      }
      deepEqual(seen.map(({ id }) => id).sort(), made.map(({ id }) => id).sort(), sort)
      if (sort === 'price')
        deepEqual(
          seen.map(({ price }) => price),
          seen.map(({ price }) => price).sort((x, y) => x - y),
        )
      if (sort === '-price')
        deepEqual(
          seen.map(({ price }) => price),
          seen.map(({ price }) => price).sort((x, y) => y - x),
        )
      if (sort === 'name')
        deepEqual(
          seen.map(({ name }) => name),
          seen.map(({ name }) => name).sort(),
        )
    }
    const cheap = await list({ brandId: brand, minPrice: 100, maxPrice: 200 })
    ok(cheap.products.length > 0 && cheap.products.every(({ price }) => price!.amount >= 100 && price!.amount <= 200))
    const { nextPageToken } = await list({ brandId: brand, sort: 'price', pageSize: 5 })
    equal(await codeOf(list({ brandId: brand, sort: 'name', pageToken: nextPageToken })), 'VALIDATION_FAILED')
    equal(await codeOf(list({ pageToken: 'nonsense' })), 'VALIDATION_FAILED')
  })

  test('q: every word must be there, wildcards and quotes are only themselves', async () => {
    const product = await create({ name: 'Fifty_percent 50% off "deal"', brand: 'Quirk' })
    const finds = async (q: string) => (await list({ q })).products.some(({ id }) => id === product.id)
    deepEqual(
      await Promise.all(
        [
          'fifty_percent',
          '50% QUIRK',
          '"deal"',
          product.skus[0]!.code,
          'fifty-percent',
          '5%f',
          "' or 1=1 --",
          'quirk nothing',
        ].map(finds),
      ),
      [true, true, true, true, false, false, false, false],
    )
  })

  test('categories: departments, their categories with products of all below, by id and by slug, in both languages', async () => {
    const category = (name: string, parentId?: string, names: Record<string, string> = {}) =>
      it.admin.createCategory({ name, parentId, names, attributes: [] }, it.staff())
    const home = await category('Home', undefined, { 'zh-CN': '家居' })
    const kitchen = await category('Kitchen', home.id)
    const pans = await category('Pans', kitchen.id)
    const product = await create({ categoryIds: [pans.id] })
    for (const wanted of [home.id, kitchen.slug, pans.id])
      deepEqual(
        (await list({ categoryId: wanted })).products.map(({ id }) => id),
        [product.id],
      )
    equal((await list({ categoryId: 'nothing' })).products.length, 0)
    const wear = await category('Wear')
    await it.admin.updateCategory(
      { id: kitchen.id, parentId: wear.id, names: {}, clear: [], attributes: [] },
      it.staff(),
    )
    deepEqual(
      [(await list({ categoryId: home.id })).products.length, (await list({ categoryId: wear.id })).products.length],
      [0, 1],
    )
    equal(
      await codeOf(
        it.admin.updateCategory({ id: wear.id, parentId: pans.id, names: {}, clear: [], attributes: [] }, it.staff()),
      ),
      'VALIDATION_FAILED',
    )
    equal(await codeOf(category('Orphan', newId())), 'VALIDATION_FAILED')
    equal(await codeOf(create({ categoryIds: [newId()] })), 'VALIDATION_FAILED')
    equal(
      await codeOf(it.admin.createCategory({ name: 'x', slug: 'home', names: {}, attributes: [] }, it.staff())),
      'SLUG_TAKEN',
    )
    const zh = await it.shop.listCategories({}, it.app.as({ locale: 'zh-CN' }))
    equal(zh.categories.find(({ id }) => id === home.id)?.name, '家居')
    equal(product.hue, pans.hue)
    const said = (await it.app.said()).filter(({ aggregateId }) => aggregateId === kitchen.id)
    deepEqual(
      said.map(({ type, aggregateVersion }) => [type, aggregateVersion]),
      [
        ['catalog.CategoriesChanged', 1],
        ['catalog.CategoriesChanged', 2],
      ],
    )
  })

  test('attribute templates: asked of new products and of changed descriptions, here and below', async () => {
    const wear = await it.admin.createCategory(
      CreateCategoryRequest.fromPartial({
        name: `Worn ${newId()}`,
        attributes: [
          { name: ' Material ', required: true },
          { name: 'Season', values: ['Summer', 'Winter'] },
        ],
      }),
      it.staff(),
    )
    deepEqual(
      wear.attributes.map(({ name, required, values }) => [name, required, values]),
      [
        ['Material', true, []],
        ['Season', false, ['Summer', 'Winter']],
      ],
    )
    const coats = await it.admin.createCategory(
      CreateCategoryRequest.fromPartial({ name: `Coats ${newId()}`, parentId: wear.id }),
      it.staff(),
    )
    const rulesOf = (work: Promise<unknown>) =>
      work.then(
        () => [],
        (error: unknown) => faultOf(error)?.violations.map(({ field, rule }) => `${field} ${rule}`),
      )
    const inCoats = (attributes: Record<string, string>) => create({ categoryIds: [coats.id], attributes })
    deepEqual(await rulesOf(inCoats({ Season: 'Monsoon' })), [
      'attributes attribute_missing',
      'attributes attribute_unknown',
    ])
    const coat = await inCoats({ Material: 'Wool', Season: 'Winter', Mood: 'grey' })
    deepEqual(await rulesOf(update(coat, { attributes: { Season: 'Winter' } })), ['attributes attribute_missing'])
    const later = { id: wear.id, names: {}, clear: [], attributes: [{ name: 'Care', required: true, values: [] }] }
    await it.admin.updateCategory(later, it.staff())
    const renamed = await update(coat, { name: 'Still sold' })
    deepEqual(await rulesOf(update(renamed, { attributes: { Material: 'Wool' } })), ['attributes attribute_missing'])
    const twice = { ...later, attributes: [...later.attributes, ...later.attributes] }
    deepEqual(await rulesOf(it.admin.updateCategory(twice, it.staff())), ['attributes[1].name unique'])
    await it.admin.updateCategory({ ...later, attributes: [], clear: ['attributes'] }, it.staff())
    deepEqual((await update(renamed, { attributes: { Mood: 'blue' } })).attributes, { Mood: 'blue' })
  })

  test('two moves that together would make a cycle: one of them is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = await Promise.all(
        ['A', 'B'].map((name) =>
          it.admin.createCategory({ name: `${name}${round}`, names: {}, attributes: [] }, it.staff()),
        ),
      )
      const under = (id: string, parentId: string) =>
        codeOf(it.admin.updateCategory({ id, parentId, names: {}, clear: [], attributes: [] }, it.staff()))
      const outcomes = await Promise.all([under(a!.id, b!.id), under(b!.id, a!.id)])
      deepEqual(outcomes.sort(), ['VALIDATION_FAILED', 'none'])
    }
  })

  test('500 SKUs are one create and one quote', async () => {
    const values = Array.from({ length: 25 }, (_, n) => `v${n}`)
    const made = await it.admin.createProduct(matrixInput(values, values.slice(0, 20), { publish: true }), it.staff())
    equal(made.skus.length, 500)
    const quotes = await quote([...made.skus.map(({ id }) => id), newId(), 'x'].slice(0, 500))
    equal(quotes.length, 500)
    deepEqual(
      await quote([newId(), 'x', made.skus[0]!.id, made.skus[0]!.id]).then((rows) => rows.map(({ skuId }) => skuId)),
      [made.skus[0]!.id],
    )
  })

  test('a price committed before a quote is asked is the price of the quote, under fire', async () => {
    let product = await create()
    const [sku] = product.skus
    let asking = true
    const others = Array.from({ length: 8 }, async () => {
      while (asking) await quote([sku!.id])
    })
    for (let amount = 1; amount <= 15; amount++) {
      product = await update(product, { skus: [{ code: sku!.code, options: {}, price: cny(amount) }] })
      equal((await quote([sku!.id]))[0]?.price?.amount, amount)
    }
    asking = false
    await Promise.all(others)
  })

  test('staff lists show every state, newest first, narrowed by state and words', async () => {
    const draft = await create({ name: 'Only staff sees me', publish: false })
    const ask = (more: Partial<ListAllProductsRequest>) =>
      it.admin.listAllProducts(ListAllProductsRequest.fromPartial(more), it.staff())
    equal((await ask({ pageSize: 1 })).products[0]?.id, draft.id)
    deepEqual(
      (await ask({ q: 'only staff', state: 'DRAFT' })).products.map(({ id }) => id),
      [draft.id],
    )
    equal((await ask({ q: 'only staff', state: 'PUBLISHED' })).products.length, 0)
    const first = await ask({ pageSize: 2 })
    const second = await ask({ pageSize: 2, pageToken: first.nextPageToken })
    notEqual(first.products[0]?.id, second.products[0]?.id)
    await rejects(ask({ pageToken: Buffer.from('["x"]').toString('base64url') }), { code: 'VALIDATION_FAILED' })
  })
})
