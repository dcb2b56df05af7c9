import type { Charge, GetChargeRequest } from '@souk/contract/sandbox'
import type { Deps } from '../deps.ts'
import { noSuchCharge } from '../faults.ts'
import { toCharge } from '../store.ts'

export const getCharge =
  ({ db, store, pageUrl }: Deps) =>
  async ({ paymentId }: GetChargeRequest): Promise<Charge> => {
    const charge = await store.charge(db, paymentId)
    if (!charge) throw noSuchCharge()
    return toCharge(charge, pageUrl)
  }
