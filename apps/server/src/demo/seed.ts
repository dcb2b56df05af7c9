import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CreateProductRequest } from '@souk/contract/catalog'
import { faultOf } from '@souk/kernel'
import { type Host, systemCall } from '@souk/platform'
import { type DemoProduct, parseDemoCatalog } from './parse-catalog.ts'

const folder = fileURLToPath(new URL('../../demo/', import.meta.url))

type Words = { en: string; zh: string }
type Departments = {
  departments: { slug: string; name: Words; categories: { slug: string; name: Words; hue: number; cover: string }[] }[]
}
type Manifest = {
  files: Record<string, { width: number; height: number; cutout: boolean }>
  products: Record<string, { image: string; colours: Record<string, string> }>
}
type Pictures = Map<string, string>

const readJson = async <T>(name: string): Promise<T> => JSON.parse(await readFile(join(folder, name), 'utf8'))

/** Several at once, so that disk, database and this process overlap. */
const width = 4
const eachOf = async <T>(list: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const waiting = list.values()
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of waiting) await work(item)
    }),
  )
}

/** Puts the pictures in place as they are; answers file → address. */
const placePictures = async (
  host: Host,
  names: readonly string[],
  { files }: Pick<Manifest, 'files'>,
): Promise<Pictures> => {
  const catalog = host.client('catalog.CatalogAdminService', 'seed')
  const pictures: Pictures = new Map()
  await eachOf([...new Set(names)], async (name) => {
    const made = files[name]
    if (!made) throw new Error(`demo picture ${name} is not in the manifest`)
    const media = await catalog.placeMedia({ path: join(folder, 'media', name), ...made }, systemCall('seed'))
    pictures.set(name, media.url)
  })
  return pictures
}

/** Departments and categories; answers slug → id. */
const createCategories = async (
  host: Host,
  { departments }: Departments,
  pictures: Pictures,
): Promise<Map<string, string>> => {
  const catalog = host.client('catalog.CatalogAdminService', 'seed')
  const ids = new Map<string, string>()
  for (const [position, department] of departments.entries()) {
    const { slug, name, categories } = department
    const parent = await catalog.createCategory(
      { name: name.en, slug, position, names: { 'zh-CN': name.zh }, attributes: [] },
      systemCall('seed'),
    )
    for (const [place, category] of categories.entries()) {
      const made = await catalog.createCategory(
        {
          name: category.name.en,
          slug: category.slug,
          parentId: parent.id,
          hue: category.hue,
          position: place,
          image: pictures.get(category.cover),
          names: { 'zh-CN': category.name.zh },
          attributes: [],
        },
        systemCall('seed'),
      )
      ids.set(category.slug, made.id)
    }
  }
  return ids
}

const sentence = (product: DemoProduct): Words => ({
  en: `<p>${product.name.en} by ${product.brand}. One of the objects this demo shop is stocked with.</p>`,
  zh: `<p>${product.brand} 出品的${product.name.zh}。演示商店的陈列商品之一。</p>`,
})

const toRequest = (
  product: DemoProduct,
  currency: string,
  manifest: Manifest,
  pictures: Pictures,
  categoryId: string | undefined,
): CreateProductRequest => {
  const { image, colours } = manifest.products[product.slug] ?? { image: '', colours: {} }
  const address = (file: string | undefined) => (file ? pictures.get(file) : undefined)
  const words = Object.fromEntries(
    product.options.flatMap(({ name, values }) => [[name.en, name.zh], ...values.map((value) => [value.en, value.zh])]),
  )
  const text = sentence(product)
  return {
    name: product.name.en,
    slug: product.slug,
    description: text.en,
    brand: product.brand,
    categoryIds: categoryId ? [categoryId] : [],
    options: product.options.map(({ name, values }) => ({
      name: name.en,
      values: values.map((value) => value.en),
      colours: values.some(({ colour }) => colour)
        ? values.map(({ colour }) => (colour ? `#${colour.replace('#', '')}` : ''))
        : [],
    })),
    skus: product.skus.map((sku) => ({
      code: sku.code,
      options: Object.fromEntries(product.options.map(({ name }, place) => [name.en, sku.values[place] ?? ''])),
      price: { currency, amount: sku.price },
      listPrice: sku.listPrice === undefined ? undefined : { currency, amount: sku.listPrice },
      initialStock: sku.stock,
      weight: product.grams,
      image: address(sku.values.map((value) => colours[value]).find(Boolean)),
    })),
    images: [...new Set([image, ...Object.values(colours)])].flatMap((file) => address(file) ?? []),
    tags: product.tags,
    attributes: {},
    translations: { 'zh-CN': { name: product.name.zh, description: text.zh, words } },
    publish: true,
  }
}

/** Fills an empty catalog with the demo shop; answers how many products were made (0: there were some already). */
export const seedDemo = async (
  host: Host,
  options: { currency: string; log: (line: string) => void },
): Promise<number> => {
  const catalog = host.client('catalog.CatalogAdminService', 'seed')
  const some = await catalog.listAllProducts(
    { pageSize: 1, pageToken: '', q: '', state: 'UNSPECIFIED' as never },
    systemCall('seed'),
  )
  if (some.products.length > 0) return 0
  const began = performance.now()
  const products = parseDemoCatalog(await readFile(join(folder, 'catalog.csv'), 'utf8'))
  const manifest = await readJson<Manifest>('media/manifest.json')
  const departments = await readJson<Departments>('categories.json')
  const covers = departments.departments.flatMap(({ categories }) => categories.map(({ cover }) => cover))
  const files = products.flatMap(({ slug }) => [
    manifest.products[slug]?.image ?? '',
    ...Object.values(manifest.products[slug]?.colours ?? {}),
  ])
  const pictures = await placePictures(host, [...covers, ...files].filter(Boolean), manifest)
  const categories = await createCategories(host, departments, pictures)
  // Backwards, so that the newest products are the first of the file.
  await eachOf(products.toReversed(), async (product) => {
    const request = toRequest(product, options.currency, manifest, pictures, categories.get(product.category))
    await catalog.createProduct(request, systemCall('seed', { deadlineMs: 30_000 })).catch((error: unknown) => {
      const reasons = faultOf(error)?.violations.map(({ field, message }) => `${field}: ${message}`)
      throw new Error(`demo product ${product.slug}: ${reasons?.join('; ') || String(error)}`, { cause: error })
    })
  })
  options.log(`demo catalog: ${products.length} products in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  return products.length
}
