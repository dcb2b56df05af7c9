import type { DemoOption, DemoValue } from './parse-options.ts'

export type DemoSku = {
  /** Unique in the whole catalog. */
  code: string
  /** One English value per option, in the order of the options; empty where the product has none. */
  values: string[]
  /** Minor units, surcharges included. */
  price: number
  /** Minor units, surcharges included; always above `price`. */
  listPrice?: number
  /** Units on hand in the default warehouse. */
  stock: number
  /** Six hex digits of the chosen colour; absent where the object is as drawn. */
  colour?: string
}

/** From this many SKUs on, stock varies so that pickers show every state. */
const variedFrom = 9

/** Code of a SKU: slug and values, upper-case, joined by `-`. */
export const skuCode = (slug: string, values: readonly string[]): string =>
  [slug, ...values]
    // Codes stand in URLs and test ids, so blanks and signs inside a value ("30 × 30 cm") become joints too.
    .map((part) =>
      part
        .replaceAll(',', '')
        .replace(/[^\p{L}\p{N}.]+/gu, '-')
        .replace(/^-|-$/g, ''),
    )
    .join('-')
    .toUpperCase()

/**
 * Stock of the SKU at `position`, counted from 1, of a product with `count` SKUs:
 * from nine SKUs on every 7th is sold out and every 5th is low (the 35th is sold out).
 */
export const stockAt = (position: number, count: number, stock: number): number => {
  if (count < variedFrom) return stock
  if (position % 7 === 0) return 0
  if (position % 5 === 0) return Math.min(3, stock)
  return stock
}

/** Every combination of values; the last option changes fastest, as in a table read row by row. */
const combinations = (options: readonly DemoOption[]): DemoValue[][] =>
  options.reduce<DemoValue[][]>(
    (rows, option) => rows.flatMap((row) => option.values.map((value) => [...row, value])),
    [[]],
  )

/** The SKUs of one product, one per combination of its option values, exactly one where it has no options. */
export const combineSkus = (
  product: { slug: string; price: number; listPrice?: number; stock: number },
  options: readonly DemoOption[],
): DemoSku[] => {
  const rows = combinations(options)
  return rows.map((row, index) => {
    const values = row.map((value) => value.en)
    const surcharge = row.reduce((sum, value) => sum + value.surcharge, 0)
    const colour = row.find((value) => value.colour)?.colour
    return {
      code: skuCode(product.slug, values),
      values,
      price: product.price + surcharge,
      ...(product.listPrice === undefined ? {} : { listPrice: product.listPrice + surcharge }),
      stock: stockAt(index + 1, rows.length, product.stock),
      ...(colour === undefined ? {} : { colour }),
    }
  })
}
