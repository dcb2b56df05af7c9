import { holdsCard } from '@souk/kernel'
import { minorDigits, parseDecimal } from '../price.ts'
import { slugify, textHash } from '../slug.ts'
import { type Column, type Columns, cell, type Row, titleOf } from './columns.ts'
import type { Group } from './groups.ts'

/** Something to tell about a row of a file. */
export type RowNote = { row: number; field: string; message: string }

export type ParsedVariant = {
  row: number
  code: string
  /** Values in the order of the product's options. */
  values: string[]
  price: number
  /** Null: none; undefined, as for grams: the cell is blank. */
  listPrice: number | null | undefined
  grams: number | undefined
  quantity: number
  barcode: string
  image: string
}

export type ParsedPicture = { row: number; url: string; alt: string; position: number }

/** What a file says about one product. Undefined texts are blank cells. */
export type ParsedProduct = {
  slug: string
  handle: string
  row: number
  title: string | undefined
  body: string | undefined
  vendor: string | undefined
  type: string | undefined
  tags: string[] | undefined
  published: boolean | undefined
  optionNames: string[]
  variants: ParsedVariant[]
  pictures: ParsedPicture[]
  /** Rows that are refused, each with its first reason. */
  errors: RowNote[]
  warnings: RowNote[]
}

const wordOf = (handle: string): string => textHash(handle).toString(36) + textHash(`handle ${handle}`).toString(36)

/** The slug of a handle: itself when it can be one, else made from it, always the same and its own. */
export const slugOfHandle = (handle: string): string => {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(handle) && handle.length <= 120) return handle
  const slug = slugify(handle)
  return slug === '' || handle.length > 80 || /[^\x20-\x7e]/.test(handle) ? `${slug || 'p'}-${wordOf(handle)}` : slug
}

const longestTitle = 200
const longestBody = 100_000
const optionColumns = [
  ['option1Name', 'option1Value'],
  ['option2Name', 'option2Value'],
  ['option3Name', 'option3Value'],
] as const

const codePoints = (text: string): number => [...text].length

/** The code of a variant that the file gives none: handle and option values, upper case, joined by hyphens. */
const madeCode = (handle: string, values: readonly string[]): string =>
  [handle, ...values]
    .map((part) => part.trim().replace(/\s+/g, '-'))
    .join('-')
    .toUpperCase()

/** A row with a title or anything of a variant is one; others bring a further picture. */
const isVariant = (columns: Columns, row: Row): boolean =>
  (['title', 'option1Value', 'option2Value', 'option3Value', 'sku', 'price'] as const).some(
    (column) => cell(columns, row, column) !== '',
  )

const trueWords: Record<string, boolean> = { true: true, yes: true, '1': true, false: false, no: false, '0': false }

type Reading = { columns: Columns; digits: number; product: ParsedProduct }

const refuse = ({ product }: Reading, row: Row, column: Column, message: string): false => {
  if (!product.errors.some((error) => error.row === row.number))
    product.errors.push({ row: row.number, field: titleOf(column), message })
  return false
}

const warn = ({ product }: Reading, row: Row, column: Column, message: string): void =>
  void product.warnings.push({ row: row.number, field: titleOf(column), message })

const readPublished = (reading: Reading, row: Row): boolean | undefined => {
  const { columns } = reading
  const status = cell(columns, row, 'status').toLowerCase()
  if (status === 'draft' || status === 'archived') return false
  const word = cell(columns, row, 'published').toLowerCase()
  if (word === '') return status === 'active' ? true : undefined
  const published = Object.hasOwn(trueWords, word) ? trueWords[word] : undefined
  if (published === undefined) warn(reading, row, 'published', 'neither TRUE nor FALSE; left as it is')
  return published
}

const readTags = (reading: Reading, row: Row): string[] | undefined => {
  const text = cell(reading.columns, row, 'tags')
  if (text === '') return undefined
  const all = [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '')
  const tags = all.filter((tag) => tag.length <= 60).slice(0, 50)
  if (tags.length < all.length) warn(reading, row, 'tags', 'kept are 50 tags of at most 60 characters')
  return tags
}

/** Texts that somebody typed; bar codes and SKU codes are digits by nature. */
const typed: readonly Column[] = ['title', 'body', 'vendor', 'type', 'tags', 'imageAlt', ...optionColumns.flat()]

/** False, and told, when a card number stands in the row: nothing of it may be kept. */
const carriesNoCard = (reading: Reading, row: Row): boolean => {
  const column = typed.find((name) => holdsCard(cell(reading.columns, row, name)))
  return column === undefined || refuse(reading, row, column, 'card numbers are never accepted')
}

const optional = (text: string): string | undefined => (text === '' ? undefined : text)

/** The first row says what belongs to the whole product. False: no row of it can be taken. */
const readFirst = (reading: Reading, row: Row): boolean => {
  const { columns, product } = reading
  const text = (column: Column) => cell(columns, row, column)
  if (!carriesNoCard(reading, row)) return false
  if (codePoints(text('title')) > longestTitle)
    return refuse(reading, row, 'title', `must have at most ${longestTitle} characters`)
  if (codePoints(text('body')) > longestBody)
    return refuse(reading, row, 'body', `must have at most ${longestBody} characters`)
  if (codePoints(text('vendor')) > 100) return refuse(reading, row, 'vendor', 'must have at most 100 characters')
  if (codePoints(text('type')) > 100) return refuse(reading, row, 'type', 'must have at most 100 characters')
  product.title = optional(text('title'))
  product.body = optional(text('body'))
  product.vendor = optional(text('vendor'))
  product.type = optional(text('type'))
  product.tags = readTags(reading, row)
  product.published = readPublished(reading, row)
  const names = optionColumns.map(([name]) => text(name)).filter((name) => name !== '')
  const only =
    names.length === 1 && names[0]?.toLowerCase() === 'title' && text('option1Value').toLowerCase() === 'default title'
  product.optionNames = only ? [] : names
  if (product.slug !== product.handle) warn(reading, row, 'handle', `written as ${product.slug}`)
  return true
}

/** Spreadsheets mark digits that are text by an apostrophe. */
const withoutMark = (text: string): string => text.replace(/^'(?=\d)/, '')

const readAmount = (reading: Reading, row: Row, column: 'price' | 'compareAtPrice'): number | undefined =>
  parseDecimal(cell(reading.columns, row, column), reading.digits)

const readListPrice = (reading: Reading, row: Row, price: number): number | null | undefined => {
  if (cell(reading.columns, row, 'compareAtPrice') === '') return undefined
  const amount = readAmount(reading, row, 'compareAtPrice')
  if (amount === undefined) warn(reading, row, 'compareAtPrice', 'not a plain amount such as 1299.00; left out')
  else if (amount > price) return amount
  else if (amount > 0 && amount < price) warn(reading, row, 'compareAtPrice', 'lower than the price; left out')
  return null
}

const readWhole = (reading: Reading, row: Row, column: 'grams' | 'quantity'): number | undefined => {
  const text = cell(reading.columns, row, column)
  if (text === '') return undefined
  if (column === 'quantity' && /^-\d{1,9}$/.test(text)) {
    warn(reading, row, column, 'less than nothing; taken as 0')
    return 0
  }
  const match = /^(\d{1,9})(\.\d{1,6})?$/.exec(text)
  if (match && (column === 'grams' || /^(\.0+)?$/.test(match[2] ?? ''))) return Math.round(Number(text))
  warn(reading, row, column, 'not a whole number; left out')
  return undefined
}

const readVariant = (reading: Reading, row: Row): boolean => {
  const { columns, product } = reading
  const price = readAmount(reading, row, 'price')
  if (price === undefined)
    return refuse(
      reading,
      row,
      'price',
      cell(columns, row, 'price') === '' ? 'is missing' : 'must be a plain amount such as 1299.00',
    )
  const given = optionColumns.map(([, value]) => cell(columns, row, value)).filter((value) => value !== '')
  const single = product.optionNames.length === 0 && given.length === 1 && given[0]?.toLowerCase() === 'default title'
  const values = single ? [] : given
  const code = withoutMark(cell(columns, row, 'sku')) || madeCode(product.handle, values)
  if (code.length > 120) return refuse(reading, row, 'sku', 'must have at most 120 characters')
  product.variants.push({
    row: row.number,
    code,
    values,
    price,
    listPrice: readListPrice(reading, row, price),
    grams: readWhole(reading, row, 'grams'),
    quantity: readWhole(reading, row, 'quantity') ?? 0,
    barcode: withoutMark(cell(columns, row, 'barcode')).slice(0, 64),
    image: cell(columns, row, 'variantImage'),
  })
  return true
}

const readPicture = (reading: Reading, row: Row): void => {
  const { columns, product } = reading
  const url = cell(columns, row, 'imageSrc')
  if (url === '' || product.pictures.some((picture) => picture.url === url)) return
  const position = Number(cell(columns, row, 'imagePosition')) || product.pictures.length + 1
  product.pictures.push({ row: row.number, url, alt: cell(columns, row, 'imageAlt').slice(0, 500), position })
}

const isText = (row: Row): boolean => !row.cells.some((text) => /[\0\uFFFD]/.test(text))

const readRow = (reading: Reading, row: Row): void => {
  const { columns } = reading
  if (cell(columns, row, 'handle') === '') refuse(reading, row, 'handle', 'is missing')
  else if (!isText(row)) refuse(reading, row, 'handle', 'the row is not UTF-8 text')
  else if (!carriesNoCard(reading, row)) return
  else if (isVariant(columns, row)) {
    if (readVariant(reading, row)) readPicture(reading, row)
  } else readPicture(reading, row)
}

/** Reads the rows of one product; what is wrong with a row is told and the other rows are taken. */
export const parseGroup = (columns: Columns, group: Group, currency: string): ParsedProduct => {
  const [head] = group.rows
  const product: ParsedProduct = {
    slug: slugOfHandle(group.handle),
    handle: group.handle,
    row: head!.number,
    title: undefined,
    body: undefined,
    vendor: undefined,
    type: undefined,
    tags: undefined,
    published: undefined,
    optionNames: [],
    variants: [],
    pictures: [],
    errors: group.surplus.map((row) => ({
      row,
      field: titleOf('handle'),
      message: 'one product has at most 1,000 rows and 4 million characters',
    })),
    warnings: [],
  }
  const reading: Reading = { columns, digits: minorDigits(currency), product }
  if (group.handle !== '' && isText(head!) && !readFirst(reading, head!)) {
    refuseAll(product, group.rows, 'the first row of its product cannot be read')
    return product
  }
  for (const row of group.rows) readRow(reading, row)
  return product
}

/** Refuses every row that is not refused already. */
export const refuseAll = (product: ParsedProduct, rows: readonly { number: number }[], message: string): void => {
  const known = new Set(product.errors.map(({ row }) => row))
  for (const number of new Set(rows.map((row) => row.number)))
    if (!known.has(number)) product.errors.push({ row: number, field: titleOf('handle'), message })
  product.variants = []
  product.pictures = []
}
