/** The columns of the files in these tests. */
export const head =
  'Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Alt Text'
const columns = head.split(',')
/** A line of a product file from named cells. */
export const line = (cells: Record<string, string>): string =>
  columns.map((column) => `"${(cells[column] ?? '').replaceAll('"', '""')}"`).join(',')
/** A product file of these lines. */
export const file = (...lines: Record<string, string>[]): string => `${[head, ...lines.map(line)].join('\r\n')}\r\n`
/** A line that is a product by itself. */
export const simple = (Handle: string, more: Record<string, string> = {}) => ({
  Handle,
  Title: Handle,
  'Option1 Name': 'Title',
  'Option1 Value': 'Default Title',
  'Variant Price': '50',
  'Variant Inventory Qty': '7',
  ...more,
})
