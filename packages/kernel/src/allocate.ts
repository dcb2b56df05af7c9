import { fault } from './fault.ts'
import { safeInteger } from './money.ts'

/**
 * Splits a whole amount over weights so that the shares sum exactly to it (largest remainder; ties go to the earlier
 * place). Weights are whole and not negative; when all are zero, everything goes evenly. Works on BigInt inside, so
 * amount × weight may pass 2^53. Negative amounts are split like their absolute value.
 */
export const allocate = (amount: number, weights: readonly number[]): number[] => {
  const whole = BigInt(Math.abs(safeInteger(amount)))
  if (weights.length === 0) {
    if (amount === 0) return []
    throw fault('VALIDATION_FAILED', { reason: 'nothing to allocate to' })
  }
  if (weights.some((w) => !Number.isSafeInteger(w) || w < 0))
    throw fault('VALIDATION_FAILED', { reason: 'weights must be whole and not negative' })
  const given = weights.map(BigInt)
  const even = given.every((w) => w === 0n)
  const parts = even ? given.map(() => 1n) : given
  const total = parts.reduce((a, b) => a + b, 0n)
  const shares = parts.map((w) => (whole * w) / total)
  const rests = parts.map((w, place) => ({ place, rest: (whole * w) % total }))
  let left = Number(whole - shares.reduce((a, b) => a + b, 0n))
  // Sorting is stable: ties stay in the order of their places.
  rests.sort((a, b) => Number(b.rest - a.rest))
  for (const { place } of rests) {
    if (left-- <= 0) break
    shares[place] = (shares[place] ?? 0n) + 1n
  }
  return shares.map((share) => Number(amount < 0 ? -share : share))
}
