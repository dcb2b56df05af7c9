import type { Charge, CreateChargeRequest } from '@souk/contract/sandbox'
import { newId, newSecret } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { noSuchCharge, notPositive, otherAmount } from '../faults.ts'
import { toCharge } from '../store.ts'

/** Idempotent by payment id: the same key answers the same charge, whatever became of it. */
export const createCharge =
  ({ db, store, pageUrl, failpoint }: Deps) =>
  async (req: CreateChargeRequest): Promise<Charge> => {
    const { currency = '', amount = 0 } = req.amount ?? {}
    if (amount <= 0) throw notPositive()
    await store.insertCharge(db, {
      payment_id: req.paymentId,
      channel_reference: `sbx_${newId()}`,
      token: newSecret(),
      currency,
      amount,
      description: req.description,
      callback_url: req.callbackUrl,
      return_url: req.returnUrl,
    })
    await failpoint('sandbox.createCharge.afterCommit')
    const charge = await store.charge(db, req.paymentId)
    if (!charge) throw noSuchCharge()
    if (charge.currency !== currency || charge.amount !== amount) throw otherAmount()
    return toCharge(charge, pageUrl)
  }
