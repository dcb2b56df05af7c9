import type { ProductOption, Sku } from '@souk/contract/catalog'

/** Chosen values in the order of the product's options. */
export type Selection = readonly string[]

export type ValueState = 'available' | 'sold-out' | 'missing'

/** The SKUs of a product by their combination of values; built once per product. */
export type OptionMatrix = {
  options: readonly ProductOption[]
  skus: readonly Sku[]
  byValues: ReadonlyMap<string, Sku>
}

const keyOf = (selection: Selection): string => selection.join('\u0000')

const sells = (sku: Sku | undefined): boolean => sku !== undefined && sku.availability !== 'OUT_OF_STOCK'

/** The values of a SKU in the order of the options. */
export const selectionOf = (options: readonly ProductOption[], sku: Sku): Selection =>
  options.map(({ name }) => sku.options[name] ?? '')

export const buildMatrix = (options: readonly ProductOption[], skus: readonly Sku[]): OptionMatrix => ({
  options,
  skus,
  byValues: new Map(skus.map((sku) => [keyOf(selectionOf(options, sku)), sku])),
})

/** The SKU a page opens on: the one asked for by code, else the first that can be bought, else the first. */
export const openingSku = ({ skus }: OptionMatrix, code: string | undefined): Sku | undefined =>
  skus.find((sku) => sku.code === code) ?? skus.find(sells) ?? skus[0]

export const skuAt = ({ byValues }: OptionMatrix, selection: Selection): Sku | undefined =>
  byValues.get(keyOf(selection))

const withValue = (selection: Selection, option: number, value: string): Selection =>
  selection.map((old, place) => (place === option ? value : old))

/** How a value looks beside the other chosen values. */
export const stateOf = (matrix: OptionMatrix, selection: Selection, option: number, value: string): ValueState => {
  const sku = skuAt(matrix, withValue(selection, option, value))
  if (!sku) return 'missing'
  return sells(sku) ? 'available' : 'sold-out'
}

export type Choice = {
  sku: Sku
  /** Options that had to move because the combination does not exist; by place. */
  moved: readonly number[]
}

/**
 * What choosing a value leads to. The new value is kept; when the combination does not exist, the other options move to
 * the existing SKU that shares most of them, one that can be bought before one that is sold out.
 */
export const choose = (
  matrix: OptionMatrix,
  selection: Selection,
  option: number,
  value: string,
): Choice | undefined => {
  const wished = withValue(selection, option, value)
  const exact = skuAt(matrix, wished)
  if (exact) return { sku: exact, moved: [] }
  let best: { sku: Sku; values: Selection; score: number } | undefined
  for (const sku of matrix.skus) {
    const values = selectionOf(matrix.options, sku)
    if (values[option] !== value) continue
    const kept = values.filter((one, place) => one === wished[place]).length
    const score = kept * 2 + (sells(sku) ? 1 : 0)
    if (!best || score > best.score) best = { sku, values, score }
  }
  if (!best) return undefined
  const { sku, values } = best
  return { sku, moved: values.flatMap((one, place) => (one === wished[place] ? [] : [place])) }
}
