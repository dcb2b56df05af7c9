import { parse } from 'csv-parse/sync'
import { combineSkus, type DemoSku } from './combine-skus.ts'
import { type Bilingual, type DemoOption, parseOptions } from './parse-options.ts'

export type DemoProduct = {
  slug: string
  /** Slug of its category in `categories.json`. */
  category: string
  name: Bilingual
  brand: string
  /** File in the picture package the objects come from; the committed picture is named in `media/manifest.json`. */
  image: string
  /** Minor units of CNY before surcharges. */
  price: number
  /** Minor units, above `price`. */
  listPrice?: number
  grams: number
  /** The words of the tags column, the flash price left out. */
  tags: DemoTag[]
  /** Minor units during a flash sale, below `price`. */
  flashPrice?: number
  /** A candidate for the hero of the home page. */
  hero: boolean
  isNew: boolean
  /** Member of the gift collection. */
  gift: boolean
  /** At most one option has coloured values. */
  options: DemoOption[]
  skus: DemoSku[]
}

export type DemoTag = (typeof tagWords)[number]

const tagWords = ['new', 'hero', 'gift'] as const
const columns = [
  'slug',
  'category',
  'name_en',
  'name_zh',
  'brand',
  'image',
  'price',
  'list_price',
  'options',
  'stock',
  'grams',
  'tags',
] as const

type Row = Record<(typeof columns)[number], string>

const parseWhole = (column: string, text: string): number => {
  if (!/^(0|[1-9]\d{0,8})$/.test(text)) throw new Error(`${column} '${text}' is not a whole number`)
  return Number(text)
}

const parseText = (column: string, text: string, pattern: RegExp): string => {
  if (!pattern.test(text)) throw new Error(`${column} '${text}' does not match ${pattern}`)
  return text
}

const parseTags = (column: string): { tags: DemoTag[]; flashPrice?: number } => {
  const words = column === '' ? [] : column.split(' ')
  const flash = words.filter((word) => word.startsWith('flash='))
  const tags = words.filter((word) => !flash.includes(word)).map(parseTag)
  if (flash.length > 1 || new Set(tags).size < tags.length) throw new Error(`tags '${column}' repeat a word`)
  return flash[0] === undefined ? { tags } : { tags, flashPrice: parseWhole('flash', flash[0].slice('flash='.length)) }
}

const parseTag = (word: string): DemoTag => {
  const tag = tagWords.find((known) => known === word)
  if (!tag) throw new Error(`tag '${word}' is not one of ${tagWords.join(', ')}, flash=<minor units>`)
  return tag
}

const parsePrices = (row: Row, flashPrice: number | undefined): { price: number; listPrice?: number } => {
  const price = parseWhole('price', row.price)
  if (price === 0) throw new Error('price is zero')
  if (flashPrice !== undefined && flashPrice >= price) throw new Error('flash price is not below the price')
  if (row.list_price === '') return { price }
  const listPrice = parseWhole('list_price', row.list_price)
  if (listPrice <= price) throw new Error('list_price is not above the price')
  return { price, listPrice }
}

const parseProduct = (row: Row): DemoProduct => {
  const slug = parseText('slug', row.slug, /^[a-z0-9]+(-[a-z0-9]+)*$/)
  const { tags, flashPrice } = parseTags(row.tags)
  const prices = parsePrices(row, flashPrice)
  const options = parseOptions(row.options)
  return {
    slug,
    category: parseText('category', row.category, /^[a-z]+(-[a-z]+)*$/),
    name: { en: parseText('name_en', row.name_en, /\S/), zh: parseText('name_zh', row.name_zh, /\S/) },
    brand: parseText('brand', row.brand, /\S/),
    image: parseText('image', row.image, /^[0-9a-f]+(-[0-9a-f]+)*\.webp$/),
    ...prices,
    grams: parseWhole('grams', row.grams),
    tags,
    ...(flashPrice === undefined ? {} : { flashPrice }),
    hero: tags.includes('hero'),
    isNew: tags.includes('new'),
    gift: tags.includes('gift'),
    options,
    skus: combineSkus({ slug, ...prices, stock: parseWhole('stock', row.stock) }, options),
  }
}

const refuseRepeats = (what: string, values: readonly string[]) => {
  const seen = new Set<string>()
  for (const value of values) {
    if (seen.has(value)) throw new Error(`demo catalog: ${what} '${value}' appears twice`)
    seen.add(value)
  }
}

/**
 * Reads the demo catalog in the order of its rows. The file is ours and committed, so the first fault throws
 * a plain `Error` naming the product instead of collecting violations as the merchant's import does.
 */
export const parseDemoCatalog = (csv: string): DemoProduct[] => {
  const rows = parse(csv, { bom: true, columns: checkHeader }) as Row[]
  const products = rows.map((row) => {
    try {
      return parseProduct(row)
    } catch (cause) {
      throw new Error(`demo catalog: ${row.slug}: ${(cause as Error).message}`, { cause })
    }
  })
  const codes = products.flatMap((product) => product.skus.map((sku) => sku.code))
  refuseRepeats(
    'slug',
    products.map((product) => product.slug),
  )
  refuseRepeats('SKU code', codes)
  return products
}

const checkHeader = (header: string[]): string[] => {
  if (header.join() !== columns.join()) throw new Error(`demo catalog: columns must be ${columns.join()}`)
  return header
}
