import type { Charge, GetChargeRequest } from '@souk/contract/sandbox'
import { type Call, createBatcher } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { noSuchCharge } from '../faults.ts'
import { type ChargeRow, toCharge } from '../store.ts'

/** Questions that come at the same time share one read. */
export const getCharge = ({ db, store, pageUrl }: Deps) => {
  const reads = createBatcher<string, ChargeRow | undefined>({
    name: 'sandbox.charges',
    run: async (paymentIds) => {
      const charges = new Map((await store.charges(db, paymentIds)).map((charge) => [charge.payment_id, charge]))
      return paymentIds.map((id) => charges.get(id))
    },
  })
  return async ({ paymentId }: GetChargeRequest, call: Call): Promise<Charge> => {
    const charge = await reads.add(paymentId, call.deadline)
    if (!charge) throw noSuchCharge()
    return toCharge(charge, pageUrl)
  }
}
