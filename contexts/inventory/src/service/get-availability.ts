import type { GetAvailabilityAnswer, GetAvailabilityRequest } from '@souk/contract/inventory'
import type { Deps } from '../deps.ts'
import { noSuchSku } from '../faults.ts'

/** The public word only, never a number. */
export const getAvailability =
  ({ db, reads }: Deps) =>
  async ({ skuId }: GetAvailabilityRequest): Promise<GetAvailabilityAnswer> => {
    const availability = await reads.band(db, skuId)
    if (!availability) throw noSuchSku(skuId)
    return { skuId, availability }
  }
