import { nothingWorth, notInOrder, tooManyUnits } from '../faults.ts'

/** A line as it was bought: `total` is what all its units cost together, in minor units. */
export type BoughtLine = { skuId: string; quantity: number; total: number }
export type LineQuantity = { skuId: string; quantity: number }

/**
 * What `units` of a line are worth when `before` of them were refunded already: whole shares, and the last unit takes
 * what division left over, so that refunding a line piece by piece gives back exactly its total.
 */
export const worth = ({ quantity, total }: BoughtLine, before: number, units: number): number => {
  const each = Math.floor(total / quantity)
  return before + units === quantity ? total - each * before : each * units
}

/** Equal SKUs of a request are one line, at the place where it first stood. */
const merged = (asked: readonly LineQuantity[]): (LineQuantity & { place: number })[] => {
  const lines = new Map<string, LineQuantity & { place: number }>()
  asked.forEach(({ skuId, quantity }, place) => {
    const known = lines.get(skuId)
    if (known) known.quantity += quantity
    else lines.set(skuId, { skuId, quantity, place })
  })
  return [...lines.values()]
}

/**
 * The amount of a refund by lines, in minor units, and its lines with equal SKUs summed. Throws VALIDATION_FAILED for a
 * SKU that was not bought, more units than are left, or lines worth nothing.
 */
export const priceLines = (
  bought: readonly BoughtLine[],
  refunded: ReadonlyMap<string, number>,
  asked: readonly LineQuantity[],
): { amount: number; lines: LineQuantity[] } => {
  const lines = merged(asked)
  const amounts = lines.map(({ skuId, quantity, place }) => {
    const line = bought.find((candidate) => candidate.skuId === skuId)
    if (!line) throw notInOrder(place)
    const before = refunded.get(skuId) ?? 0
    if (before + quantity > line.quantity) throw tooManyUnits(place)
    return worth(line, before, quantity)
  })
  const amount = amounts.reduce((a, b) => a + b, 0)
  if (amount <= 0) throw nothingWorth()
  return { amount, lines: lines.map(({ skuId, quantity }) => ({ skuId, quantity })) }
}
