import type { Charge, GetChargeRequest } from '@souk/contract/sandbox'
import type { Deps } from '../deps.ts'
import { mayVoid } from '../domain.ts'
import { noSuchCharge } from '../faults.ts'
import { toCharge } from '../store.ts'

/** Ends an undecided charge; a decided one, or one whose money is on its way, is answered as it is. */
export const voidCharge =
  ({ db, store, pageUrl }: Deps) =>
  async ({ paymentId }: GetChargeRequest): Promise<Charge> =>
    db.tx(async (tx) => {
      const charge = await store.lockCharge(tx, paymentId)
      if (!charge) throw noSuchCharge()
      if (!mayVoid({ status: charge.status, outcome: charge.outcome ?? undefined })) return toCharge(charge, pageUrl)
      const voided: typeof charge = { ...charge, status: 'VOIDED' }
      await store.decideCharges(tx, [{ charge: voided, callbacks: [] }])
      return toCharge(voided, pageUrl)
    })
