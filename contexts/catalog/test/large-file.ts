import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

const words = ['Clay', 'Ink', 'Sage', 'Mist', 'Rose', 'Honey', 'Plum', '陶土', '墨黑', '雾蓝']
const header =
  'Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price'

/** Writes a product file of so many rows: every fifth product has four sizes, the others one variant. */
export const writeLargeFile = async (path: string, rows: number): Promise<{ products: number }> => {
  const out = createWriteStream(path)
  out.write(`${header}\r\n`)
  let products = 0
  for (let row = 0; row < rows; ) {
    const n = products++
    const word = words[n % words.length]!
    const sizes = n % 5 === 0 ? ['S', 'M', 'L', 'XL'] : ['One']
    for (const size of sizes.slice(0, rows - row)) {
      const first = size === sizes[0]
      const texts = first
        ? [
            `${word} thing ${n}`,
            `"<p>A ${word} thing,\n made of <b>wool</b> & patience.</p>"`,
            `Brand ${n % 40}`,
            `Type ${n % 25}`,
            `"new, ${word}"`,
            'true',
            'Size',
          ]
        : ['', '', '', '', '', '', '']
      const line = [
        `thing-${n}`,
        ...texts,
        size,
        '',
        String(n % 9),
        `${n % 400}.${String(n % 100).padStart(2, '0')}`,
      ].join(',')
      if (!out.write(`${line}\r\n`)) await once(out, 'drain')
      row++
    }
  }
  out.end()
  await once(out, 'close')
  return { products }
}
