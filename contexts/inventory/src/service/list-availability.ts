import type { ListAvailabilityAnswer, ListAvailabilityRequest, SkuAvailability } from '@souk/contract/inventory'
import { type Call, createBatcher } from '@souk/platform'
import type { Deps } from '../deps.ts'

/** Numbers and bands of known SKUs; unknown ones are left out. Questions that arrive together share one statement. */
export const listAvailability = ({ db, reads }: Deps) => {
  const questions = createBatcher<readonly string[], Map<string, SkuAvailability>>({
    name: 'availability',
    max: 200,
    bytesOf: (skuIds) => skuIds.length * 60,
    run: async (asked) => {
      const found = await reads.availability(db, [...new Set(asked.flat())])
      const bySku = new Map(found.map((row) => [row.skuId, row]))
      return asked.map(() => bySku)
    },
  })
  return async ({ skuIds }: ListAvailabilityRequest, call: Call): Promise<ListAvailabilityAnswer> => {
    if (skuIds.length === 0) return { skus: [] }
    const found = await questions.add(skuIds, call.deadline)
    return { skus: [...new Set(skuIds)].flatMap((skuId) => found.get(skuId) ?? []) }
  }
}
