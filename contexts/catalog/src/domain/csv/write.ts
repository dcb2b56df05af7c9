import { formatDecimal } from '../price.ts'
import { onSale, type ProductView, type Sku } from '../product.ts'
import { type Column, columnTitles, titleOf } from './columns.ts'

const columns = Object.keys(columnTitles) as Column[]

/** A cell that no spreadsheet takes for a formula, quoted where the format needs it. */
export const csvCell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** The first line of an export. */
export const csvHeader = (): string => csvLine(columns.map(titleOf))

type Cells = Partial<Record<Column, string>>

const optionCells = ({ options }: ProductView, sku: Sku, first: boolean): Cells => {
  if (options.length === 0) return { ...(first ? { option1Name: 'Title' } : {}), option1Value: 'Default Title' }
  const cells: Cells = {}
  options.forEach(({ name }, place) => {
    if (place > 2) return
    if (first) cells[`option${(place + 1) as 1 | 2 | 3}Name`] = name
    cells[`option${(place + 1) as 1 | 2 | 3}Value`] = sku.options[name] ?? ''
  })
  return cells
}

export type ExportContext = {
  digits: number
  /** Category id → the name that becomes the Type. */
  categoryNames: ReadonlyMap<string, string>
  /** Put before our own picture addresses. */
  publicUrl: string
}

const productCells = (view: ProductView, { categoryNames }: ExportContext): Cells => ({
  title: view.name,
  body: view.description,
  vendor: view.brand,
  type: categoryNames.get(view.categoryIds[0] ?? '') ?? '',
  tags: view.tags.join(', '),
  published: view.state === 'PUBLISHED' ? 'TRUE' : 'FALSE',
  status: view.state === 'ARCHIVED' ? 'archived' : view.state === 'DRAFT' ? 'draft' : 'active',
})

const skuCells = (sku: Sku, digits: number, address: (url: string) => string): Cells => ({
  sku: sku.code,
  grams: String(sku.weight),
  price: formatDecimal(sku.price, digits),
  compareAtPrice: sku.listPrice === undefined ? '' : formatDecimal(sku.listPrice, digits),
  barcode: sku.barcode,
  variantImage: address(sku.image),
})

/** The lines of one product: one per SKU on sale, further pictures on lines of their own. Stock is inventory's to tell. */
export const csvLines = (view: ProductView, context: ExportContext): string => {
  const address = (url: string) => (url.startsWith('/') ? context.publicUrl.replace(/\/+$/, '') + url : url)
  const skus = onSale(view.skus)
  let text = ''
  for (let line = 0; line < Math.max(skus.length, view.pictures.length); line++) {
    const sku = skus[line]
    const picture = view.pictures[line]
    const cells: Cells = {
      handle: view.slug,
      ...(line === 0 ? productCells(view, context) : {}),
      ...(sku ? { ...optionCells(view, sku, line === 0), ...skuCells(sku, context.digits, address) } : {}),
      ...(picture ? { imageSrc: address(picture.url), imagePosition: String(line + 1), imageAlt: picture.alt } : {}),
    }
    text += csvLine(columns.map((column) => cells[column] ?? ''))
  }
  return text
}
