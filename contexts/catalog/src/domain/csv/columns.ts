/** The columns of a product file that mean something here. */
export type Column =
  | 'handle'
  | 'title'
  | 'body'
  | 'vendor'
  | 'type'
  | 'tags'
  | 'published'
  | 'status'
  | 'option1Name'
  | 'option1Value'
  | 'option2Name'
  | 'option2Value'
  | 'option3Name'
  | 'option3Value'
  | 'sku'
  | 'grams'
  | 'quantity'
  | 'price'
  | 'compareAtPrice'
  | 'barcode'
  | 'imageSrc'
  | 'imagePosition'
  | 'imageAlt'
  | 'variantImage'

/** Titles as Shopify writes them, the older template first; this is also the order of an export. */
export const columnTitles: Record<Column, readonly string[]> = {
  handle: ['Handle', 'URL handle'],
  title: ['Title'],
  body: ['Body (HTML)', 'Description'],
  vendor: ['Vendor'],
  type: ['Type'],
  tags: ['Tags'],
  published: ['Published', 'Published on online store'],
  option1Name: ['Option1 Name'],
  option1Value: ['Option1 Value'],
  option2Name: ['Option2 Name'],
  option2Value: ['Option2 Value'],
  option3Name: ['Option3 Name'],
  option3Value: ['Option3 Value'],
  sku: ['Variant SKU', 'SKU'],
  grams: ['Variant Grams', 'Weight value (grams)'],
  quantity: ['Variant Inventory Qty', 'Inventory quantity'],
  price: ['Variant Price', 'Price'],
  compareAtPrice: ['Variant Compare At Price', 'Compare-at price'],
  barcode: ['Variant Barcode', 'Barcode'],
  imageSrc: ['Image Src', 'Product image URL'],
  imagePosition: ['Image Position'],
  imageAlt: ['Image Alt Text'],
  variantImage: ['Variant Image', 'Variant image URL'],
  status: ['Status'],
}

const columns = Object.keys(columnTitles) as Column[]

/** Where each known column stands in a file. */
export type Columns = Partial<Record<Column, number>>

const required: readonly Column[] = ['handle', 'title', 'price']

/** Columns of a header, or why the file cannot be a product file. Unknown columns do not matter. */
export const readHeader = (cells: readonly string[]): Columns | string => {
  const words = cells.map((cell) => cell.trim().toLowerCase())
  const found: Columns = {}
  for (const column of columns)
    for (const title of columnTitles[column]) {
      const place = words.indexOf(title.toLowerCase())
      if (place < 0 || found[column] !== undefined) continue
      if (words.lastIndexOf(title.toLowerCase()) !== place) return `the column ${title} is there twice`
      found[column] = place
    }
  const missing = required.filter((column) => found[column] === undefined)
  return missing.length === 0
    ? found
    : `missing columns: ${missing.map((column) => columnTitles[column][0]).join(', ')}`
}

/** The title to name in messages. */
export const titleOf = (column: Column): string => columnTitles[column][0]!

/** One record of a file with its ordinal number; the header is 1. */
export type Row = { number: number; cells: readonly string[] }

/**
 * A cell, trimmed; empty when the column or the cell is not there. The apostrophe that our own export puts before what a
 * spreadsheet would take for a formula is taken away again.
 */
export const cell = (columns: Columns, row: Row, column: Column): string => {
  const place = columns[column]
  return place === undefined ? '' : (row.cells[place] ?? '').trim().replace(/^'(?=[=+\-@])/, '')
}
