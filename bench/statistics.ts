/** The p-th percentile of sorted values: the smallest that at least p % of them do not exceed. */
export const percentile = (sorted: ArrayLike<number>, p: number): number =>
  sorted[Math.max(Math.ceil((sorted.length * p) / 100) - 1, 0)] ?? 0

const medianOf = (values: readonly number[]): number => percentile(Float64Array.from(values).sort(), 50)

/** How much more the median of the last third of a series is than that of the second: 0.1 is a tenth more. */
export const growthOf = (series: readonly number[]): number => {
  const third = Math.floor(series.length / 3)
  if (third === 0) return Number.NaN
  return medianOf(series.slice(-third)) / medianOf(series.slice(-2 * third, -third)) - 1
}
