/** Works through a list with at most `width` things under way; the results stand in the list's order. */
export const inParallel = async <T, R>(
  list: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: Math.min(width, list.length) }, async () => {
      for (let place = next++; place < list.length; place = next++) results[place] = await work(list[place]!)
    }),
  )
  return results
}
