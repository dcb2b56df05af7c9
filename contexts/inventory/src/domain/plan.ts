import { type Books, free, type Hold } from './books.ts'

/** What is wanted: each SKU once. */
export type Line = { skuId: string; quantity: number }

/** The same SKU twice is one line with the sum; sorted, so that equal wishes are equal lists. */
export const sumLines = (lines: readonly Line[]): Line[] => {
  const sums = new Map<string, number>()
  for (const { skuId, quantity } of lines) sums.set(skuId, (sums.get(skuId) ?? 0) + quantity)
  return [...sums].map(([skuId, quantity]) => ({ skuId, quantity })).sort((a, b) => (a.skuId < b.skuId ? -1 : 1))
}

/** Whether a hold holds exactly this wish. */
export const sameLines = (held: readonly Line[], wanted: readonly Line[]): boolean => {
  const sums = sumLines(held)
  return (
    sums.length === wanted.length &&
    sums.every(({ skuId, quantity }, i) => wanted[i]!.skuId === skuId && wanted[i]!.quantity === quantity)
  )
}

export type PlannedLine = { skuId: string; warehouseId: string; quantity: number }
export type Plan = { lines: PlannedLine[] } | { skuId: string; available: number }

type Room = { warehouseId: string; quantity: number }

const roomFor = (books: Books, skuId: string, freed: Hold | undefined): Room[] =>
  (books.levels.get(skuId) ?? []).map((level) => {
    const back = freed?.lines.find((line) => line.skuId === skuId && line.warehouseId === level.warehouseId)
    return { warehouseId: level.warehouseId, quantity: Math.max(free(level) + (back?.quantity ?? 0), 0) }
  })

/** One warehouse when one suffices (the default before others), else the fewest in their order. */
const spread = ({ skuId, quantity }: Line, rooms: readonly Room[]): PlannedLine[] => {
  const one = rooms.find((room) => room.quantity >= quantity)
  if (one) return [{ skuId, warehouseId: one.warehouseId, quantity }]
  const lines: PlannedLine[] = []
  let left = quantity
  for (const room of rooms) {
    const taken = Math.min(room.quantity, left)
    if (taken > 0) lines.push({ skuId, warehouseId: room.warehouseId, quantity: taken })
    left -= taken
  }
  return lines
}

/**
 * Where each line would be taken from, or the first line that is short and how many there are. `freed` is a hold that
 * would be released first. Changes nothing.
 */
export const planLines = (books: Books, wanted: readonly Line[], freed?: Hold): Plan => {
  const lines: PlannedLine[] = []
  for (const line of wanted) {
    const rooms = roomFor(books, line.skuId, freed)
    const available = rooms.reduce((sum, room) => sum + room.quantity, 0)
    if (available < line.quantity) return { skuId: line.skuId, available }
    lines.push(...spread(line, rooms))
  }
  return { lines }
}
